/* boot.c - what the bootloader does between reset and the jump. Start at
 * boot_choose().
 *
 * The decisions are the table in boot_step.c, the reasons for them are in
 * spec/boot-record.md section 4.
 * Tests: test/unit/boot/test_boot.c, test/sweep/boot_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot.h"

#include "base/text.h"
#include "boot/boot_limits.h"
#include "boot/boot_record.h"
#include "boot/boot_step.h"

/* One run of the bootloader; all borrowed. */
struct run {
    const struct port_flash *flash;
    const struct image_keys *keys;
    const struct port_log *log;
    struct boot_record record;    /* as it is in flash */
    struct image_verdict verdict; /* of the slot judged last */
};

static void say(const struct run *run, const char *line)
{
    if (run->log)
        run->log->line(run->log->ctx, line);
}

static const char *slot_text(enum slot s)
{
    return s == SLOT_1 ? "slot 1" : "slot 2";
}

static void say_refused(const struct run *run, enum slot s)
{
    char line[BOOT_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    text_add(&t, slot_text(s));
    text_add(&t, " refused: ");
    text_add(&t, run->verdict.why);
    text_add(&t, " (");
    text_add(&t, ota_err_text(run->verdict.error));
    text_add(&t, ")");
    say(run, line);
}

/* In the SBL's words: what the record asks for. */
static void say_wanted(const struct run *run)
{
    switch (boot_phase(&run->record)) {
    case PHASE_ARMED:
    case PHASE_RETRY:
        say(run, "Remap type: test");
        return;
    case PHASE_SPENT:
        say(run, "Remap type: revert");
        return;
    case PHASE_STEADY:
    case PHASE_COUNT:
        break;
    }
    say(run, "Remap type: none");
}

static const char *cause_text(enum boot_reset_cause c)
{
    switch (c) {
    case RESET_POWER_ON:
        return "power-on";
    case RESET_SOFTWARE:
        return "software reset";
    case RESET_WATCHDOG:
        return "watchdog reset";
    case RESET_PIN:
        return "reset pin";
    case RESET_UNKNOWN:
        break;
    }
    return "reset of unknown cause";
}

/* Why the record changes. ACT_REJECT has been said by say_refused(). */
static void say_act(const struct run *run, enum boot_act act,
                    enum boot_reset_cause cause)
{
    char line[BOOT_LINE_MAX];
    struct text t = text_in(line, sizeof line);
    const char *other = slot_text(slot_other(run->record.active));

    text_add(&t, other);
    if (act == ACT_GO_BACK) {
        text_add(&t, " did not confirm before this ");
        text_add(&t, cause_text(cause));
        text_add(&t, ": going back");
    } else if (act == ACT_TRY) {
        text_add(&t, " is on trial: it must confirm");
    } else if (act == ACT_SWITCH) {
        text_add(&t, " takes over: it was confirmed once");
    } else if (act == ACT_LAST_RESORT) {
        text_add(&t, " never confirmed, but it is all there is: on trial");
    } else {
        return;
    }
    say(run, line);
}

/* The answer is a pattern, asked for twice, so that one skipped or disturbed
 * instruction does not start an image that was refused. */
static uint32_t twice(const struct image_verdict *v)
{
    const volatile uint32_t *boot = &v->boot;

    if (*boot != BOOT_YES || v->error != OTA_OK)
        return BOOT_NO;
    if (*boot == BOOT_YES)
        return BOOT_YES;
    return BOOT_NO;
}

/* May this slot run? Fills run->verdict and says why not. */
static uint32_t judge(struct run *run, enum slot s)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, run->flash, s);
    struct image_verdict *v = &run->verdict;

    image_verify(v, &src, run->keys);
    /* The floor keeps signed but withdrawn images from being installed. An
     * image that is proven was installed before the floor rose, and refusing
     * it could only leave the device without any. */
    if (v->boot == BOOT_YES &&
        v->info.security_counter < run->record.security_floor &&
        !boot_is_proven(&run->record, s)) {
        v->boot = BOOT_NO;
        v->error = OTA_ERR_ROLLBACK;
        v->why = "security counter is below the floor";
    }
    if (twice(v) == BOOT_YES)
        return BOOT_YES;
    say_refused(run, s);
    return BOOT_NO;
}

/* Look at the preferred slot, and at the other one only if that is refused.
 * *refusal: why the first was. */
static enum boot_event look(struct run *run, ota_err *refusal)
{
    enum slot s = boot_preferred(&run->record);

    *refusal = OTA_OK;
    if (judge(run, s) == BOOT_YES)
        return EV_PREFERRED_GOOD;
    *refusal = run->verdict.error;
    s = slot_other(s);
    if (judge(run, s) != BOOT_YES)
        return EV_NONE_GOOD;
    return boot_is_proven(&run->record, s) ? EV_FALLBACK_CONFIRMED
                                           : EV_FALLBACK_UNPROVEN;
}

/* The version in a slot's header, or zero: a refused image may be anything. */
static struct version version_in(const struct run *run, enum slot s)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, run->flash, s);
    struct image_info info;

    if (image_parse(&info, &src, NULL) != OTA_OK)
        return (struct version){0};
    return info.version;
}

/* The image that an act's outcome is about. */
static enum slot about(const struct run *run, enum boot_act act)
{
    bool active = act == ACT_SWITCH || act == ACT_LAST_RESORT;

    return active ? run->record.active : slot_other(run->record.active);
}

static bool save(const struct run *run, const struct boot_record *next)
{
    if (boot_record_same(&run->record, next))
        return true;
    for (uint32_t i = 0; i < BOOT_STORE_TRIES; i++)
        if (boot_record_store(run->flash, next) == OTA_OK)
            return true;
    say(run, "boot record: the flash refuses the write; replace the board");
    return false;
}

static void start(struct boot_choice *out, struct run *run, enum slot s,
                  bool trial)
{
    if (twice(&run->verdict) != BOOT_YES)
        return;
    say(run, s == SLOT_1 ? "The image now in PRIMARY_SLOT slot"
                         : "The image now in SECONDARY_SLOT slot");
    *out = (struct boot_choice){BOOT_YES, s, trial, run->verdict.info};
}

void boot_choose(struct boot_choice *out, const struct port_flash *f,
                 const struct image_keys *keys, enum boot_reset_cause cause,
                 const struct port_log *log)
{
    struct run run = {.flash = f, .keys = keys, .log = log};
    struct boot_facts facts = {.cause = cause};
    struct boot_record next;
    struct boot_rule rule;
    enum boot_event ev;

    *out = (struct boot_choice){.boot = BOOT_NO, .slot = SLOT_1};
    say(&run, "hello sbl.");
    say(&run, "Bootloader Version " TERN_VERSION);
    if (boot_record_load(f, &run.record) != OTA_OK) {
        say(&run, "boot record: the flash cannot be read");
        return;
    }
    say_wanted(&run);
    ev = look(&run, &facts.error);
    if (ev == EV_NONE_GOOD) {
        say(&run, "nothing can run: load a signed image into slot 1");
        return;
    }

    rule = boot_rule(&run.record, ev);
    say_act(&run, rule.act, cause);
    if (rule.act != ACT_NONE)
        facts.version = version_in(&run, about(&run, rule.act));
    next = run.record;
    boot_apply(&next, &rule, &facts);
    if (save(&run, &next)) {
        start(out, &run, boot_running(&next), next.state == BOOT_TRIAL);
        return;
    }
    /* No record, no trial: it could never be ended. A proven image may run,
     * because a flash that refused three writes refuses the application's
     * calls as well (spec/boot-record.md section 5). */
    if (next.state == BOOT_TRIAL && judge(&run, next.active) != BOOT_YES)
        return;
    start(out, &run, next.active, false);
}
