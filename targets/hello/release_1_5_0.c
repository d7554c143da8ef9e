/* release_1_5_0.c - the second update, into the slot the first came from.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/hello/hello_release.h"

const struct hello_release HELLO_RELEASE = {
    .note = "note: this one went back into the other slot",
    .self_test = hello_tasks_fit,
};
