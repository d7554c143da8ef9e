/* boot_step.h - the boot state machine as a table and a pure step: no flash,
 * no clock. Used by boot.c (at reset) and boot_api.c (for the application).
 *
 * Tests: test/unit/boot/test_boot_step.c walks every (phase, event) pair.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_STEP_H
#define TERN_BOOT_STEP_H

#include "boot/boot_record.h"

/* enum boot_state with TRIAL split by whether a start is left. */
enum boot_phase {
    PHASE_STEADY, /* nothing is wanted */
    PHASE_ARMED,  /* a trial is wanted */
    PHASE_RETRY,  /* a trial ran without confirming; it may start again */
    PHASE_SPENT,  /* a trial ran without confirming; it had its starts */
    PHASE_COUNT
};

enum boot_event {
    EV_PREFERRED_GOOD,     /* reset: the preferred slot may run */
    EV_FALLBACK_CONFIRMED, /* reset: it may not; the fallback, confirmed, may */
    EV_FALLBACK_UNPROVEN,  /* reset: likewise, but it never was confirmed */
    EV_NONE_GOOD,          /* reset: neither may run */
    EV_ARM,                /* the application asks for a trial */
    EV_CONFIRM,            /* the application keeps the running image */
    EV_RELEASE,            /* the application will overwrite the other slot */
    EV_POWER_ON,           /* reset: power was lost, or nobody knows */
    BOOT_EVENT_COUNT
};

enum boot_act {
    ACT_NONE,        /* the record stays as it is */
    ACT_REFUSE,      /* likewise, and the caller gets OTA_ERR_STATE */
    ACT_TRY,         /* start the other slot; one start less is left */
    ACT_REJECT,      /* outcome REJECTED: the other slot may not run */
    ACT_GO_BACK,     /* outcome ROLLED_BACK: the other slot had its chance */
    ACT_SWITCH,      /* outcome ACTIVE_CORRUPT: the other slot is active now */
    ACT_LAST_RESORT, /* outcome ACTIVE_CORRUPT: the other slot, on trial */
    ACT_ARM,
    ACT_WITHDRAW,  /* the other slot is no fallback and is not tried */
    ACT_CONFIRM,   /* outcome CONFIRMED: the other slot is active now */
    ACT_GIVE_BACK, /* that start did not count, if any of these is left */
};

struct boot_rule {
    enum boot_phase from;
    enum boot_event on;
    enum boot_state to;
    enum boot_act act;
};

/*@ logic integer phase_of(struct boot_record *r) =
      r->state == BOOT_ARMED ? (integer)PHASE_ARMED :
      r->state != BOOT_TRIAL ? (integer)PHASE_STEADY :
      r->tries_left > 0 ? (integer)PHASE_RETRY : (integer)PHASE_SPENT;

    logic integer slot_beside(integer s) = s == SLOT_1 ? 2 : 1; */

/* The table as claims; boot_rule() is proved to keep them, and boot_apply() to
 * do what they say and nothing else (./dev prove). */
/*@ // to: 0 where no rule is listed.
    predicate pair_ok(integer from, integer on, integer to, integer act) =
      (act == ACT_NONE || BOOT_STEADY <= to <= BOOT_TRIAL) &&
      ACT_NONE <= act <= ACT_GIVE_BACK &&
      (on == EV_NONE_GOOD ==> act == ACT_NONE) &&
      (act == ACT_CONFIRM <==>
          on == EV_CONFIRM && (from == PHASE_RETRY || from == PHASE_SPENT)) &&
      (act == ACT_SWITCH <==>
          on == EV_FALLBACK_CONFIRMED && from == PHASE_STEADY) &&
      (act == ACT_ARM <==> to == BOOT_ARMED && on == EV_ARM) &&
      (act == ACT_WITHDRAW ==> on == EV_RELEASE) &&
      (act == ACT_TRY ==> to == BOOT_TRIAL &&
          (from == PHASE_ARMED || from == PHASE_RETRY)) &&
      (act == ACT_REFUSE ==> to == BOOT_TRIAL &&
          (from == PHASE_RETRY || from == PHASE_SPENT)) &&
      (act == ACT_CONFIRM || act == ACT_SWITCH || act == ACT_REJECT ||
          act == ACT_GO_BACK || act == ACT_WITHDRAW ==> to == BOOT_STEADY) &&
      (act == ACT_GIVE_BACK || act == ACT_LAST_RESORT ==>
          to == BOOT_TRIAL && from != PHASE_ARMED);

    predicate rule_ok(struct boot_rule rule) =
      BOOT_STEADY <= rule.to <= BOOT_TRIAL &&
      pair_ok(rule.from, rule.on, rule.to, rule.act);

    // This rule came from boot_rule() for this record.
    predicate rule_for(struct boot_rule rule, struct boot_record *r) =
      rule_ok(rule) && rule.from == phase_of(r) &&
      (rule.act == ACT_NONE || rule.act == ACT_REFUSE ==>
          rule.to == r->state); */

/* What the driver found out for the step. Fields that the act does not name
 * are not looked at. */
struct boot_facts {
    struct version version; /* of the image the outcome is about, or zero */
    ota_err error;          /* ACT_REJECT: why */
    enum boot_reset_cause cause;
    /* Of the running image (ACT_ARM, ACT_CONFIRM): */
    uint32_t counter;
    uint32_t mark;    /* ACT_LAST_RESORT: of the active one */
    uint8_t nxp_type; /* ACT_ARM: by NXP's SFW; 0: keep the last one */
};

/*@ predicate facts_ok(struct boot_facts *facts) = \valid_read(facts) &&
      facts->cause <= RESET_PIN;

    predicate names_facts(enum boot_act act) = act == ACT_REJECT ||
      act == ACT_GO_BACK || act == ACT_SWITCH || act == ACT_LAST_RESORT ||
      act == ACT_ARM || act == ACT_CONFIRM; */

/*@ requires \valid_read(r);
    assigns \nothing;
    ensures \result == phase_of(r); */
enum boot_phase boot_phase(const struct boot_record *r);

/* Which slot a reset looks at first; the other one is the fallback. */
/*@ requires record_ok(r);
    assigns \nothing;
    ensures SLOT_1 <= \result <= SLOT_2; */
enum slot boot_preferred(const struct boot_record *r);

/* Which slot runs in this record's state. */
/*@ requires record_ok(r);
    assigns \nothing;
    ensures \result == (r->state == BOOT_TRIAL ? slot_beside(r->active)
                                               : r->active); */
enum slot boot_running(const struct boot_record *r);

/* May the image with this mark be the one that was confirmed in this slot? */
/*@ requires \valid_read(r) && SLOT_1 <= s <= SLOT_2;
    assigns \nothing; */
bool boot_mark_fits(const struct boot_record *r, enum slot s, uint32_t mark);

/* May this slot run without a trial: is it the active one, or one that nobody
 * has released and that still holds the image that was confirmed? */
/*@ requires record_ok(r) && SLOT_1 <= s <= SLOT_2;
    assigns \nothing;
    ensures \result ==> s == r->active ||
                        (r->confirmed_slots & (s == SLOT_1 ? 1 : 2)) != 0; */
bool boot_is_proven(const struct boot_record *r, enum slot s, uint32_t mark);

/* The row for this pair; ACT_NONE and the same state if there is none. */
/*@ requires record_ok(r) && 0 <= ev < BOOT_EVENT_COUNT;
    assigns \nothing;
    ensures rule_for(\result, r) && \result.on == ev; */
struct boot_rule boot_rule(const struct boot_record *r, enum boot_event ev);

/* Change *r as the rule says. The rule came from boot_rule() for this r. facts
 * may be NULL for an act that names none of them. */
/*@ requires \valid(r) && \valid_read(rule) && \separated(r, rule);
    requires names_facts(rule->act) ==>
        facts_ok(facts) && \separated(r, facts);
    requires record_ok(r) && rule_for(*rule, r);
    assigns *r;
    ensures record_ok(r);
    ensures r->state == \old(rule->to);
    ensures r->security_floor >= \old(r->security_floor);
    ensures r->active == (rule->act == ACT_SWITCH || rule->act == ACT_CONFIRM
        ? slot_beside(\old(r->active)) : \old(r->active));
    ensures rule->act == ACT_CONFIRM || rule->act == ACT_ARM ||
        r->security_floor == \old(r->security_floor);
    ensures rule->act == ACT_TRY ==> r->tries_left == \old(r->tries_left) - 1;
    ensures rule->act == ACT_ARM ||
        r->tries_left + r->power_tries_left <=
            \old(r->tries_left + r->power_tries_left); */
void boot_apply(struct boot_record *r, const struct boot_rule *rule,
                const struct boot_facts *facts);

#endif
