/* dcdc.c - the core's voltage converter. It gives what it is asked for, and
 * says for a while after a new target that it does not yet.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "DCDC Converter (DCDC)".
 * Tests: test/unit/emu/test_ccm.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    REG0 = 0x0,
    REG3 = 0xC,
    REG3_TARGET = 0x1F,
    /* The manual gives no time. Longer than a PLL takes, so that who waits for
     * the lock alone is noticed. */
    SETTLE_CYCLES = BOARD_HZ / 2000,
};

#define REG0_STS_DC_OK (1u << 31)

static const struct reg_row ROWS[] = {
    {REG0, 1, REG_STORE, 0x14030111, ~REG0_STS_DC_OK, false},
    {0x4, 1, REG_STORE, 0x111BA29C, REG_ALL, false},
    {0x8, 1, REG_STORE, 0x00000009, REG_ALL, false},
    {REG3, 1, REG_STORE, 0x0000010E, REG_ALL, false},
};

struct dcdc {
    struct soc *soc;
    uint64_t settled_at; /* cycles */
};

static uint32_t dcdc_read(void *owner, uint32_t off, uint32_t value)
{
    const struct dcdc *d = owner;

    return off == REG0 && soc_now(d->soc) >= d->settled_at
               ? value | REG0_STS_DC_OK
               : value;
}

static void dcdc_written(void *owner, uint32_t off, uint32_t value,
                         uint32_t old)
{
    struct dcdc *d = owner;

    if (off != REG3)
        return;
    if ((value ^ old) & REG3_TARGET)
        d->settled_at = soc_now(d->soc) + SETTLE_CYCLES;
    clock_check_core(d->soc);
}

static void dcdc_reset(void *owner, enum soc_reset kind)
{
    struct dcdc *d = owner;

    (void)kind;
    d->settled_at = 0;
}

void dcdc_add(struct soc *s)
{
    struct dcdc *d = soc_alloc(s, sizeof *d);

    d->soc = s;
    regs_add(s, &(struct reg_block){"DCDC", 0x40080000, 0x4000, REG_ROWS(ROWS)},
             &(struct reg_hooks){.owner = d,
                                 .read = dcdc_read,
                                 .written = dcdc_written,
                                 .reset = dcdc_reset});
}
