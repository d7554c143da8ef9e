/* task_step.h - the life of a task as a table: (state, event) to (state,
 * action). Pure; the driver is task_run.c, the diagram is made from RULES.
 *
 * Tests: test/unit/server_core/test_task_step.c walks every pair.
 * Source: spec/device-protocol.md section 7.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_TASK_STEP_H
#define TERN_SERVER_TASK_STEP_H

#include <stddef.h>

#include "server/core/model.h"

enum {
    TASK_STATES = TASK_CANCELED + 1,
    /* A device may begin the same update this often; then the task fails. */
    TASK_ATTEMPTS_MAX = 3,
};

enum task_event {
    TASK_EV_CONNECTED,   /* a connection over which it was not told yet */
    TASK_EV_STEP,        /* progress, a step of 0..100 */
    TASK_EV_STEP_FAILED, /* progress, any other step */
    TASK_EV_TARGET,      /* informed the package's version */
    TASK_EV_SOURCE,      /* informed the source version over a new connection */
    TASK_EV_SOURCE_LAST, /* ... for the last time: attempts are used up */
    TASK_EV_OTHER,       /* informed any other version */
    TASK_EV_PULL,        /* the device asks what there is to do */
    TASK_EV_TIMEOUT,     /* the deadline passed */
    TASK_EV_CANCEL,      /* a person gave it up */
    TASK_EV_CHANGED,     /* offline, enabled: explain anew */
    TASK_EV_BACK,        /* the connection it was told over is heard of anew */
};
enum { TASK_EVENTS = TASK_EV_BACK + 1 };

enum task_action {
    TASK_ACT_NONE,
    TASK_ACT_EXPLAIN, /* only the reason for waiting is written anew */
    TASK_ACT_PUSH,    /* tell the device, or stay QUEUED if that cannot be */
    TASK_ACT_REPUSH,  /* tell it, unless its agent asks by itself */
    TASK_ACT_RESEND,  /* the same push; the broker drops it if it got there */
    TASK_ACT_REPLY,   /* answer its question with the task */
    TASK_ACT_END,     /* write why it ended; job and package hear of it */
};

struct task_rule {
    enum task_state from;
    enum task_event on;
    enum task_state to;
    enum task_action action;
};

/* What a task in this state does on this event. A pair without a rule stays
 * and does nothing. */
struct task_rule task_step(enum task_state from, enum task_event on);

/* The whole table, for the diagram. */
const struct task_rule *task_rules(size_t *count);

const char *task_event_name(enum task_event e);   /* never NULL */
const char *task_action_name(enum task_action a); /* never NULL */

#endif
