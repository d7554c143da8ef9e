/* hello_release.h - in what one release of the application differs from the
 * next. Each release links its own file with this struct.
 *
 * The version is not here: it comes from the image header, so that what the
 * program says and what the bootloader checks cannot differ.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_HELLO_RELEASE_H
#define TERN_HELLO_RELEASE_H

#include "agent/agent.h"
#include "targets/hello/hello_tasks.h"

struct hello_release {
    const char *note; /* one line, said at the start */

    /* May this firmware be kept? As agent_config.self_test. */
    enum agent_fitness (*self_test)(const struct hello_tasks *t);
};

extern const struct hello_release HELLO_RELEASE;

#endif
