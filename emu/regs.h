/* regs.h - registers that follow a table: what a block of the manual lists as
 * offset, reset value and access becomes rows, and only what a register *does*
 * is code, in hooks.
 *
 * An offset without a row is reported by soc_not_modelled() and reads as zero.
 * Tests: test/unit/emu/test_regs.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_REGS_H
#define TERN_EMU_REGS_H

#include "emu/soc.h"

enum reg_kind {
    REG_STORE,     /* keeps the writable bits; with mask 0 it is read-only */
    REG_W1C,       /* a writable bit written as one becomes zero */
    REG_SET_CLEAR, /* REG_STORE at +0; +4 sets, +8 clears, +C toggles its bits
                    */
};

struct reg_row {
    uint32_t offset;
    uint32_t count; /* words side by side; groups of 16 bytes for SET_CLEAR */
    enum reg_kind kind;
    uint32_t reset;
    uint32_t writable;
    bool keeps; /* over a system reset; power-on resets it all the same */
};

#define REG_ALL 0xFFFFFFFFu

/* What registers do. Each member may be NULL. Offsets are of the register
 * itself, also when its set, clear or toggle address was used. */
struct reg_hooks {
    void *owner;
    uint32_t (*read)(void *owner, uint32_t off, uint32_t value);
    /* After the table was applied. `value`: the whole word as written, before
     * masks; `old`: what the register held. */
    void (*written)(void *owner, uint32_t off, uint32_t value, uint32_t old);
    void (*reset)(void *owner, enum soc_reset kind);
};

struct reg_block {
    const char *name;
    uint32_t base, bytes;
    const struct reg_row *rows;
    size_t row_count;
};

struct regs;

/* Puts the block on the bus. hooks NULL: storage is all that it does. The block
 * is copied; its name and rows are kept. */
struct regs *regs_add(struct soc *s, const struct reg_block *block,
                      const struct reg_hooks *hooks);
/* The stored word of a register that has a row. */
uint32_t *regs_at(struct regs *r, uint32_t off);
/* The owner in the hooks; a struct regs is the ctx of its soc_device. */
void *regs_owner(const struct regs *r);

#define REG_ROWS(table) (table), sizeof(table) / sizeof((table)[0])

#endif
