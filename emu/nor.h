/* nor.h - a serial NOR flash of 8 MiB, as its datasheet describes it: commands,
 * status, busy time, wear, and what a power cut leaves behind.
 *
 * Knows nothing of the FlexSPI in front of it: flexspi.c sends command bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NOR_H
#define TERN_EMU_NOR_H

#include "emu/board.h"
#include "emu/soc.h"

struct nor;

enum {
    NOR_SECTOR_BYTES = 0x1000,
    NOR_PAGE_BYTES = 0x100,
    NOR_STATUS_WIP = 0x01,
    NOR_STATUS_WEL = 0x02,
};

/* bytes: BOARD_FLASH_BYTES, the board's; kept for the life of the nor. */
struct nor *nor_new(struct soc *s, uint8_t *bytes);
void nor_reset(struct nor *n); /* power-on: not busy, write-disabled */
/* Power goes: an operation that runs is left torn, each of its bits old or new
 * by the board's seed. Until nor_reset() no command does anything. */
void nor_power_off(struct nor *n);
/* The processor was reset, the chip was not: what runs goes on. flexspi.c calls
 * this and nor_reset(). */
void nor_soc_reset(struct nor *n);

/* One command, chip select low to high. What a command needs (address, data in,
 * data out) is in its arguments; unknown ones are noted and ignored.
 * in/in_len: bytes after the address for a program or register write.
 * out/out_len: bytes to read. */
struct nor_command {
    uint8_t opcode;
    uint32_t address;
    const uint8_t *in;
    size_t in_len;
    uint8_t *out;
    size_t out_len;
};
void nor_command(struct nor *n, const struct nor_command *c);

bool nor_busy(const struct nor *n);
void nor_cut_at(struct nor *n, const struct board_cut *cut);

/* Called when the cut operation has been torn: the board loses power. */
void nor_on_cut(struct nor *n, void (*cut)(void *ctx), void *ctx);

uint64_t nor_erases(const struct nor *n);
uint64_t nor_programs(const struct nor *n);
uint32_t nor_wear(const struct nor *n, uint32_t offset);
/* One line per operation: "cycle op offset bytes", then "torn how" if the cut
 * hit it. NULL: none, and closes the file; so does the end of the board's use:
 * call it before soc_free(). */
bool nor_log(struct nor *n, const char *file);

#endif
