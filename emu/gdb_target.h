/* gdb_target.h - the registers as gdb sees them: their order in a `g` packet
 * and target.xml, which tells gdb.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_GDB_TARGET_H
#define TERN_EMU_GDB_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"

enum { GDB_REG_BYTES_MAX = 8 };

size_t gdb_target_regs(void);
/* Bytes of register n, low end first; 0: no such register. */
size_t gdb_target_get(struct board *b, size_t n,
                      uint8_t bytes[GDB_REG_BYTES_MAX]);
size_t gdb_target_bytes(size_t n);
void gdb_target_set(struct board *b, size_t n, const uint8_t *bytes);

enum { GDB_XML_MAX = 4096 };
/* Returns the length. */
size_t gdb_target_xml(char xml[GDB_XML_MAX]);

#endif
