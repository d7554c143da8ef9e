/* nor_sfdp.h - what the flash says of itself to command 0x5A.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NOR_SFDP_H
#define TERN_EMU_NOR_SFDP_H

#include <stdint.h>

/* The byte at `address` of the SFDP space; FF where there is nothing. */
uint8_t nor_sfdp_byte(uint32_t address);

#endif
