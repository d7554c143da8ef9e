/* rom.h - what the chip's boot ROM does: find the image in flash, or take the
 * one that the host has loaded.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_ROM_H
#define TERN_EMU_ROM_H

#include "emu/m7.h"

/* Reads FCB and IVT. False: nothing to start, `why` says what is missing. */
bool rom_find_image(struct soc *s, struct m7_start *out, struct board_why *why);

/* How the ROM enters code at `entry`: through a vector table if one stands
 * there, else as the address of an instruction. */
void rom_enter(struct soc *s, uint32_t entry, struct m7_start *out);

#endif
