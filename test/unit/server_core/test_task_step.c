/* test_task_step.c - the table of task states, every pair.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/core/task_step.h"

/* The whole behaviour, written down a second time as a grid, so that a changed
 * rule shows up as a difference: next state and action per pair. */
struct cell {
    enum task_state to;
    enum task_action action;
};

#define STAY(s)                                                                \
    {                                                                          \
        s, TASK_ACT_NONE                                                       \
    }
#define DONE                                                                   \
    {                                                                          \
        TASK_SUCCEEDED, TASK_ACT_END                                           \
    }
#define FAIL                                                                   \
    {                                                                          \
        TASK_FAILED, TASK_ACT_END                                              \
    }
#define GONE                                                                   \
    {                                                                          \
        TASK_CANCELED, TASK_ACT_END                                            \
    }
#define OVER(s)                                                                \
    {                                                                          \
        STAY(s), STAY(s), STAY(s), STAY(s), STAY(s), STAY(s), STAY(s),         \
            STAY(s), STAY(s), STAY(s), STAY(s), STAY(s)                        \
    }

static const struct cell GRID[TASK_STATES][TASK_EVENTS] = {
    [TASK_CONFIRM] = {STAY(TASK_CONFIRM), STAY(TASK_CONFIRM),
                      STAY(TASK_CONFIRM), DONE, STAY(TASK_CONFIRM),
                      STAY(TASK_CONFIRM), FAIL, STAY(TASK_CONFIRM), FAIL, GONE,
                      STAY(TASK_CONFIRM), STAY(TASK_CONFIRM)},
    [TASK_QUEUED] = {{TASK_NOTIFIED, TASK_ACT_PUSH},
                     STAY(TASK_QUEUED),
                     STAY(TASK_QUEUED),
                     DONE,
                     {TASK_NOTIFIED, TASK_ACT_PUSH},
                     STAY(TASK_QUEUED),
                     FAIL,
                     {TASK_NOTIFIED, TASK_ACT_REPLY},
                     FAIL,
                     GONE,
                     {TASK_NOTIFIED, TASK_ACT_PUSH},
                     {TASK_NOTIFIED, TASK_ACT_PUSH}},
    [TASK_NOTIFIED] = {{TASK_NOTIFIED, TASK_ACT_PUSH},
                       {TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
                       FAIL,
                       DONE,
                       STAY(TASK_NOTIFIED),
                       STAY(TASK_NOTIFIED),
                       FAIL,
                       {TASK_NOTIFIED, TASK_ACT_REPLY},
                       FAIL,
                       GONE,
                       {TASK_NOTIFIED, TASK_ACT_EXPLAIN},
                       {TASK_NOTIFIED, TASK_ACT_RESEND}},
    [TASK_IN_PROGRESS] = {{TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
                          {TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
                          FAIL,
                          DONE,
                          {TASK_NOTIFIED, TASK_ACT_REPUSH},
                          FAIL,
                          FAIL,
                          {TASK_IN_PROGRESS, TASK_ACT_REPLY},
                          FAIL,
                          GONE,
                          {TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
                          {TASK_IN_PROGRESS, TASK_ACT_EXPLAIN}},
    [TASK_SUCCEEDED] = OVER(TASK_SUCCEEDED),
    [TASK_FAILED] = OVER(TASK_FAILED),
    [TASK_CANCELED] = OVER(TASK_CANCELED),
};

static void task_step_every_pair_is_as_written_down(void **state)
{
    (void)state;
    for (int s = 0; s < TASK_STATES; s++) {
        for (int e = 0; e < TASK_EVENTS; e++) {
            struct task_rule r =
                task_step((enum task_state)s, (enum task_event)e);

            if (r.to != GRID[s][e].to || r.action != GRID[s][e].action)
                fail_msg("%s on \"%s\": %s, %s",
                         task_state_name((enum task_state)s),
                         task_event_name((enum task_event)e),
                         task_state_name(r.to), task_action_name(r.action));
        }
    }
}

static void task_rules_list_each_pair_once(void **state)
{
    size_t count = 0;
    const struct task_rule *r = task_rules(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++)
            assert_false(r[i].from == r[k].from && r[i].on == r[k].on);
    }
}

static void task_that_is_over_never_changes(void **state)
{
    (void)state;
    for (int s = 0; s < TASK_STATES; s++) {
        for (int e = 0; e < TASK_EVENTS; e++) {
            struct task_rule r =
                task_step((enum task_state)s, (enum task_event)e);

            if (task_is_over((enum task_state)s))
                assert_int_equal(r.action, TASK_ACT_NONE);
            assert_int_equal(r.action == TASK_ACT_END,
                             !task_is_over((enum task_state)s) &&
                                 task_is_over(r.to));
        }
    }
}

static void task_that_waits_can_always_be_canceled_or_time_out(void **state)
{
    (void)state;
    for (int s = 0; s < TASK_STATES; s++) {
        enum task_state from = (enum task_state)s;

        if (task_is_over(from))
            continue;
        assert_int_equal(task_step(from, TASK_EV_CANCEL).to, TASK_CANCELED);
        assert_int_equal(task_step(from, TASK_EV_TIMEOUT).to, TASK_FAILED);
    }
}

static void task_names_are_never_missing(void **state)
{
    (void)state;
    for (int e = 0; e < TASK_EVENTS; e++)
        assert_string_not_equal(task_event_name((enum task_event)e),
                                "unknown event");
    for (int a = TASK_ACT_NONE; a <= TASK_ACT_END; a++)
        assert_string_not_equal(task_action_name((enum task_action)a),
                                "unknown action");
    for (int s = 0; s < TASK_STATES; s++)
        assert_string_not_equal(task_state_name((enum task_state)s), "UNKNOWN");
    assert_string_equal(task_state_name((enum task_state)99), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(task_step_every_pair_is_as_written_down),
        cmocka_unit_test(task_rules_list_each_pair_once),
        cmocka_unit_test(task_that_is_over_never_changes),
        cmocka_unit_test(task_that_waits_can_always_be_canceled_or_time_out),
        cmocka_unit_test(task_names_are_never_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
