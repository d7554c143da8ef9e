/* remap.h - show one part of the flash at another one's addresses.
 *
 * Only reads and fetches through the window at 0x60000000 are moved; commands
 * to the flash chip (flexspi_flash.h) go to physical offsets. Afterwards the
 * buffers and caches hold the old view: flexspi_flash_drop_buffers(),
 * m7_caches_off().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_REMAP_H
#define TERN_PORT_IMXRT1060_REMAP_H

#include <stdint.h>

void remap_off(void);

/* The window shows [to, to + bytes) at [from, from + bytes). Offsets into the
 * flash in steps of 4 KiB, to > from. The caller must not lie in there. */
void remap_on(uint32_t from, uint32_t bytes, uint32_t to);

#endif
