/* task_step.c - the table of task states.
 *
 * Why a new connection pushes in NOTIFIED but not in IN_PROGRESS: Link SDK
 * goes on with a download by itself after a reconnect, and a second push in
 * one boot makes NXP's firmware write at a wrong flash address. In NOTIFIED
 * nothing shows that the first push arrived.
 *
 * Why a told connection that is heard of anew gets its push again: the server
 * or its link to the broker broke, perhaps before the push was out. The broker
 * gives it to the device only if it has not done so.
 *
 * Why QUEUED ignores progress: the task was not told to the device since its
 * last start, so it speaks of an older, canceled one.
 *
 * Tests: test/unit/server_core/test_task_step.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/task_step.h"

static const struct task_rule RULES[] = {
    {TASK_CONFIRM, TASK_EV_TARGET, TASK_SUCCEEDED, TASK_ACT_END},
    {TASK_CONFIRM, TASK_EV_OTHER, TASK_FAILED, TASK_ACT_END},
    {TASK_CONFIRM, TASK_EV_TIMEOUT, TASK_FAILED, TASK_ACT_END},
    {TASK_CONFIRM, TASK_EV_CANCEL, TASK_CANCELED, TASK_ACT_END},

    {TASK_QUEUED, TASK_EV_CONNECTED, TASK_NOTIFIED, TASK_ACT_PUSH},
    {TASK_QUEUED, TASK_EV_CHANGED, TASK_NOTIFIED, TASK_ACT_PUSH},
    {TASK_QUEUED, TASK_EV_BACK, TASK_NOTIFIED, TASK_ACT_PUSH},
    {TASK_QUEUED, TASK_EV_SOURCE, TASK_NOTIFIED, TASK_ACT_PUSH},
    {TASK_QUEUED, TASK_EV_PULL, TASK_NOTIFIED, TASK_ACT_REPLY},
    {TASK_QUEUED, TASK_EV_TARGET, TASK_SUCCEEDED, TASK_ACT_END},
    {TASK_QUEUED, TASK_EV_OTHER, TASK_FAILED, TASK_ACT_END},
    {TASK_QUEUED, TASK_EV_TIMEOUT, TASK_FAILED, TASK_ACT_END},
    {TASK_QUEUED, TASK_EV_CANCEL, TASK_CANCELED, TASK_ACT_END},

    {TASK_NOTIFIED, TASK_EV_CONNECTED, TASK_NOTIFIED, TASK_ACT_PUSH},
    {TASK_NOTIFIED, TASK_EV_CHANGED, TASK_NOTIFIED, TASK_ACT_EXPLAIN},
    {TASK_NOTIFIED, TASK_EV_BACK, TASK_NOTIFIED, TASK_ACT_RESEND},
    {TASK_NOTIFIED, TASK_EV_PULL, TASK_NOTIFIED, TASK_ACT_REPLY},
    {TASK_NOTIFIED, TASK_EV_STEP, TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
    {TASK_NOTIFIED, TASK_EV_STEP_FAILED, TASK_FAILED, TASK_ACT_END},
    {TASK_NOTIFIED, TASK_EV_TARGET, TASK_SUCCEEDED, TASK_ACT_END},
    {TASK_NOTIFIED, TASK_EV_OTHER, TASK_FAILED, TASK_ACT_END},
    {TASK_NOTIFIED, TASK_EV_TIMEOUT, TASK_FAILED, TASK_ACT_END},
    {TASK_NOTIFIED, TASK_EV_CANCEL, TASK_CANCELED, TASK_ACT_END},

    {TASK_IN_PROGRESS, TASK_EV_CONNECTED, TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
    {TASK_IN_PROGRESS, TASK_EV_CHANGED, TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
    {TASK_IN_PROGRESS, TASK_EV_BACK, TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
    {TASK_IN_PROGRESS, TASK_EV_PULL, TASK_IN_PROGRESS, TASK_ACT_REPLY},
    {TASK_IN_PROGRESS, TASK_EV_STEP, TASK_IN_PROGRESS, TASK_ACT_EXPLAIN},
    {TASK_IN_PROGRESS, TASK_EV_STEP_FAILED, TASK_FAILED, TASK_ACT_END},
    {TASK_IN_PROGRESS, TASK_EV_SOURCE, TASK_NOTIFIED, TASK_ACT_REPUSH},
    {TASK_IN_PROGRESS, TASK_EV_SOURCE_LAST, TASK_FAILED, TASK_ACT_END},
    {TASK_IN_PROGRESS, TASK_EV_TARGET, TASK_SUCCEEDED, TASK_ACT_END},
    {TASK_IN_PROGRESS, TASK_EV_OTHER, TASK_FAILED, TASK_ACT_END},
    {TASK_IN_PROGRESS, TASK_EV_TIMEOUT, TASK_FAILED, TASK_ACT_END},
    {TASK_IN_PROGRESS, TASK_EV_CANCEL, TASK_CANCELED, TASK_ACT_END},
};

struct task_rule task_step(enum task_state from, enum task_event on)
{
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        if (RULES[i].from == from && RULES[i].on == on)
            return RULES[i];
    }
    return (struct task_rule){from, on, from, TASK_ACT_NONE};
}

const struct task_rule *task_rules(size_t *count)
{
    *count = sizeof RULES / sizeof RULES[0];
    return RULES;
}

const char *task_event_name(enum task_event e)
{
    switch (e) {
    case TASK_EV_CONNECTED:
        return "new connection";
    case TASK_EV_STEP:
        return "step 0..100";
    case TASK_EV_STEP_FAILED:
        return "step -1..-4 or > 100";
    case TASK_EV_TARGET:
        return "informs the target version";
    case TASK_EV_SOURCE:
        return "informs the source version anew";
    case TASK_EV_SOURCE_LAST:
        return "informs the source version once too often";
    case TASK_EV_OTHER:
        return "informs another version";
    case TASK_EV_PULL:
        return "asks";
    case TASK_EV_TIMEOUT:
        return "timeout";
    case TASK_EV_CANCEL:
        return "canceled by a person";
    case TASK_EV_CHANGED:
        return "device offline or enabled";
    case TASK_EV_BACK:
        return "told connection is heard of anew";
    }
    return "unknown event";
}

const char *task_action_name(enum task_action a)
{
    switch (a) {
    case TASK_ACT_NONE:
        return "nothing";
    case TASK_ACT_EXPLAIN:
        return "say why it waits";
    case TASK_ACT_PUSH:
        return "push; QUEUED if it cannot be";
    case TASK_ACT_REPUSH:
        return "push again, unless the agent asks by itself";
    case TASK_ACT_RESEND:
        return "the same push again";
    case TASK_ACT_REPLY:
        return "reply";
    case TASK_ACT_END:
        return "end with a reason";
    }
    return "unknown action";
}
