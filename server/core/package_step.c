/* package_step.c - a package is VERIFIED as soon as one test device runs it,
 * and stays so: what later tests show is in their tasks.
 *
 * Tests: test/unit/server_core/test_package_step.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/package_step.h"

#include <stddef.h>

struct rule {
    enum package_state from;
    enum package_event on;
    enum package_state to;
};

static const struct rule RULES[] = {
    {PACKAGE_UNVERIFIED, PACKAGE_EV_VERIFY, PACKAGE_VERIFYING},
    {PACKAGE_VERIFY_FAILED, PACKAGE_EV_VERIFY, PACKAGE_VERIFYING},
    {PACKAGE_VERIFYING, PACKAGE_EV_SUCCEEDED, PACKAGE_VERIFIED},
    {PACKAGE_VERIFYING, PACKAGE_EV_OVER, PACKAGE_VERIFY_FAILED},
};

bool package_may_verify(enum package_state s)
{
    return s != PACKAGE_NOT_NEEDED;
}

enum package_state package_step(enum package_state s, enum package_event e)
{
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        if (RULES[i].from == s && RULES[i].on == e)
            return RULES[i].to;
    }
    return s;
}

enum job_state job_step(enum job_state s, bool open)
{
    return s == JOB_IN_PROGRESS && !open ? JOB_COMPLETED : s;
}
