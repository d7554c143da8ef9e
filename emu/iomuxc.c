/* iomuxc.c - pad multiplexers and pad settings, and those of the always-on
 * pads. Storage: every model is wired to its pads whatever these say.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "IOMUX Controller (IOMUXC)".
 * Tests: test/unit/emu/test_iomuxc.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

static const struct reg_row PADS[] = {
    {0x014, 124, REG_STORE, 0x00000005, 0x0000001F, false}, /* SW_MUX_CTL */
    {0x204, 124, REG_STORE, 0x000010B0, 0x0001F8F9, false}, /* SW_PAD_CTL */
    {0x3F4, 154, REG_STORE, 0x00000000, 0x00000007, false}, /* SELECT_INPUT */
    {0x65C, 22, REG_STORE, 0x00000005, 0x0000001F, false},  /* SPI_B0/B1 mux */
    {0x6B4, 22, REG_STORE, 0x000010B0, 0x0001F8F9, false},  /* ... pad */
    {0x70C, 33, REG_STORE, 0x00000000, 0x00000007, false},  /* SELECT_INPUT */
};

static const struct reg_row SNVS_PADS[] = {
    {0x00, 1, REG_STORE, 0x00000005, 0x0000001F, false}, /* mux: WAKEUP */
    {0x04, 2, REG_STORE, 0x00000000, 0x0000001F, false}, /* mux: PMIC_* */
    {0x0C, 6, REG_STORE, 0x000010B0, 0x0001F8F9, false}, /* pads */
};

/* General purpose registers in the always-on domain. */
static const struct reg_row SNVS_GPR[] = {
    {0x00, 4, REG_STORE, 0x00000000, REG_ALL, true},
};

void iomuxc_add(struct soc *s)
{
    regs_add(s,
             &(struct reg_block){"IOMUXC", 0x401F8000, 0x4000, REG_ROWS(PADS)},
             NULL);
    regs_add(s,
             &(struct reg_block){"IOMUXC_SNVS_GPR", 0x400A4000, 0x4000,
                                 REG_ROWS(SNVS_GPR)},
             NULL);
    regs_add(s,
             &(struct reg_block){"IOMUXC_SNVS", 0x400A8000, 0x4000,
                                 REG_ROWS(SNVS_PADS)},
             NULL);
}
