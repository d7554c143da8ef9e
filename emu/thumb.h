/* thumb.h - the little that the core must know of Thumb code, because the
 * emulation library does not tell it: where instructions begin, which load
 * caused a fault, which instructions trap.
 *
 * Pure. ARMv7-M Architecture Reference Manual, A5 "The Thumb Instruction Set
 * Encoding".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_THUMB_H
#define TERN_EMU_THUMB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thumb_insn {
    uint16_t first, second; /* second: 0 for a 16-bit instruction */
    uint32_t address;
    unsigned bytes; /* 2 or 4 */
};

/* Reads one instruction from the `len` bytes at code, which stand at address.
 * A cut-off second half reads as zero. */
struct thumb_insn thumb_read(const uint8_t *code, size_t len, uint32_t address);

/* Instructions in a block of `len` bytes. */
unsigned thumb_count(const uint8_t *code, size_t len);

/* ITSTATE for the instruction after `i`, from that for `i`. */
uint8_t thumb_next_it(const struct thumb_insn *i, uint8_t it);

/* Does this instruction, with these registers, read memory, and where? */
struct thumb_span {
    uint32_t address, bytes;
};
bool thumb_loads(const struct thumb_insn *i, const uint32_t r[16],
                 struct thumb_span *out);

bool thumb_is_sev(const struct thumb_insn *i);
bool thumb_is_wfe(const struct thumb_insn *i);
bool thumb_is_yield(const struct thumb_insn *i);
/* Could an instruction with this high byte be one of the next two? Quick. */
bool thumb_may_trap(uint8_t high_byte);
bool thumb_is_fp(const struct thumb_insn *i); /* coprocessors 10 and 11 */
/* SDIV or UDIV; *divisor: the register's number. */
bool thumb_is_divide(const struct thumb_insn *i, unsigned *divisor);

#endif
