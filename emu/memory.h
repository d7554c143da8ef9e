/* memory.h - the board's memory: RAM that is poisoned at power-on, the flash
 * chip, and the window in which core and DMA see the chip.
 *
 * The window is a copy of the chip, so remap and the chip's busy time cost the
 * core nothing per access, and a fork() gives the child a flash of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_MEMORY_H
#define TERN_EMU_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"

enum {
    MEMORY_ITCM = 0x00000000,
    MEMORY_ITCM_BYTES = 0x20000,
    MEMORY_DTCM = 0x20000000,
    MEMORY_DTCM_BYTES = 0x20000,
    /* OCRAM2 (512 KiB), then what FlexRAM leaves: 256 KiB of 512. */
    MEMORY_OCRAM = 0x20200000,
    MEMORY_OCRAM_BYTES = 0xC0000,
    MEMORY_FLASH = 0x60000000,
    MEMORY_FLASH_BYTES = BOARD_FLASH_BYTES,
    MEMORY_PAGE_BYTES = 0x1000,
};

struct memory;

struct memory_region {
    const char *name;
    uint32_t base, bytes;
    bool writable; /* by the core */
    uint8_t *host;
};

struct memory *memory_new(struct board_why *why); /* flash blank */
void memory_free(struct memory *m);

const struct memory_region *memory_regions(const struct memory *m,
                                           size_t *count);
/* len bytes in one region, as the core sees them; NULL: not there. */
uint8_t *memory_find(const struct memory *m, uint32_t address, size_t len);
const struct memory_region *memory_region_at(const struct memory *m,
                                             uint32_t address);

/* Fill RAM with what silicon has there at power-on: noise. */
void memory_poison(struct memory *m, uint64_t seed);

/* The flash's true bytes; whoever changes them says so. */
uint8_t *memory_chip(struct memory *m);
void memory_chip_changed(struct memory *m, uint32_t offset, uint32_t bytes);
/* The same for someone who has not said so: looks at every page. */
void memory_chip_compare(struct memory *m);
/* As a debugger looks: the flash through remap, even while it is busy. NULL:
 * not there. `chip`: the offset in the chip, or UINT32_MAX for RAM. */
uint8_t *memory_peek(const struct memory *m, uint32_t address, size_t len,
                     uint32_t *chip);
/* [start, end) of the window shows the chip `offset` further on; whole pages.
 * All zero: off. False: outside the chip, remap stays as it was. */
bool memory_remap(struct memory *m, uint32_t start, uint32_t end,
                  uint32_t offset);

/* While busy, a read of the window gives noise, and once per page a call. */
void memory_flash_busy(struct memory *m, bool busy);
bool memory_flash_is_busy(const struct memory *m);

struct memory_events {
    void *ctx;
    /* The window shows other bytes than before. */
    void (*changed)(void *ctx, uint32_t address, uint32_t bytes);
    /* From inside the access, in a signal handler. The signal is raised by
     * translated code or a DMA copy, never inside malloc or stdio, so this may
     * use both; it may not touch the core. */
    void (*busy_read)(void *ctx, uint32_t address);
};
void memory_set_events(struct memory *m, const struct memory_events *e);

#endif
