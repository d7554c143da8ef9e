/* test_boot_step.c - every (phase, event) pair of the boot state machine, what
 * each act does to the record, and what no walk through it can do.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "boot/boot_limits.h"
#include "boot/boot_step.h"

static struct boot_record record_in(enum boot_phase p)
{
    static const struct {
        enum boot_state state;
        uint8_t tries;
    } AS[PHASE_COUNT] = {
        [PHASE_STEADY] = {BOOT_STEADY, 0},
        [PHASE_ARMED] = {BOOT_ARMED, 2},
        [PHASE_RETRY] = {BOOT_TRIAL, 2},
        [PHASE_SPENT] = {BOOT_TRIAL, 0},
    };

    return (struct boot_record){.state = AS[p].state,
                                .active = SLOT_1,
                                .tries_left = AS[p].tries,
                                .confirmed_slots = 1};
}

/* Written from spec/boot-record.md section 3, not from the code. */
struct expected {
    enum boot_state to;
    enum boot_act act;
};
static const struct expected EXPECTED[PHASE_COUNT][BOOT_EVENT_COUNT] =
    {
        [PHASE_STEADY] =
            {
                [EV_PREFERRED_GOOD] = {BOOT_STEADY, ACT_NONE},
                [EV_FALLBACK_CONFIRMED] = {BOOT_STEADY, ACT_SWITCH},
                [EV_FALLBACK_UNPROVEN] = {BOOT_TRIAL, ACT_LAST_RESORT},
                [EV_NONE_GOOD] = {BOOT_STEADY, ACT_NONE},
                [EV_ARM] = {BOOT_ARMED, ACT_ARM},
                [EV_CONFIRM] = {BOOT_STEADY, ACT_NONE},
                [EV_RELEASE] = {BOOT_STEADY, ACT_WITHDRAW},
                [EV_POWER_ON] = {BOOT_STEADY, ACT_NONE},
            },
        [PHASE_ARMED] =
            {
                [EV_PREFERRED_GOOD] = {BOOT_TRIAL, ACT_TRY},
                [EV_FALLBACK_CONFIRMED] = {BOOT_STEADY, ACT_REJECT},
                [EV_FALLBACK_UNPROVEN] = {BOOT_ARMED, ACT_NONE},
                [EV_NONE_GOOD] = {BOOT_ARMED, ACT_NONE},
                [EV_ARM] = {BOOT_ARMED, ACT_ARM},
                [EV_CONFIRM] = {BOOT_ARMED, ACT_NONE},
                [EV_RELEASE] = {BOOT_STEADY, ACT_WITHDRAW},
                [EV_POWER_ON] = {BOOT_ARMED, ACT_NONE},
            },
        [PHASE_RETRY] =
            {
                [EV_PREFERRED_GOOD] = {BOOT_TRIAL, ACT_TRY},
                [EV_FALLBACK_CONFIRMED] = {BOOT_STEADY, ACT_REJECT},
                [EV_FALLBACK_UNPROVEN] = {BOOT_TRIAL, ACT_NONE},
                [EV_NONE_GOOD] = {BOOT_TRIAL, ACT_NONE},
                [EV_ARM] = {BOOT_TRIAL, ACT_REFUSE},
                [EV_CONFIRM] = {BOOT_STEADY, ACT_CONFIRM},
                [EV_RELEASE] = {BOOT_TRIAL, ACT_REFUSE},
                [EV_POWER_ON] = {BOOT_TRIAL, ACT_GIVE_BACK},
            },
        [PHASE_SPENT] =
            {
                [EV_PREFERRED_GOOD] = {BOOT_STEADY, ACT_GO_BACK},
                [EV_FALLBACK_CONFIRMED] = {BOOT_TRIAL, ACT_NONE},
                [EV_FALLBACK_UNPROVEN] = {BOOT_TRIAL, ACT_LAST_RESORT},
                [EV_NONE_GOOD] = {BOOT_TRIAL, ACT_NONE},
                [EV_ARM] = {BOOT_TRIAL, ACT_REFUSE},
                [EV_CONFIRM] = {BOOT_STEADY, ACT_CONFIRM},
                [EV_RELEASE] = {BOOT_TRIAL, ACT_REFUSE},
                [EV_POWER_ON] = {BOOT_TRIAL, ACT_GIVE_BACK},
            },
};

static void boot_rule_every_pair_is_as_specified(void **state)
{
    (void)state;
    for (int p = 0; p < PHASE_COUNT; p++) {
        struct boot_record r = record_in((enum boot_phase)p);

        assert_int_equal(boot_phase(&r), p);
        for (int ev = 0; ev < BOOT_EVENT_COUNT; ev++) {
            struct boot_rule rule = boot_rule(&r, (enum boot_event)ev);

            if (rule.to != EXPECTED[p][ev].to ||
                rule.act != EXPECTED[p][ev].act)
                fail_msg("phase %d, event %d: to %d by act %d", p, ev, rule.to,
                         rule.act);
        }
    }
}

static void boot_preferred_is_the_other_slot_only_while_it_may_be_tried(
    void **state)
{
    (void)state;
    for (int p = 0; p < PHASE_COUNT; p++) {
        struct boot_record r = record_in((enum boot_phase)p);
        bool other = p == PHASE_ARMED || p == PHASE_RETRY;

        assert_int_equal(boot_preferred(&r), other ? SLOT_2 : SLOT_1);
        r.active = SLOT_2;
        assert_int_equal(boot_preferred(&r), other ? SLOT_1 : SLOT_2);
    }
}

static const struct boot_facts FACTS = {
    .version = {1, 4, 0, 7},
    .error = OTA_ERR_SIGNATURE,
    .cause = RESET_WATCHDOG,
    .counter = 5,
    .mark = 77,
    .nxp_type = 3,
};

static struct boot_record after(enum boot_phase p, enum boot_event ev)
{
    struct boot_record r = record_in(p);
    struct boot_rule rule = boot_rule(&r, ev);

    boot_apply(&r, &rule, &FACTS);
    return r;
}

static void boot_arm_allows_tries_and_forgets_the_last_outcome(void **state)
{
    struct boot_record r = record_in(PHASE_STEADY);
    struct boot_rule rule = boot_rule(&r, EV_ARM);

    (void)state;
    r.outcome = OUTCOME_REJECTED;
    r.outcome_reported = true;
    r.outcome_version.major = 9;
    r.outcome_error = OTA_ERR_CORRUPT;
    r.outcome_cause = RESET_PIN;
    r.confirmed_slots = 3;
    boot_apply(&r, &rule, &FACTS);

    assert_int_equal(r.state, BOOT_ARMED);
    assert_int_equal(r.tries_left, BOOT_TRIES);
    assert_int_equal(r.power_tries_left, BOOT_POWER_TRIES);
    assert_int_equal(r.marks[0], 77); /* of the running image */
    assert_int_equal(r.nxp_type, 3);
    assert_int_equal(r.confirmed_slots, 1); /* the candidate is unproven */
    assert_int_equal(r.security_floor, 5);
    assert_int_equal(r.outcome, OUTCOME_NONE);
    assert_false(r.outcome_reported);
    assert_int_equal(r.outcome_version.major, 0);
    assert_int_equal(r.outcome_error, OTA_OK);
    assert_int_equal(r.outcome_cause, RESET_UNKNOWN);
}

static void boot_try_spends_one_start(void **state)
{
    (void)state;
    assert_int_equal(after(PHASE_ARMED, EV_PREFERRED_GOOD).tries_left, 1);
    assert_int_equal(after(PHASE_RETRY, EV_PREFERRED_GOOD).tries_left, 1);
}

static void boot_power_on_gives_a_start_back_while_there_are_any(void **state)
{
    struct boot_record r = record_in(PHASE_SPENT);
    struct boot_rule rule = boot_rule(&r, EV_POWER_ON);

    (void)state;
    r.power_tries_left = 2;
    for (uint8_t left = 2; left > 0; left--) {
        r.tries_left = 0;
        boot_apply(&r, &rule, &FACTS);
        assert_int_equal(boot_phase(&r), PHASE_RETRY);
        assert_int_equal(r.tries_left, 1);
        assert_int_equal(r.power_tries_left, left - 1);
    }
    r.tries_left = 0;
    boot_apply(&r, &rule, &FACTS);
    assert_int_equal(boot_phase(&r), PHASE_SPENT);
}

/* A record that came from anywhere; its next write must be a valid one. */
static void boot_power_on_never_gives_more_starts_than_a_record_holds(
    void **state)
{
    struct boot_record r = record_in(PHASE_RETRY);
    struct boot_rule rule = boot_rule(&r, EV_POWER_ON);

    (void)state;
    r.tries_left = r.power_tries_left = BOOT_TRIES_MAX;
    boot_apply(&r, &rule, &FACTS);
    assert_int_equal(r.tries_left, BOOT_TRIES_MAX);
}

static void boot_every_end_of_a_trial_takes_all_starts(void **state)
{
    static const struct {
        enum boot_phase from;
        enum boot_event on;
    } ENDS[] = {
        {PHASE_ARMED, EV_FALLBACK_CONFIRMED}, {PHASE_ARMED, EV_RELEASE},
        {PHASE_RETRY, EV_FALLBACK_CONFIRMED}, {PHASE_RETRY, EV_CONFIRM},
        {PHASE_SPENT, EV_PREFERRED_GOOD},     {PHASE_SPENT, EV_CONFIRM},
        {PHASE_SPENT, EV_FALLBACK_UNPROVEN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++) {
        struct boot_record r = record_in(ENDS[i].from);
        struct boot_rule rule = boot_rule(&r, ENDS[i].on);

        r.power_tries_left = 3;
        boot_apply(&r, &rule, &FACTS);
        assert_int_equal(r.tries_left, 0);
        assert_int_equal(r.power_tries_left, 0);
    }
}

static void boot_proven_is_the_image_that_was_confirmed_and_no_other(
    void **state)
{
    struct boot_record r = record_in(PHASE_STEADY);

    (void)state;
    r.confirmed_slots = 3;
    r.marks[1] = 77;
    assert_true(boot_is_proven(&r, SLOT_2, 77));
    assert_false(boot_is_proven(&r, SLOT_2, 79));
    assert_true(boot_is_proven(&r, SLOT_1, 79)); /* it is the active one */
    r.marks[1] = MARK_UNKNOWN; /* a record from before there were marks */
    assert_true(boot_is_proven(&r, SLOT_2, 79));
    r.marks[1] = MARK_NONE;
    assert_false(boot_is_proven(&r, SLOT_2, 79));
    r.marks[1] = 77;
    r.confirmed_slots = 1;
    assert_false(boot_is_proven(&r, SLOT_2, 77));
}

static void boot_confirm_makes_the_trial_slot_active(void **state)
{
    struct boot_record r = after(PHASE_SPENT, EV_CONFIRM);

    (void)state;
    assert_int_equal(r.state, BOOT_STEADY);
    assert_int_equal(r.active, SLOT_2);
    assert_int_equal(r.confirmed_slots, 3);
    assert_int_equal(r.tries_left, 0);
    assert_int_equal(r.outcome, OUTCOME_CONFIRMED);
    assert_int_equal(r.outcome_version.build, 7);
    assert_int_equal(r.outcome_cause, RESET_UNKNOWN);
    assert_int_equal(r.security_floor, 5);
    assert_int_equal(r.marks[1], 77);
}

static void boot_confirm_never_lowers_the_floor(void **state)
{
    struct boot_record r = record_in(PHASE_SPENT);
    struct boot_rule rule = boot_rule(&r, EV_CONFIRM);

    (void)state;
    r.security_floor = 6;
    boot_apply(&r, &rule, &FACTS);
    assert_int_equal(r.security_floor, 6);
}

static void boot_outcomes_name_version_error_and_cause(void **state)
{
    struct boot_record r = after(PHASE_ARMED, EV_FALLBACK_CONFIRMED);

    (void)state;
    assert_int_equal(r.outcome, OUTCOME_REJECTED);
    assert_int_equal(r.outcome_error, OTA_ERR_SIGNATURE);
    assert_int_equal(r.outcome_version.minor, 4);
    assert_int_equal(r.tries_left, 0);
    assert_int_equal(r.active, SLOT_1);

    r = after(PHASE_SPENT, EV_PREFERRED_GOOD);
    assert_int_equal(r.outcome, OUTCOME_ROLLED_BACK);
    assert_int_equal(r.outcome_error, OTA_OK);
    assert_int_equal(r.outcome_cause, RESET_WATCHDOG);
    assert_int_equal(r.active, SLOT_1);

    r = after(PHASE_STEADY, EV_FALLBACK_CONFIRMED);
    assert_int_equal(r.outcome, OUTCOME_ACTIVE_CORRUPT);
    assert_int_equal(r.active, SLOT_2);
}

static void boot_last_resort_runs_the_other_slot_but_not_for_good(void **state)
{
    struct boot_record r = after(PHASE_STEADY, EV_FALLBACK_UNPROVEN), again;
    struct boot_rule rule;

    (void)state;
    assert_int_equal(r.state, BOOT_TRIAL);
    assert_int_equal(r.active, SLOT_1);
    assert_int_equal(boot_running(&r), SLOT_2);
    assert_int_equal(boot_phase(&r), PHASE_SPENT);
    assert_int_equal(r.outcome, OUTCOME_ACTIVE_CORRUPT);
    assert_int_equal(r.marks[0], 77); /* to be known again, should it heal */

    /* The next reset finds the same and must not wear the flash out. */
    r.outcome_reported = true;
    again = r;
    rule = boot_rule(&again, EV_FALLBACK_UNPROVEN);
    boot_apply(&again, &rule, &FACTS);
    assert_true(boot_record_same(&r, &again));

    /* Confirmed, it stays, and the server still hears what happened. */
    rule = boot_rule(&r, EV_CONFIRM);
    boot_apply(&r, &rule, &FACTS);
    assert_int_equal(r.active, SLOT_2);
    assert_int_equal(r.outcome, OUTCOME_ACTIVE_CORRUPT);
}

static void boot_last_resort_remembers_what_was_confirmed(void **state)
{
    struct boot_record r = record_in(PHASE_SPENT);
    struct boot_rule rule = boot_rule(&r, EV_FALLBACK_UNPROVEN);

    (void)state;
    r.marks[0] = 5; /* and FACTS say that something else lies there now */
    boot_apply(&r, &rule, &FACTS);
    assert_int_equal(r.marks[0], 5);
}

static void boot_release_takes_fallback_and_request_back(void **state)
{
    struct boot_record r = record_in(PHASE_ARMED);
    struct boot_rule rule = boot_rule(&r, EV_RELEASE);

    (void)state;
    r.confirmed_slots = 3;
    boot_apply(&r, &rule, &FACTS);
    assert_int_equal(r.state, BOOT_STEADY);
    assert_int_equal(r.confirmed_slots, 1);
    assert_int_equal(r.tries_left, 0);
}

/* What has truly been confirmed, kept apart from the record. */
struct ghost {
    bool confirmed[3];
};

static bool can_happen(const struct boot_record *r, enum boot_event ev)
{
    bool proven = boot_is_proven(r, slot_other(boot_preferred(r)), FACTS.mark);

    return ev == EV_FALLBACK_CONFIRMED  ? proven
           : ev == EV_FALLBACK_UNPROVEN ? !proven
                                        : true;
}

static void ghost_follow(struct ghost *g, const struct boot_record *before,
                         enum boot_act act)
{
    enum slot other = slot_other(before->active);

    if (act == ACT_CONFIRM)
        g->confirmed[other] = true;
    if (act == ACT_ARM || act == ACT_WITHDRAW)
        g->confirmed[other] = false;
}

/* Every walk of WALK events from a first boot: a slot that may run without a
 * trial was confirmed, and the active slot changes to confirmed ones only. */
static void boot_no_walk_makes_an_unconfirmed_image_permanent(void **state)
{
    enum { WALK = 7 };
    uint32_t walks = 1;

    (void)state;
    for (uint32_t i = 0; i < WALK; i++)
        walks *= BOOT_EVENT_COUNT;
    for (uint32_t w = 0; w < walks; w++) {
        struct boot_record r = {.state = BOOT_STEADY, .active = SLOT_1};
        struct ghost g = {.confirmed = {[SLOT_1] = true}};

        for (uint32_t n = w, i = 0; i < WALK; i++, n /= BOOT_EVENT_COUNT) {
            enum boot_event ev = (enum boot_event)(n % BOOT_EVENT_COUNT);
            struct boot_rule rule = boot_rule(&r, ev);

            if (!can_happen(&r, ev))
                break;
            ghost_follow(&g, &r, rule.act);
            boot_apply(&r, &rule, &FACTS);
            assert_true(g.confirmed[r.active]);
            assert_true(!boot_is_proven(&r, slot_other(r.active), FACTS.mark) ||
                        g.confirmed[slot_other(r.active)]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot_rule_every_pair_is_as_specified),
        cmocka_unit_test(
            boot_preferred_is_the_other_slot_only_while_it_may_be_tried),
        cmocka_unit_test(boot_arm_allows_tries_and_forgets_the_last_outcome),
        cmocka_unit_test(boot_try_spends_one_start),
        cmocka_unit_test(boot_power_on_gives_a_start_back_while_there_are_any),
        cmocka_unit_test(
            boot_power_on_never_gives_more_starts_than_a_record_holds),
        cmocka_unit_test(boot_every_end_of_a_trial_takes_all_starts),
        cmocka_unit_test(
            boot_proven_is_the_image_that_was_confirmed_and_no_other),
        cmocka_unit_test(boot_confirm_makes_the_trial_slot_active),
        cmocka_unit_test(boot_confirm_never_lowers_the_floor),
        cmocka_unit_test(boot_outcomes_name_version_error_and_cause),
        cmocka_unit_test(boot_last_resort_runs_the_other_slot_but_not_for_good),
        cmocka_unit_test(boot_last_resort_remembers_what_was_confirmed),
        cmocka_unit_test(boot_release_takes_fallback_and_request_back),
        cmocka_unit_test(boot_no_walk_makes_an_unconfirmed_image_permanent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
