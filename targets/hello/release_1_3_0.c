/* release_1_3_0.c - the release that leaves the factory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/hello/hello_release.h"

const struct hello_release HELLO_RELEASE = {
    .note = "note: as shipped from the factory",
    .self_test = hello_tasks_fit,
};
