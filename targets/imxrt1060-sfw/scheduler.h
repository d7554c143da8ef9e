/* scheduler.h - tasks that take turns. None ever waits: a task does a bounded
 * amount of work and returns, so that the next one is never late.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SFW_SCHEDULER_H
#define TERN_SFW_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>

struct task {
    const char *name;       /* for a person with a debugger */
    bool (*run)(void *ctx); /* true: it has more to do at once */
    void *ctx;
};

/* For ever. Sleeps when no task has more to do, until there is an interrupt;
 * one has to come at least every AGENT_IDLE_MS. */
void scheduler_run(const struct task *tasks, size_t count)
    __attribute__((noreturn));

#endif
