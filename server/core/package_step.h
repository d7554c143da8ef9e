/* package_step.h - the verification of a package, and the end of a job, as
 * pure rules. Source: the states are Aliyun's; DESIGN of the reasons below.
 *
 * Tests: test/unit/server_core/test_package_step.c walks every pair.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_PACKAGE_STEP_H
#define TERN_SERVER_PACKAGE_STEP_H

#include "server/core/model.h"

enum { PACKAGE_STATES = PACKAGE_VERIFY_FAILED + 1 };

enum package_event {
    PACKAGE_EV_VERIFY,    /* a verification job was made */
    PACKAGE_EV_SUCCEEDED, /* a test device runs it */
    PACKAGE_EV_OVER,      /* no test device is at it any more */
};
enum { PACKAGE_EVENTS = PACKAGE_EV_OVER + 1 };

/* May a verification start in this state? VERIFIED: yes, on more devices. */
bool package_may_verify(enum package_state s);

enum package_state package_step(enum package_state s, enum package_event e);

/* A job whose tasks are all over is complete. */
enum job_state job_step(enum job_state s, bool open);

#endif
