/* dcdc.c - the core's voltage converter: in regulation whatever is asked of it.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "DCDC Converter (DCDC)".
 * Tests: test/unit/emu/test_plain.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

enum { REG0 = 0x0, REG3 = 0xC };

#define REG0_STS_DC_OK (1u << 31)

static const struct reg_row ROWS[] = {
    {REG0, 1, REG_STORE, 0x14030111, ~REG0_STS_DC_OK, false},
    {0x4, 1, REG_STORE, 0x111BA29C, REG_ALL, false},
    {0x8, 1, REG_STORE, 0x00000009, REG_ALL, false},
    {REG3, 1, REG_STORE, 0x0000010E, REG_ALL, false},
};

static uint32_t dcdc_read(void *owner, uint32_t off, uint32_t value)
{
    (void)owner;
    return off == REG0 ? value | REG0_STS_DC_OK : value;
}

void dcdc_add(struct soc *s)
{
    regs_add(s, &(struct reg_block){"DCDC", 0x40080000, 0x4000, REG_ROWS(ROWS)},
             &(struct reg_hooks){.read = dcdc_read});
}
