/* release_never_confirms.c - a release that starts and runs, but whose
 * self-test never comes to an end: the next reset leads back to the release
 * before, or the end of the trial does.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/hello/hello_release.h"

static enum agent_fitness never(const struct hello_tasks *t)
{
    (void)t;
    return AGENT_NOT_YET;
}

const struct hello_release HELLO_RELEASE = {
    .note = "note: this release never finishes its self-test",
    .self_test = never,
};
