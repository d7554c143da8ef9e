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

enum boot_phase boot_phase(const struct boot_record *r);

/* Which slot a reset looks at first; the other one is the fallback. */
enum slot boot_preferred(const struct boot_record *r);

/* Which slot runs in this record's state. */
enum slot boot_running(const struct boot_record *r);

/* May the image with this mark be the one that was confirmed in this slot? */
bool boot_mark_fits(const struct boot_record *r, enum slot s, uint32_t mark);

/* May this slot run without a trial: is it the active one, or one that nobody
 * has released and that still holds the image that was confirmed? */
bool boot_is_proven(const struct boot_record *r, enum slot s, uint32_t mark);

/* The row for this pair; ACT_NONE and the same state if there is none. */
struct boot_rule boot_rule(const struct boot_record *r, enum boot_event ev);

/* Change *r as the rule says. The rule came from boot_rule() for this r. facts
 * may be NULL for an act that names none of them. */
void boot_apply(struct boot_record *r, const struct boot_rule *rule,
                const struct boot_facts *facts);

#endif
