/* random.h - the one source of seeded noise on the board: the same seed gives
 * the same run.
 *
 * Tests: test/emu/test_determinism.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_RANDOM_H
#define TERN_EMU_RANDOM_H

#include <stdint.h>

/* The next number of the sequence that *state stands in; any state will do. */
uint64_t random_next(uint64_t *state);

#endif
