/* iomuxc_gpr.c - general purpose registers of the chip: FlexRAM's split and,
 * what updates live from, the remap window of the flash.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "IOMUX Controller (IOMUXC)",
 * section on the general purpose registers. GPR30 is the window's start, GPR31
 * its end, GPR32 the offset added, each in 4 KiB. The manual has no enable bit;
 * any of the three being zero, or an end not above the start, is taken as off.
 * FlexRAM's split (GPR14, 16, 17) is storage: the memory map stays.
 * Tests: test/unit/emu/test_iomuxc.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    GPR14 = 14 * 4,
    GPR16 = 16 * 4,
    GPR30 = 30 * 4, /* ADDR_START */
    GPR31 = 31 * 4, /* ADDR_END */
    GPR32 = 32 * 4, /* OFFSET */
};

#define ADDRESS_BITS 0xFFFFF000u

static const struct reg_row ROWS[] = {
    {0x00, 14, REG_STORE, 0x00000000, REG_ALL, false}, /* GPR0..13 */
    {GPR14, 1, REG_STORE, 0x00880000, REG_ALL, false}, /* TCM sizes: 128 KiB */
    {15 * 4, 1, REG_STORE, 0xFFFFFFFF, REG_ALL, false},
    {GPR16, 1, REG_STORE, 0x00200003, REG_ALL, false},   /* vectors: the ROM */
    {17 * 4, 13, REG_STORE, 0x00000000, REG_ALL, false}, /* GPR17..29 */
    {GPR30, 3, REG_STORE, 0x00000000, ADDRESS_BITS, false},
    {33 * 4, 2, REG_STORE, 0x00000000, REG_ALL, false}, /* GPR33, 34 */
};

struct gpr {
    struct soc *soc;
    struct regs *regs;
};

static void gpr_written(void *owner, uint32_t off, uint32_t value, uint32_t old)
{
    const struct gpr *g = owner;
    uint32_t start = *regs_at(g->regs, GPR30), end = *regs_at(g->regs, GPR31);
    uint32_t offset = *regs_at(g->regs, GPR32);

    (void)value;
    if (off < GPR30 || off > GPR32 || *regs_at(g->regs, off) == old)
        return;
    /* Half written, or half cleared, is no window yet or any more. */
    if (start == 0 || end == 0 || offset == 0)
        start = end = offset = 0;
    soc_remap(g->soc, start, end, offset);
}

void iomuxc_gpr_add(struct soc *s)
{
    struct gpr *g = soc_alloc(s, sizeof *g);

    g->soc = s; /* soc.h: a reset has switched the window off already */
    g->regs = regs_add(
        s,
        &(struct reg_block){"IOMUXC_GPR", 0x400AC000, 0x4000, REG_ROWS(ROWS)},
        &(struct reg_hooks){.owner = g, .written = gpr_written});
}
