/* release_1_4_0.c - the first update.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/hello/hello_release.h"

const struct hello_release HELLO_RELEASE = {
    .note = "note: the first release that came over the air",
    .self_test = hello_tasks_fit,
};
