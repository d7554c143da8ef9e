/* session_stats.c - see session_stats.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/session_stats.h"

#include <inttypes.h>
#include <sys/resource.h>

enum { SECTOR_BYTES = 4096 };

void session_stats_power_ends(struct session_stats *s, const struct board *b)
{
    struct board_stats now;

    board_stats(b, &now);
    s->cycles += now.cycles;
    s->instructions += now.instructions;
    s->power_cuts++;
}

uint64_t session_stats_cycles(const struct session_stats *s,
                              const struct board *b)
{
    struct board_stats now;

    board_stats(b, &now);
    return s->cycles + now.cycles;
}

uint64_t session_stats_flash_ops(const struct board *b)
{
    struct board_stats now;

    board_stats(b, &now);
    return now.flash_erases + now.flash_programs;
}

static uint32_t most_worn(const struct board *b)
{
    uint32_t most = 0;

    for (uint32_t off = 0; off < BOARD_FLASH_BYTES; off += SECTOR_BYTES)
        if (board_wear(b, off) > most)
            most = board_wear(b, off);
    return most;
}

void session_stats_print(const struct session_stats *s, const struct board *b,
                         FILE *to)
{
    struct board_stats now;
    struct rusage use;

    board_stats(b, &now);
    (void)getrusage(RUSAGE_SELF, &use);
    uint64_t cycles = s->cycles + now.cycles;
    uint64_t instructions = s->instructions + now.instructions;
    double seconds = (double)s->run_ns / 1e9;

    (void)fprintf(to, "virtual_seconds     %.6f\n", (double)cycles / BOARD_HZ);
    (void)fprintf(to, "cycles              %" PRIu64 "\n", cycles);
    (void)fprintf(to, "instructions        %" PRIu64 "\n", instructions);
    (void)fprintf(to, "host_seconds        %.6f\n", seconds);
    (void)fprintf(to, "mips                %.1f\n",
                  seconds > 0 ? (double)instructions / 1e6 / seconds : 0);
    (void)fprintf(to, "flash_erases        %" PRIu64 "\n", now.flash_erases);
    (void)fprintf(to, "flash_programs      %" PRIu64 "\n", now.flash_programs);
    (void)fprintf(to, "most_worn_sector    %" PRIu32 "\n", most_worn(b));
    (void)fprintf(to, "interrupts          %" PRIu64 "\n", now.interrupts);
    (void)fprintf(to, "resets              %" PRIu64 "\n", now.resets);
    (void)fprintf(to, "power_cuts          %u\n", s->power_cuts);
    (void)fprintf(to, "not_modelled        %" PRIu64 "\n", now.not_modelled);
    (void)fprintf(to, "peak_rss_kib        %ld\n", use.ru_maxrss);
}
