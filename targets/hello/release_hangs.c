/* release_hangs.c - a release whose self-test never comes back, so that not
 * even the end of the trial is noticed: only a watchdog helps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/hello/hello_release.h"

static enum agent_fitness hang(const struct hello_tasks *t)
{
    (void)t;
    for (volatile bool hung = true; hung;) {
    }
    return AGENT_NOT_YET;
}

const struct hello_release HELLO_RELEASE = {
    .note = "note: this release hangs in its self-test",
    .self_test = hang,
};
