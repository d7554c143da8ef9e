/* sweep.h - `tern-board sweep`: cut the power at every flash operation of a
 * scenario, in several ways, and see whether the board recovers.
 *
 * How: the run is made once to learn in which slice of time each operation
 * falls. Then it is made again; before each such slice the process forks, the
 * child sets the cut, runs on until it comes, powers up and checks. With a
 * second cut, the child does the same with its recovery.
 * Tests: test/system/test_board.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SWEEP_H
#define TERN_EMU_SWEEP_H

#include "emu/options.h"

/* Returns the program's exit code: 0 all recovered, 1 not, or cannot run. */
int sweep_run(const struct options_sweep *o);

#endif
