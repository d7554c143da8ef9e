/* task_run.h - carry out what task_step.h decides: save, tell, explain.
 * Private to server/core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_TASK_RUN_H
#define TERN_SERVER_TASK_RUN_H

#include "server/core/task_step.h"
#include "server/core/turn.h"

/* A task and what it is about. */
struct work {
    struct task task;
    struct device device;
    struct package package;
};

/* What happened; members besides `event` only where they belong to it. */
struct happening {
    enum task_event event;
    int32_t step;           /* STEP, STEP_FAILED */
    const char *desc;       /* STEP, STEP_FAILED: clean text, may be "" */
    const char *version;    /* SOURCE_LAST, OTHER */
    const char *request_id; /* PULL */
};

/* The device's task that is not over, with its package. w->device is set.
 * OTA_ERR_NOT_FOUND: it has none. */
TERN_MUST_USE ota_err task_run_load(struct turn *t, struct work *w);

/* One event: step, act, save. w holds what was saved. */
TERN_MUST_USE ota_err task_run(struct turn *t, struct work *w,
                               const struct happening *h);

/* Is this start with the source version the last one allowed, and does it
 * count as an attempt at all? */
enum task_event task_run_source_event(const struct work *w);

#endif
