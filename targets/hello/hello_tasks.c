/* hello_tasks.c - two tasks that say hello.
 *
 * Tests: test/unit/targets_hello/test_hello_tasks.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/hello/hello_tasks.h"

static const char *const LINES[HELLO_TASKS] = {
    "Hello world1.",
    "Hello world2.",
};

void hello_tasks_init(struct hello_tasks *t, const struct port_log *log,
                      uint32_t now_ms)
{
    *t = (struct hello_tasks){.log = log, .ran_ms = now_ms};
    for (uint32_t i = 0; i < HELLO_TASKS; i++)
        t->next_ms[i] = now_ms + i * (HELLO_PERIOD_MS / HELLO_TASKS);
}

void hello_tasks_run(struct hello_tasks *t, uint32_t now_ms)
{
    uint32_t gap = now_ms - t->ran_ms;

    if (gap > t->longest_gap_ms)
        t->longest_gap_ms = gap;
    t->ran_ms = now_ms;
    for (uint32_t i = 0; i < HELLO_TASKS; i++) {
        /* The difference is right across the wrap of the clock. */
        if ((int32_t)(now_ms - t->next_ms[i]) < 0)
            continue;
        t->log->line(t->log->ctx, LINES[i]);
        t->lines[i]++;
        t->next_ms[i] += HELLO_PERIOD_MS;
        if ((int32_t)(now_ms - t->next_ms[i]) >= 0) /* missed a turn: skip it */
            t->next_ms[i] = now_ms + HELLO_PERIOD_MS;
    }
}

enum agent_fitness hello_tasks_fit(const struct hello_tasks *t)
{
    enum agent_fitness fitness = AGENT_FIT;

    for (uint32_t i = 0; i < HELLO_TASKS; i++) {
        if ((int32_t)(t->ran_ms - t->next_ms[i]) >= 0)
            return AGENT_UNFIT;
        if (t->lines[i] == 0)
            fitness = AGENT_NOT_YET;
    }
    return fitness;
}
