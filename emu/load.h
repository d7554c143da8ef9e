/* load.h - programs that the host puts into memory: ELF files, raw images.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_LOAD_H
#define TERN_EMU_LOAD_H

#include "emu/board.h"
#include "emu/m7.h"

enum { LOAD_PIECES_MAX = 32 };

/* What has been read, to be put into memory at each power-on. */
struct load {
    struct load_piece {
        uint32_t address;
        size_t len;
        uint8_t *bytes; /* owned */
    } piece[LOAD_PIECES_MAX];
    size_t pieces;
    uint32_t entry;
};

bool load_elf(struct load *l, const char *file, struct board_why *why);
bool load_raw(struct load *l, const char *file, uint32_t address,
              struct board_why *why);
void load_free(struct load *l); /* empty again */

/* Reads a whole file; *len is its size. NULL: why. The caller frees it. */
uint8_t *load_file(const char *file, size_t max, size_t *len,
                   struct board_why *why);

/* Write the pieces in RAM, or those in flash. False: one fits nowhere. */
bool load_into_ram(const struct load *l, struct soc *s, struct board_why *why);
void load_into_flash(const struct load *l, uint8_t *flash);
/* Does it bring what the boot ROM looks for at the start of flash? */
bool load_has_boot_header(const struct load *l);
/* Where it starts: its vector table if the entry is that table's reset
 * handler, else the bare entry. */
void load_start(const struct load *l, struct soc *s, struct m7_start *out);

#endif
