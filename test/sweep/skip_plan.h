/* skip_plan.h - which instructions of a run on the emulated board are to be
 * skipped, and when the board comes to them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_SKIP_PLAN_H
#define TERN_TEST_SKIP_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"

/* One instruction that was executed. */
struct skip_target {
    uint64_t cycle; /* at which its block of instructions begins */
    uint32_t address;
    uint32_t nth; /* time that this address is executed */
};

/* Code whose every execution counts; of all other code the first and the last
 * execution of each address are taken. */
struct skip_range {
    uint32_t begin, end;
};

struct skip_plan {
    struct skip_target *target; /* in the order of execution */
    size_t targets;
    size_t addresses;      /* different ones that were executed */
    uint64_t instructions; /* executed in all */
    uint64_t end;          /* cycle of the last block */
};

/* Make the plan out of a trace file (emu/board.h) of the run. `b`: the board
 * after that run, for its code. Ends the program if the file cannot be read or
 * memory is short. */
void skip_plan_make(struct skip_plan *out, struct board *b, const char *trace,
                    const struct skip_range *every, size_t ranges);
void skip_plan_free(struct skip_plan *p);

#endif
