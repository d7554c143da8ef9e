/* regs.c - registers that follow a table. Start at block_write().
 *
 * Tests: test/unit/emu/test_regs.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/regs.h"

#include <assert.h>

enum { GROUP_BYTES = 16 };

struct regs {
    struct soc *soc;
    struct reg_block block;
    struct reg_hooks hooks;
    uint32_t *value; /* one word per word of the block */
};

static uint32_t row_bytes(const struct reg_row *row)
{
    return row->count * (row->kind == REG_SET_CLEAR ? GROUP_BYTES : 4);
}

static const struct reg_row *row_of(const struct regs *r, uint32_t off)
{
    for (size_t i = 0; i < r->block.row_count; i++) {
        const struct reg_row *row = &r->block.rows[i];
        if (off - row->offset < row_bytes(row))
            return row;
    }
    return NULL;
}

/* The register that an offset belongs to: itself, or its group's. */
static uint32_t register_of(const struct reg_row *row, uint32_t off)
{
    uint32_t unit = row->kind == REG_SET_CLEAR ? GROUP_BYTES : 4;

    return off - (off - row->offset) % unit;
}

uint32_t *regs_at(struct regs *r, uint32_t off)
{
    assert(off < r->block.bytes);
    return &r->value[off / 4];
}

void *regs_owner(const struct regs *r)
{
    return r->hooks.owner;
}

static uint32_t lanes(unsigned width)
{
    return width == 4 ? 0xFFFFFFFFu : (1u << (8 * width)) - 1;
}

static uint32_t block_read(void *ctx, uint32_t off, unsigned width)
{
    struct regs *r = ctx;
    const struct reg_row *row = row_of(r, off);

    if (!row) {
        soc_not_modelled(r->soc, r->block.name, r->block.base + off, false, 0);
        return 0;
    }
    uint32_t at = register_of(row, off);
    uint32_t value = *regs_at(r, at);

    if (r->hooks.read)
        value = r->hooks.read(r->hooks.owner, at, value);
    return value >> (8 * (off % 4)) & lanes(width);
}

static uint32_t stored(const struct reg_row *row, uint32_t old, uint32_t value,
                       unsigned action)
{
    uint32_t bits = value & row->writable;

    if (row->kind == REG_W1C)
        return old & ~bits;
    switch (action) {
    case 1:
        return old | bits;
    case 2:
        return old & ~bits;
    case 3:
        return old ^ bits;
    default:
        return (old & ~row->writable) | bits;
    }
}

static void block_write(void *ctx, uint32_t off, uint32_t value, unsigned width)
{
    struct regs *r = ctx;
    const struct reg_row *row = row_of(r, off);

    if (!row) {
        soc_not_modelled(r->soc, r->block.name, r->block.base + off, true,
                         value);
        return;
    }
    uint32_t at = register_of(row, off);
    uint32_t *word = regs_at(r, at), old = *word;
    unsigned action =
        row->kind == REG_SET_CLEAR ? (off - row->offset) % GROUP_BYTES / 4 : 0;
    unsigned shift = 8 * (off % 4);
    uint32_t whole = (value & lanes(width)) << shift;

    if (row->kind != REG_W1C && action == 0)
        whole |= old & ~(lanes(width) << shift);
    *word = stored(row, old, whole, action);
    if (action != 0) /* hooks see what a plain write would have brought */
        whole = *word;
    if (r->hooks.written)
        r->hooks.written(r->hooks.owner, at, whole, old);
}

static void block_reset(void *ctx, enum soc_reset kind)
{
    struct regs *r = ctx;

    for (size_t i = 0; i < r->block.row_count; i++) {
        const struct reg_row *row = &r->block.rows[i];
        uint32_t step = row->kind == REG_SET_CLEAR ? GROUP_BYTES : 4;
        if (row->keeps && kind == SOC_RESET_SYSTEM)
            continue;
        for (uint32_t n = 0; n < row->count; n++)
            *regs_at(r, row->offset + n * step) = row->reset;
    }
    if (r->hooks.reset)
        r->hooks.reset(r->hooks.owner, kind);
}

struct regs *regs_add(struct soc *s, const struct reg_block *block,
                      const struct reg_hooks *hooks)
{
    struct regs *r = soc_alloc(s, sizeof *r);

    r->soc = s;
    r->block = *block;
    if (hooks)
        r->hooks = *hooks;
    r->value = soc_alloc(s, block->bytes);
    soc_add(s, &(struct soc_device){.name = block->name,
                                    .base = block->base,
                                    .bytes = block->bytes,
                                    .ctx = r,
                                    .read = block_read,
                                    .write = block_write,
                                    .reset = block_reset});
    return r;
}
