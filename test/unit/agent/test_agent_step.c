/* test_agent_step.c - walks every (state, event) pair of both tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/agent_step.h"

static void talk_pairs_outside_the_table_change_nothing(void **state)
{
    unsigned arrows = 0;

    (void)state;
    for (int s = 0; s < TALK_STATES; s++)
        for (int e = 0; e < TALK_EVENTS; e++) {
            struct talk_rule r =
                talk_step((enum talk_state)s, (enum talk_event)e);
            assert_int_equal(r.from, s);
            assert_int_equal(r.on, e);
            arrows += (int)r.to != s || r.act != TALK_STAY;
        }
    assert_int_equal(arrows, 26);
}

static void update_pairs_outside_the_table_change_nothing(void **state)
{
    unsigned arrows = 0;

    (void)state;
    for (int s = 0; s < UPDATE_STATES; s++)
        for (int e = 0; e < UPDATE_EVENTS; e++) {
            struct update_rule r =
                update_step((enum update_state)s, (enum update_event)e);
            assert_int_equal(r.from, s);
            assert_int_equal(r.on, e);
            arrows += (int)r.to != s || r.act != UPDATE_STAY;
        }
    assert_int_equal(arrows, 37);
}

static void talk_confirms_before_it_informs(void **state)
{
    static const enum talk_state ORDER[] = {TALK_ANNOUNCING, TALK_CONFIRMING,
                                            TALK_REPORTING,  TALK_INFORMING,
                                            TALK_PULLING,    TALK_READY};

    (void)state;
    for (unsigned i = 0; i + 1 < sizeof ORDER / sizeof ORDER[0]; i++) {
        enum talk_event ev =
            ORDER[i] == TALK_CONFIRMING ? TALK_KEPT : TALK_SAID;
        assert_int_equal(talk_step(ORDER[i], ev).to, ORDER[i + 1]);
    }
}

static void talk_down_reconnects_from_every_connected_state(void **state)
{
    (void)state;
    for (int s = TALK_CONNECTING; s < TALK_STATES; s++) {
        struct talk_rule r = talk_step((enum talk_state)s, TALK_DOWN);
        assert_int_equal(r.to, TALK_OFFLINE);
        assert_int_equal(r.act, TALK_HANG_UP);
    }
}

static void talk_resets_only_until_the_firmware_is_kept(void **state)
{
    (void)state;
    for (int s = 0; s < TALK_STATES; s++)
        for (int e = 0; e < TALK_EVENTS; e++)
            if (talk_step((enum talk_state)s, (enum talk_event)e).act ==
                TALK_RESET)
                assert_in_range(s, TALK_OFFLINE, TALK_CONFIRMING);
}

static void update_arms_only_after_verifying(void **state)
{
    (void)state;
    for (int s = 0; s < UPDATE_STATES; s++)
        for (int e = 0; e < UPDATE_EVENTS; e++) {
            struct update_rule r =
                update_step((enum update_state)s, (enum update_event)e);
            if (r.to == UPDATE_ARMING && r.from != UPDATE_ARMING)
                assert_int_equal(r.from, UPDATE_VERIFYING);
            if (r.to == UPDATE_LEAVING && r.from != UPDATE_LEAVING)
                assert_int_equal(r.from, UPDATE_ARMING);
            if (r.act == UPDATE_RESET)
                assert_int_equal(r.from, UPDATE_LEAVING);
        }
}

static void update_is_verified_only_after_its_digest_and_its_hash(void **state)
{
    (void)state;
    for (int s = 0; s < UPDATE_STATES; s++)
        for (int e = 0; e < UPDATE_EVENTS; e++) {
            struct update_rule r =
                update_step((enum update_state)s, (enum update_event)e);
            if (r.to == UPDATE_VERIFYING && r.from != UPDATE_VERIFYING)
                assert_int_equal(r.from, UPDATE_HASHING);
            if (r.to == UPDATE_HASHING && r.from != UPDATE_HASHING)
                assert_int_equal(r.from, UPDATE_MATCHING);
        }
}

static void update_failure_is_reported_from_every_working_state(void **state)
{
    (void)state;
    for (int s = UPDATE_RELEASING; s < UPDATE_LEAVING; s++) {
        struct update_rule r = update_step((enum update_state)s, UPDATE_FAILED);
        if (s == UPDATE_BACKING_OFF)
            continue; /* only waits: nothing can fail */
        assert_int_equal(r.to, UPDATE_IDLE);
        assert_int_equal(r.act, UPDATE_REPORT);
    }
}

static void update_armed_is_not_replaced_by_a_new_task(void **state)
{
    (void)state;
    assert_int_equal(update_step(UPDATE_ARMING, UPDATE_TASK).act, UPDATE_STAY);
    assert_int_equal(update_step(UPDATE_LEAVING, UPDATE_TASK).act, UPDATE_STAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talk_pairs_outside_the_table_change_nothing),
        cmocka_unit_test(update_pairs_outside_the_table_change_nothing),
        cmocka_unit_test(talk_confirms_before_it_informs),
        cmocka_unit_test(talk_down_reconnects_from_every_connected_state),
        cmocka_unit_test(talk_resets_only_until_the_firmware_is_kept),
        cmocka_unit_test(update_arms_only_after_verifying),
        cmocka_unit_test(update_is_verified_only_after_its_digest_and_its_hash),
        cmocka_unit_test(update_failure_is_reported_from_every_working_state),
        cmocka_unit_test(update_armed_is_not_replaced_by_a_new_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
