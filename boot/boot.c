/* boot.c - what the bootloader does between reset and the jump. Start at
 * boot_choose().
 *
 * The decisions are the table in boot_step.c, the reasons for them are in
 * spec/boot-record.md section 4.
 * Tests: test/unit/boot/test_boot.c, test/sweep/boot_cut.c,
 * test/sweep/mailbox_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot.h"

#include "boot/boot_limits.h"
#include "boot/boot_place.h"
#include "boot/boot_run.h"
#include "boot/downgrade.h"

void boot_tell(const struct boot_run *run, enum boot_note_kind kind)
{
    const struct boot_report *report = run->setup->report;

    if (report)
        report->note(report->ctx, kind, run);
}

/* ---- verification ---- */

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

/* What is against a whole and signed image, given what the record says. */
static uint32_t objection(struct boot_run *run, enum slot s)
{
    const struct boot_record *r = &run->next;
    struct image_verdict *v = &run->verdict;

    /* The floor keeps signed but withdrawn images from being installed. An
     * image that is proven was installed before the floor rose, and refusing
     * it could only leave the device without any. */
    if (v->info.security_counter < r->security_floor &&
        !boot_is_proven(r, s, image_mark(&v->info)))
        return image_refuse(v, OTA_ERR_ROLLBACK, WHY_BELOW_FLOOR);
    /* Firmware that cannot be told no has installed over the image to which a
     * trial goes back (NXP defect W5). */
    if (r->state == BOOT_TRIAL && s == r->active &&
        !boot_mark_fits(r, s, image_mark(&v->info)))
        return image_refuse(v, OTA_ERR_STATE, WHY_OVERWRITTEN);
    if (!run->alone &&
        downgrade_is_refused(r, s, &v->info.version, run->setup->flash))
        return image_refuse(v, OTA_ERR_DOWNGRADE, WHY_DOWNGRADE);
    return BOOT_YES;
}

uint32_t boot_judge(struct boot_run *run, enum slot s)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, run->setup->flash, s);
    struct image_verdict *v = &run->verdict;

    run->judged = s;
    image_verify(v, &src, run->setup->keys);
    /* Both must say yes: the reason for a refusal is not written over by an
     * answer that was disturbed. test_sbl_skip.py has seen that happen. */
    if (twice(v) == BOOT_YES)
        v->boot = objection(run, s);
    if (twice(v) == BOOT_YES)
        return BOOT_YES;
    boot_tell(run, NOTE_REFUSED);
    return BOOT_NO;
}

static enum boot_event fallback_event(const struct boot_run *run, enum slot s)
{
    return boot_is_proven(&run->next, s, image_mark(&run->verdict.info))
               ? EV_FALLBACK_CONFIRMED
               : EV_FALLBACK_UNPROVEN;
}

/* Look at the preferred slot, and at the other one only if that is refused.
 * *refusal: why the first was. */
static enum boot_event look(struct boot_run *run, ota_err *refusal)
{
    enum slot s = boot_preferred(&run->next), active = run->next.active;

    *refusal = OTA_OK;
    if (boot_judge(run, s) == BOOT_YES)
        return EV_PREFERRED_GOOD;
    *refusal = run->verdict.error;
    if (boot_judge(run, slot_other(s)) == BOOT_YES)
        return fallback_event(run, slot_other(s));
    /* A lower version is better than none. */
    run->alone = true;
    if (*refusal == OTA_ERR_DOWNGRADE && boot_judge(run, s) == BOOT_YES)
        return EV_PREFERRED_GOOD;
    if (*refusal != OTA_ERR_STATE && run->verdict.error != OTA_ERR_STATE)
        return EV_NONE_GOOD;
    /* What took the confirmed image's place is the only one left. */
    run->next.marks[active - 1] = MARK_UNKNOWN;
    if (boot_judge(run, active) != BOOT_YES)
        return EV_NONE_GOOD;
    return active == s ? EV_PREFERRED_GOOD : EV_FALLBACK_CONFIRMED;
}

/* ---- the record and the mailbox ---- */

bool boot_save(struct boot_run *run)
{
    if (boot_record_same(&run->stored, &run->next))
        return true;
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES && !run->uncertain; i++)
        if (boot_record_store(run->setup->flash, &run->next) == OTA_OK) {
            run->stored = run->next;
            return true;
        }
    boot_tell(run, NOTE_UNSAVED);
    return false;
}

static bool settle(const struct boot_run *run)
{
    const struct boot_mailbox *box = run->setup->mailbox;

    if (!box)
        return true;
    if (!run->uncertain && box->settle(run->setup->flash, &run->next) == OTA_OK)
        return true;
    boot_tell(run, NOTE_UNSAVED);
    return false;
}

void boot_happen(struct boot_run *run, enum boot_event ev,
                 const struct boot_facts *facts)
{
    struct boot_rule rule = boot_rule(&run->next, ev);

    run->act = rule.act;
    boot_tell(run, NOTE_ACT);
    boot_apply(&run->next, &rule, facts);
}

/* The image that an act's outcome is about. */
static enum slot about(const struct boot_run *run, enum boot_act act)
{
    bool active = act == ACT_SWITCH || act == ACT_LAST_RESORT;

    return active ? run->next.active : slot_other(run->next.active);
}

/* What the record may have to say about it; a refused image may be anything. */
static void facts_find(const struct boot_run *run, enum boot_act act,
                       struct boot_facts *facts)
{
    struct boot_slot_source slot;
    struct image_source src =
        boot_slot_source(&slot, run->setup->flash, about(run, act));
    struct image_info info;

    if (act == ACT_NONE || image_parse(&info, &src, NULL) != OTA_OK)
        return;
    facts->version = info.version;
    facts->mark = image_mark(&info);
}

/* Decide: verify what the record wants, and change `next` by what was found.
 * false: nothing can run. */
static bool decide(struct boot_run *run)
{
    struct boot_facts facts = {.cause = run->cause, .mark = MARK_NONE};
    enum boot_event ev = look(run, &facts.error);

    if (ev == EV_NONE_GOOD) {
        boot_tell(run, NOTE_NONE_GOOD);
        return false;
    }
    facts_find(run, boot_rule(&run->next, ev).act, &facts);
    boot_happen(run, ev, &facts);
    return true;
}

static void start(struct boot_choice *out, struct boot_run *run, enum slot s,
                  bool trial)
{
    if (run->judged != s || twice(&run->verdict) != BOOT_YES ||
        (BOOT_PLACES & slot_bit(s)) == 0)
        return;
    boot_tell(run, NOTE_START);
    *out = (struct boot_choice){BOOT_YES, s, trial, run->verdict.info};
}

/* run->next says what is to run: make it true, and run it. */
static void go(struct boot_choice *out, struct boot_run *run)
{
    const struct boot_record *r = &run->next;
    bool trial = r->state == BOOT_TRIAL;

    /* The mailbox first: when the record says TRIAL, nothing from before the
     * trial is left in there that could be taken for a confirmation. */
    if ((settle(run) || !trial) && boot_save(run)) {
        start(out, run, boot_running(r), trial);
        return;
    }
    /* No record, no trial: it could never be ended. A proven image may run,
     * because a flash that refused three writes refuses the application's
     * calls as well (spec/boot-record.md section 5). */
    if (!trial || boot_judge(run, r->active) == BOOT_YES)
        start(out, run, r->active, false);
}

void boot_choose(struct boot_choice *out, const struct boot_setup *setup,
                 enum boot_reset_cause cause)
{
    struct boot_run run = {.setup = setup, .cause = cause};
    bool decided;
    ota_err e;

    *out = (struct boot_choice){.boot = BOOT_NO, .slot = SLOT_1};
    boot_tell(&run, NOTE_HELLO);
    e = boot_record_load(setup->flash, &run.stored);
    if (e == OTA_ERR_IO) {
        boot_tell(&run, NOTE_UNREADABLE);
        return;
    }
    run.next = run.stored;
    run.uncertain = e != OTA_OK;
    if (setup->mailbox)
        setup->mailbox->take(&run);
    if (run.uncertain)
        boot_tell(&run, NOTE_UNCERTAIN);
    /* Power that went while the slots were being exchanged took no start from
     * an image, and what to do was decided before. */
    decided = boot_place_pending(&run.next);
    if (!decided && (cause == RESET_POWER_ON || cause == RESET_UNKNOWN) &&
        run.next.power_tries_left > 0)
        boot_happen(&run, EV_POWER_ON, NULL);
    if (!decided)
        boot_tell(&run, NOTE_WANTED);
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES; i++) {
        if (!decided && !decide(&run))
            return;
        if (boot_place(&run))
            break;
        decided = false;
    }
    go(out, &run);
}
