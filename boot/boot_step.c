/* boot_step.c - the boot state machine. Start at RULES: it is the diagram.
 *
 * Why each rule is so: spec/boot-record.md section 4.
 * Tests: test/unit/boot/test_boot_step.c, test/sweep/boot_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot_step.h"

#include "boot/boot_limits.h"

/* A pair that is not listed changes nothing: all is well, or nothing can run
 * and the record waits for a person with a cable.
 *
 * Each change of the record is written before the image that it speaks of is
 * started, so a cut before the write repeats the decision and a cut after it
 * finds it made. */
static const struct {
    enum boot_state to;
    enum boot_act act;
} RULES[PHASE_COUNT][BOOT_EVENT_COUNT] = {
    /* clang-format off */
    [PHASE_STEADY][EV_FALLBACK_CONFIRMED] = { BOOT_STEADY, ACT_SWITCH },
    [PHASE_STEADY][EV_FALLBACK_UNPROVEN]  = { BOOT_TRIAL,  ACT_LAST_RESORT },
    [PHASE_STEADY][EV_ARM]                = { BOOT_ARMED,  ACT_ARM },
    [PHASE_STEADY][EV_RELEASE]            = { BOOT_STEADY, ACT_WITHDRAW },

    [PHASE_ARMED][EV_PREFERRED_GOOD]      = { BOOT_TRIAL,  ACT_TRY },
    [PHASE_ARMED][EV_FALLBACK_CONFIRMED]  = { BOOT_STEADY, ACT_REJECT },
    [PHASE_ARMED][EV_ARM]                 = { BOOT_ARMED,  ACT_ARM },
    [PHASE_ARMED][EV_RELEASE]             = { BOOT_STEADY, ACT_WITHDRAW },

    [PHASE_RETRY][EV_POWER_ON]            = { BOOT_TRIAL,  ACT_GIVE_BACK },
    [PHASE_RETRY][EV_PREFERRED_GOOD]      = { BOOT_TRIAL,  ACT_TRY },
    [PHASE_RETRY][EV_FALLBACK_CONFIRMED]  = { BOOT_STEADY, ACT_REJECT },
    [PHASE_RETRY][EV_ARM]                 = { BOOT_TRIAL,  ACT_REFUSE },
    [PHASE_RETRY][EV_RELEASE]             = { BOOT_TRIAL,  ACT_REFUSE },
    [PHASE_RETRY][EV_CONFIRM]             = { BOOT_STEADY, ACT_CONFIRM },

    [PHASE_SPENT][EV_POWER_ON]            = { BOOT_TRIAL,  ACT_GIVE_BACK },
    [PHASE_SPENT][EV_PREFERRED_GOOD]      = { BOOT_STEADY, ACT_GO_BACK },
    [PHASE_SPENT][EV_FALLBACK_UNPROVEN]   = { BOOT_TRIAL,  ACT_LAST_RESORT },
    [PHASE_SPENT][EV_ARM]                 = { BOOT_TRIAL,  ACT_REFUSE },
    [PHASE_SPENT][EV_RELEASE]             = { BOOT_TRIAL,  ACT_REFUSE },
    [PHASE_SPENT][EV_CONFIRM]             = { BOOT_STEADY, ACT_CONFIRM },
    /* clang-format on */
};

/*@ predicate row_ok(integer p) =
      \forall integer e; 0 <= e < BOOT_EVENT_COUNT ==>
          pair_ok(p, e, RULES[p][e].to, RULES[p][e].act); */

enum boot_phase boot_phase(const struct boot_record *r)
{
    switch (r->state) {
    case BOOT_ARMED:
        return PHASE_ARMED;
    case BOOT_TRIAL:
        return r->tries_left > 0 ? PHASE_RETRY : PHASE_SPENT;
    case BOOT_STEADY:
        break;
    }
    return PHASE_STEADY;
}

enum slot boot_preferred(const struct boot_record *r)
{
    enum boot_phase p = boot_phase(r);

    return p == PHASE_ARMED || p == PHASE_RETRY ? slot_other(r->active)
                                                : r->active;
}

enum slot boot_running(const struct boot_record *r)
{
    return r->state == BOOT_TRIAL ? slot_other(r->active) : r->active;
}

bool boot_mark_fits(const struct boot_record *r, enum slot s, uint32_t mark)
{
    uint32_t was = r->marks[s - 1];

    return was == mark || was == MARK_UNKNOWN;
}

bool boot_is_proven(const struct boot_record *r, enum slot s, uint32_t mark)
{
    return s == r->active || ((r->confirmed_slots & slot_bit(s)) != 0 &&
                              boot_mark_fits(r, s, mark));
}

struct boot_rule boot_rule(const struct boot_record *r, enum boot_event ev)
{
    enum boot_phase p = boot_phase(r);
    struct boot_rule rule = {p, ev, RULES[p][ev].to, RULES[p][ev].act};

    //@ assert row_ok(PHASE_STEADY) && row_ok(PHASE_ARMED);
    //@ assert row_ok(PHASE_RETRY) && row_ok(PHASE_SPENT);
    if (rule.act == ACT_NONE)
        rule.to = r->state;
    return rule;
}

/*@ requires \valid(r) && facts_ok(facts) && \separated(r, facts);
    assigns r->outcome, r->outcome_reported, r->outcome_version,
            r->outcome_error, r->outcome_cause;
    ensures r->outcome == outcome && r->outcome_cause <= RESET_PIN; */
static void outcome_set(struct boot_record *r, enum boot_outcome outcome,
                        const struct boot_facts *facts)
{
    r->outcome = outcome;
    r->outcome_reported = false;
    r->outcome_version = facts->version;
    r->outcome_error = outcome == OUTCOME_REJECTED ? facts->error : OTA_OK;
    r->outcome_cause =
        outcome == OUTCOME_CONFIRMED ? RESET_UNKNOWN : facts->cause;
}

/*@ requires \valid(r);
    assigns r->outcome, r->outcome_reported, r->outcome_version,
            r->outcome_error, r->outcome_cause;
    ensures r->outcome == OUTCOME_NONE && r->outcome_error == OTA_OK &&
            r->outcome_cause == RESET_UNKNOWN; */
static void outcome_clear(struct boot_record *r)
{
    r->outcome = OUTCOME_NONE;
    r->outcome_reported = false;
    r->outcome_version = (struct version){0};
    r->outcome_error = OTA_OK;
    r->outcome_cause = RESET_UNKNOWN;
}

/*@ requires \valid(r);
    assigns r->security_floor;
    ensures r->security_floor == \max(\old(r->security_floor), counter); */
static void floor_raise(struct boot_record *r, uint32_t counter)
{
    if (counter > r->security_floor)
        r->security_floor = counter;
}

/*@ requires \valid(r);
    assigns r->tries_left, r->power_tries_left;
    ensures r->tries_left == tries && r->power_tries_left == power_tries; */
static void tries_set(struct boot_record *r, uint8_t tries, uint8_t power_tries)
{
    r->tries_left = tries;
    r->power_tries_left = power_tries;
}

/*@ requires \valid(r) && record_ok(r) && facts_ok(facts);
    requires \separated(r, facts);
    assigns r->tries_left, r->power_tries_left, r->confirmed_slots,
            r->marks[0], r->marks[1], r->security_floor, r->nxp_type,
            r->outcome, r->outcome_reported, r->outcome_version,
            r->outcome_error, r->outcome_cause;
    ensures r->tries_left == BOOT_TRIES && record_ok(r);
    ensures r->state == \old(r->state) && r->active == \old(r->active);
    ensures r->power_tries_left == BOOT_POWER_TRIES;
    ensures r->security_floor >= \old(r->security_floor); */
static void arm(struct boot_record *r, const struct boot_facts *facts)
{
    tries_set(r, BOOT_TRIES, BOOT_POWER_TRIES);
    /* The factory image has never confirmed, so this is where it becomes a
     * confirmed one. The candidate is unproven whatever its slot held. */
    r->confirmed_slots = slot_bit(r->active);
    r->marks[r->active - 1] = facts->mark;
    floor_raise(r, facts->counter);
    outcome_clear(r);
    if (facts->nxp_type != 0)
        r->nxp_type = facts->nxp_type;
}

/*@ requires \valid(r) && SLOT_1 <= r->active <= SLOT_2;
    requires r->confirmed_slots <= 3;
    assigns r->confirmed_slots, r->marks[0], r->marks[1];
    ensures r->confirmed_slots <= 3; */
static void slot_confirm(struct boot_record *r, uint32_t mark)
{
    r->confirmed_slots |= slot_bit(r->active);
    r->marks[r->active - 1] = mark;
}

/*@ requires \valid(r) && record_ok(r) && facts_ok(facts);
    requires \separated(r, facts) && r->state == BOOT_TRIAL;
    assigns r->tries_left, r->power_tries_left, r->confirmed_slots, r->active,
            r->marks[0], r->marks[1], r->security_floor,
            r->outcome, r->outcome_reported, r->outcome_version,
            r->outcome_error, r->outcome_cause;
    ensures r->active == slot_beside(\old(r->active)) && record_ok(r);
    ensures r->tries_left == 0 && r->power_tries_left == 0;
    ensures r->security_floor >= \old(r->security_floor); */
static void confirm(struct boot_record *r, const struct boot_facts *facts)
{
    r->active = slot_other(r->active);
    slot_confirm(r, facts->mark);
    tries_set(r, 0, 0);
    floor_raise(r, facts->counter);
    /* A trial of last resort has an outcome already, and it is the one that
     * the server must hear. */
    if (r->outcome == OUTCOME_NONE)
        outcome_set(r, OUTCOME_CONFIRMED, facts);
}

/*@ requires \valid(r) && record_ok(r) && facts_ok(facts);
    requires \separated(r, facts) && r->state != BOOT_ARMED;
    assigns r->tries_left, r->power_tries_left, r->marks[0], r->marks[1],
            r->outcome, r->outcome_reported, r->outcome_version,
            r->outcome_error, r->outcome_cause;
    ensures record_ok(r) && r->tries_left <= \old(r->tries_left);
    ensures r->state == \old(r->state) && r->active == \old(r->active);
    ensures r->security_floor == \old(r->security_floor);
    ensures r->power_tries_left <= \old(r->power_tries_left); */
static void last_resort(struct boot_record *r, const struct boot_facts *facts)
{
    /* Once is told; the resets that follow find all as it was. */
    if (r->state == BOOT_TRIAL && r->outcome == OUTCOME_ACTIVE_CORRUPT)
        return;
    tries_set(r, 0, 0);
    if (r->marks[r->active - 1] == MARK_UNKNOWN)
        r->marks[r->active - 1] = facts->mark; /* should it heal, it is known */
    outcome_set(r, OUTCOME_ACTIVE_CORRUPT, facts);
}

/*@ requires \valid(r) && record_ok(r);
    assigns r->tries_left, r->power_tries_left;
    ensures record_ok(r);
    ensures r->tries_left + r->power_tries_left ==
            \old(r->tries_left + r->power_tries_left); */
static void give_back(struct boot_record *r)
{
    if (r->power_tries_left == 0 || r->tries_left == BOOT_TRIES_MAX)
        return;
    r->power_tries_left--;
    r->tries_left++;
}

/*@ requires \valid(r) && record_ok(r);
    assigns r->tries_left, r->power_tries_left, r->confirmed_slots;
    ensures r->tries_left == 0 && r->power_tries_left == 0;
    ensures r->confirmed_slots <= 3; */
static void withdraw(struct boot_record *r)
{
    tries_set(r, 0, 0);
    r->confirmed_slots &= slot_bit(r->active);
}

void boot_apply(struct boot_record *r, const struct boot_rule *rule,
                const struct boot_facts *facts)
{
    switch (rule->act) {
    case ACT_NONE:
    case ACT_REFUSE:
        break;
    case ACT_TRY:
        r->tries_left--;
        break;
    case ACT_REJECT:
        tries_set(r, 0, 0);
        outcome_set(r, OUTCOME_REJECTED, facts);
        break;
    case ACT_GO_BACK:
        tries_set(r, 0, 0);
        outcome_set(r, OUTCOME_ROLLED_BACK, facts);
        break;
    case ACT_SWITCH:
        r->active = slot_other(r->active);
        outcome_set(r, OUTCOME_ACTIVE_CORRUPT, facts);
        break;
    case ACT_LAST_RESORT:
        last_resort(r, facts);
        break;
    case ACT_ARM:
        arm(r, facts);
        break;
    case ACT_WITHDRAW:
        withdraw(r);
        break;
    case ACT_CONFIRM:
        confirm(r, facts);
        break;
    case ACT_GIVE_BACK:
        give_back(r);
        break;
    }
    r->state = rule->to;
}
