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
#include "boot/downgrade.h"

/* One run of the bootloader. */
struct run {
    const struct boot_setup *setup;
    enum boot_reset_cause cause;
    struct boot_record stored; /* as it is in flash */
    struct boot_record next;   /* as it will be before anything is started */
    bool uncertain;            /* a part could not be read: write nothing */
    bool alone;                /* there is nothing to go back to */
    enum slot judged;          /* the slot that `verdict` is about */
    struct image_verdict verdict;
};

static void tell(const struct run *run, enum boot_note_kind kind, enum slot s,
                 enum boot_act act)
{
    const struct boot_report *report = run->setup->report;

    if (report)
        report->note(report->ctx,
                     &(struct boot_note){kind, s, boot_phase(&run->next), act,
                                         run->cause, run->verdict.why});
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

/* Would starting this candidate take the version back? */
static bool is_step_down(const struct run *run, enum slot s)
{
    const struct boot_record *r = &run->next;

    return !run->alone && s != r->active && boot_preferred(r) == s &&
           !downgrade_may_run(&run->verdict.info.version, run->setup->flash,
                              r->active);
}

/* What is against a whole and signed image, given what the record says. */
static uint32_t objection(struct run *run, enum slot s)
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
    if (is_step_down(run, s))
        return image_refuse(v, OTA_ERR_DOWNGRADE, WHY_DOWNGRADE);
    return BOOT_YES;
}

/* May this slot run? Fills run->verdict and says why not. */
static uint32_t judge(struct run *run, enum slot s)
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
    tell(run, NOTE_REFUSED, s, ACT_NONE);
    return BOOT_NO;
}

static enum boot_event fallback_event(const struct run *run, enum slot s)
{
    return boot_is_proven(&run->next, s, image_mark(&run->verdict.info))
               ? EV_FALLBACK_CONFIRMED
               : EV_FALLBACK_UNPROVEN;
}

/* Look at the preferred slot, and at the other one only if that is refused.
 * *refusal: why the first was. */
static enum boot_event look(struct run *run, ota_err *refusal)
{
    enum slot s = boot_preferred(&run->next), active = run->next.active;

    *refusal = OTA_OK;
    if (judge(run, s) == BOOT_YES)
        return EV_PREFERRED_GOOD;
    *refusal = run->verdict.error;
    if (judge(run, slot_other(s)) == BOOT_YES)
        return fallback_event(run, slot_other(s));
    /* A lower version is better than none. */
    run->alone = true;
    if (*refusal == OTA_ERR_DOWNGRADE && judge(run, s) == BOOT_YES)
        return EV_PREFERRED_GOOD;
    if (*refusal != OTA_ERR_STATE && run->verdict.error != OTA_ERR_STATE)
        return EV_NONE_GOOD;
    /* What took the confirmed image's place is the only one left. */
    run->next.marks[active - 1] = MARK_UNKNOWN;
    if (judge(run, active) != BOOT_YES)
        return EV_NONE_GOOD;
    return active == s ? EV_PREFERRED_GOOD : EV_FALLBACK_CONFIRMED;
}

/* ---- the record and the mailbox ---- */

static bool save(struct run *run)
{
    if (boot_record_same(&run->stored, &run->next))
        return true;
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES && !run->uncertain; i++)
        if (boot_record_store(run->setup->flash, &run->next) == OTA_OK) {
            run->stored = run->next;
            return true;
        }
    tell(run, NOTE_UNSAVED, run->next.active, ACT_NONE);
    return false;
}

static bool settle(const struct run *run)
{
    const struct boot_mailbox *box = run->setup->mailbox;

    if (!box)
        return true;
    if (!run->uncertain && box->settle(run->setup->flash, &run->next) == OTA_OK)
        return true;
    tell(run, NOTE_UNSAVED, run->next.active, ACT_NONE);
    return false;
}

static void happen(struct run *run, enum boot_event ev,
                   const struct boot_facts *facts)
{
    struct boot_rule rule = boot_rule(&run->next, ev);

    tell(run, NOTE_ACT, slot_other(run->next.active), rule.act);
    boot_apply(&run->next, &rule, facts);
}

/* One message from the mailbox. An application speaks for itself, but this
 * one ran before the reset: what it leaves in the record must come from an
 * image that has just been verified. */
static void obey(struct run *run, enum boot_event ev, uint8_t nxp_type)
{
    const struct image_info *i = &run->verdict.info;
    enum boot_act act = boot_rule(&run->next, ev).act;
    struct boot_facts facts = {.nxp_type = nxp_type};

    if (act != ACT_CONFIRM && act != ACT_ARM)
        return;
    if (judge(run, boot_running(&run->next)) == BOOT_YES) {
        facts.version = i->version;
        facts.counter = i->security_counter;
        facts.mark = image_mark(i);
    } else if (act == ACT_CONFIRM) {
        return;
    }
    happen(run, ev, &facts);
}

/* Messages go into the record before anything else happens, so that the
 * mailbox may be written over at any time after this. */
void boot_mail_take(struct run *run)
{
    struct boot_mail mail = {false, false, 0};

    if (run->setup->mailbox->collect(run->setup->flash, &run->next, &mail) !=
        OTA_OK)
        run->uncertain = true;
    if (mail.confirm)
        obey(run, EV_CONFIRM, 0);
    if (mail.arm)
        obey(run, EV_ARM, mail.type);
    if (!save(run))
        run->uncertain = true; /* the message must stay where it is */
}

/* The image that an act's outcome is about. */
static enum slot about(const struct run *run, enum boot_act act)
{
    bool active = act == ACT_SWITCH || act == ACT_LAST_RESORT;

    return active ? run->next.active : slot_other(run->next.active);
}

/* What the record may have to say about it; a refused image may be anything. */
static void facts_find(const struct run *run, enum boot_act act,
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
static bool decide(struct run *run)
{
    struct boot_facts facts = {.cause = run->cause, .mark = MARK_NONE};
    enum boot_event ev = look(run, &facts.error);

    if (ev == EV_NONE_GOOD) {
        tell(run, NOTE_NONE_GOOD, run->next.active, ACT_NONE);
        return false;
    }
    facts_find(run, boot_rule(&run->next, ev).act, &facts);
    happen(run, ev, &facts);
    return true;
}

/* Bring what is to run to where it can. false: what was good is not so there.
 */
static bool place(struct run *run)
{
    uint8_t where = slot_bit(boot_running(&run->next));
    ota_err e = OTA_ERR_IO;

    if (run->uncertain ||
        (!boot_place_pending(&run->next) && (BOOT_PLACES & where) != 0))
        return true;
    tell(run, NOTE_EXCHANGE, run->next.active, ACT_NONE);
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES && e != OTA_OK; i++)
        e = boot_place(run->setup->flash, &run->next);
    if (e != OTA_OK || !save(run)) {
        run->uncertain = true; /* and go() does what can still be done */
        return true;
    }
    return judge(run, boot_running(&run->next)) == BOOT_YES;
}

static void start(struct boot_choice *out, struct run *run, enum slot s,
                  bool trial)
{
    if (run->judged != s || twice(&run->verdict) != BOOT_YES ||
        (BOOT_PLACES & slot_bit(s)) == 0)
        return;
    tell(run, NOTE_START, s, ACT_NONE);
    *out = (struct boot_choice){BOOT_YES, s, trial, run->verdict.info};
}

/* run->next says what is to run: make it true, and run it. */
static void go(struct boot_choice *out, struct run *run)
{
    const struct boot_record *r = &run->next;
    bool trial = r->state == BOOT_TRIAL;

    /* The mailbox first: when the record says TRIAL, nothing from before the
     * trial is left in there that could be taken for a confirmation. */
    if ((settle(run) || !trial) && save(run)) {
        start(out, run, boot_running(r), trial);
        return;
    }
    /* No record, no trial: it could never be ended. A proven image may run,
     * because a flash that refused three writes refuses the application's
     * calls as well (spec/boot-record.md section 5). */
    if (!trial || judge(run, r->active) == BOOT_YES)
        start(out, run, r->active, false);
}

void boot_choose(struct boot_choice *out, const struct boot_setup *setup,
                 enum boot_reset_cause cause)
{
    struct run run = {.setup = setup, .cause = cause};
    bool decided;
    ota_err e;

    *out = (struct boot_choice){.boot = BOOT_NO, .slot = SLOT_1};
    tell(&run, NOTE_HELLO, SLOT_1, ACT_NONE);
    e = boot_record_load(setup->flash, &run.stored);
    if (e == OTA_ERR_IO) {
        tell(&run, NOTE_UNREADABLE, SLOT_1, ACT_NONE);
        return;
    }
    run.next = run.stored;
    run.uncertain = e != OTA_OK;
    if (setup->mailbox)
        setup->mailbox->take(&run);
    if (run.uncertain)
        tell(&run, NOTE_UNCERTAIN, run.next.active, ACT_NONE);
    /* Power that went while the slots were being exchanged took no start from
     * an image, and what to do was decided before. */
    decided = boot_place_pending(&run.next);
    if (!decided && (cause == RESET_POWER_ON || cause == RESET_UNKNOWN) &&
        run.next.power_tries_left > 0)
        happen(&run, EV_POWER_ON, NULL);
    if (!decided)
        tell(&run, NOTE_WANTED, run.next.active, ACT_NONE);
    for (uint32_t i = 0; i < BOOT_FLASH_TRIES; i++) {
        if (!decided && !decide(&run))
            return;
        if (place(&run))
            break;
        decided = false;
    }
    go(out, &run);
}
