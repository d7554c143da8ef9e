/* flexspi_flash.h - the serial NOR on FlexSPI, through its IP commands.
 *
 * Reads are physical: never through the window at 0x60000000, so neither a
 * remap nor a cache changes what they give. All code of flexspi_flash.c runs
 * from ITCM (linker script: `.ramfunc`), interrupts are off while the chip is
 * busy: at most one sector erase (45 ms typical, 300 ms worst).
 *
 * One caller at a time. An error from the FlexSPI or a write that the chip does
 * not accept is OTA_ERR_IO. A chip that never gets ready again has no code to
 * come back to; the watchdog ends that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_FLEXSPI_FLASH_H
#define TERN_PORT_IMXRT1060_FLEXSPI_FLASH_H

#include "port/port_flash.h"

enum {
    FLEXSPI_FLASH_BYTES = 0x800000,
    FLEXSPI_FLASH_SECTOR_BYTES = 0x1000,
    FLEXSPI_FLASH_PAGE_BYTES = 0x100,
};

/* Puts the port's commands into the look-up table. The sequences that the ROM
 * put there, and with them execution in place, stay as they are.
 *
 * Cost  write(): 256 bytes of the caller's stack, because the source may lie in
 *       flash. */
struct port_flash flexspi_flash_begin(void);

/* What the controller has read ahead through the window is forgotten. */
void flexspi_flash_drop_buffers(void);

#endif
