/* sweep_jobs.h - the cases of a sweep as processes, so many at once, and what
 * they found, in memory that all of them share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SWEEP_JOBS_H
#define TERN_EMU_SWEEP_JOBS_H

#include <stdatomic.h>
#include <sys/types.h>

#include "emu/options.h"

enum { SWEEP_FAILURES_KEPT = 256, SWEEP_OPS_MAX = 65536 };

/* One case: the cuts that lead to it. */
struct sweep_case {
    struct board_cut cut[2];
    unsigned cuts;
};

/* In which slice of a run each flash operation falls. */
struct sweep_plan {
    bool made;
    uint32_t ops;
    uint32_t slice[SWEEP_OPS_MAX];
};

struct sweep_shared {
    atomic_uint tried, second_tried, failed;
    struct sweep_failure {
        struct sweep_case which;
        struct board_why why;
    } failure[SWEEP_FAILURES_KEPT];
    struct sweep_plan plan;
};

struct sweep_jobs {
    struct sweep_shared *shared;
    unsigned max, running;
    struct sweep_job {
        pid_t pid;
        struct sweep_case which;
    } job[OPTIONS_JOBS_MAX];
    void (*waited)(void *ctx); /* a process has ended; may be NULL */
    void *ctx;
};

/* NULL: no memory. It is all zero. */
struct sweep_shared *sweep_shared_new(void);
void sweep_shared_free(struct sweep_shared *s);

/* Waits until one more may run, then forks. Returns true in the child, which
 * ends with _exit(0); a child that ends otherwise is a failure of `which`. */
bool sweep_jobs_fork(struct sweep_jobs *j, const struct sweep_case *which);
void sweep_jobs_wait(struct sweep_jobs *j); /* for all */

void sweep_report(struct sweep_shared *s, const struct sweep_case *which,
                  bool ok, const struct board_why *why);

#endif
