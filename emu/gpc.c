/* gpc.c - power gating and the wake-up masks: storage. The core wakes by its
 * own interrupt enables; low-power modes are not told apart.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "General Power Controller
 * (GPC)", with the power gating controller (PGC).
 * Tests: test/unit/emu/test_plain.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

static const struct reg_row ROWS[] = {
    {0x00, 1, REG_STORE, 0x00520000, REG_ALL, false},  /* CNTR */
    {0x08, 4, REG_STORE, 0x00000000, REG_ALL, false},  /* IMR1..4 */
    {0x18, 4, REG_STORE, 0x00000000, 0, false},        /* ISR1..4 */
    {0x34, 1, REG_STORE, 0x00000000, REG_ALL, false},  /* IMR5 */
    {0x38, 1, REG_STORE, 0x00000000, 0, false},        /* ISR5 */
    {0x220, 1, REG_STORE, 0x00000000, 0x1, false},     /* PGC MEGA_CTRL */
    {0x224, 2, REG_STORE, 0x00000F01, REG_ALL, false}, /* MEGA_PU, PDN */
    {0x22C, 1, REG_W1C, 0x00000000, 0x1, false},       /* MEGA_SR */
    {0x2A0, 1, REG_STORE, 0x00000000, 0x1, false},     /* PGC CPU_CTRL */
    {0x2A4, 2, REG_STORE, 0x00000F01, REG_ALL, false}, /* CPU_PU, PDN */
    {0x2AC, 1, REG_W1C, 0x00000000, 0x1, false},       /* CPU_SR */
};

void gpc_add(struct soc *s)
{
    regs_add(s, &(struct reg_block){"GPC", 0x400F4000, 0x4000, REG_ROWS(ROWS)},
             NULL);
}
