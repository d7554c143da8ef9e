/* release_never_confirms.c - a release that starts and runs, but whose
 * self-test never passes: the device must go back to the one before.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/posix-device/hello_release.h"

static bool never(const struct hello_tasks *t)
{
    (void)t;
    return false;
}

const struct hello_release HELLO_RELEASE = {
    .note = "note: this release never passes its self-test",
    .self_test = never,
};
