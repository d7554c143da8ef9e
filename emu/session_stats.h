/* session_stats.h - what a run cost, over all its power-ons.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SESSION_STATS_H
#define TERN_EMU_SESSION_STATS_H

#include <stdint.h>
#include <stdio.h>

#include "emu/board.h"

struct session_stats {
    uint64_t cycles, instructions; /* of the power-ons that are over */
    uint64_t run_ns;               /* host time inside board_run() */
    unsigned power_cuts;
};

/* Before the power goes, or when it has just gone. */
void session_stats_power_ends(struct session_stats *s, const struct board *b);
uint64_t session_stats_cycles(const struct session_stats *s,
                              const struct board *b);
uint64_t session_stats_flash_ops(const struct board *b);
/* One "name value" per line. */
void session_stats_print(const struct session_stats *s, const struct board *b,
                         FILE *to);

#endif
