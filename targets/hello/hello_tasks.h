/* hello_tasks.h - two tasks that say hello: the application that must keep
 * running while it is being updated.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_HELLO_TASKS_H
#define TERN_HELLO_TASKS_H

#include <stdint.h>

#include "agent/agent.h"
#include "port/port_log.h"

enum {
    HELLO_TASKS = 2,
    HELLO_PERIOD_MS = 500, /* of each task; they take turns */
};

struct hello_tasks {
    const struct port_log *log;    /* borrowed */
    uint32_t next_ms[HELLO_TASKS]; /* when each task is due */
    uint32_t lines[HELLO_TASKS];   /* that each has said */
    uint32_t ran_ms;               /* last chance the tasks had */
    uint32_t longest_gap_ms;       /* between two chances */
};

void hello_tasks_init(struct hello_tasks *t, const struct port_log *log,
                      uint32_t now_ms);

/* Give each task a chance; it runs if it is due. */
void hello_tasks_run(struct hello_tasks *t, uint32_t now_ms);

/* The self-test: AGENT_NOT_YET until each task has spoken, AGENT_UNFIT when one
 * is overdue. */
enum agent_fitness hello_tasks_fit(const struct hello_tasks *t);

#endif
