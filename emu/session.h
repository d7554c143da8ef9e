/* session.h - one run of tern-board: a board, its console, its flash file, a
 * person or a gdb.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SESSION_H
#define TERN_EMU_SESSION_H

#include "emu/options.h"

/* Besides the codes that the firmware gives. */
enum {
    SESSION_LEFT = 0,
    SESSION_CANNOT = 1,
    SESSION_USAGE = 2,
    SESSION_STRICT = 3,
    SESSION_LOCKUP = 4,
    SESSION_NO_IMAGE = 5,
};

/* Returns the program's exit code. */
int session_run(const struct options_run *o);

#endif
