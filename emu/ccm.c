/* ccm.c - clock gates, dividers and multiplexers. All of it is storage:
 * clocks.c works out the frequencies.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Clock Controller Module
 * (CCM)". Gates (CCGR) do not stop a model: a peripheral whose clock firmware
 * forgot answers here and hangs the bus on silicon.
 * Tests: test/unit/emu/test_ccm.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

/* CDHIPR (0x48) says which handshake is under way: always over. */
static const struct reg_row ROWS[] = {
    {0x00, 1, REG_STORE, 0x0401167F, REG_ALL, false},    /* CCR */
    {0x08, 1, REG_STORE, 0x00000010, 0, false},          /* CSR */
    {0x0C, 1, REG_STORE, 0x00000100, REG_ALL, false},    /* CCSR */
    {0x10, 1, REG_STORE, 0x00000001, 0x00000007, false}, /* CACRR */
    {0x14, 1, REG_STORE, 0x000A8200, REG_ALL, false},    /* CBCDR */
    {0x18, 1, REG_STORE, 0x2DAE8324, REG_ALL, false},    /* CBCMR */
    {0x1C, 1, REG_STORE, 0x04900080, REG_ALL, false},    /* CSCMR1 */
    {0x20, 1, REG_STORE, 0x13192F06, REG_ALL, false},    /* CSCMR2 */
    {0x24, 1, REG_STORE, 0x06490B00, REG_ALL, false},    /* CSCDR1 */
    {0x28, 1, REG_STORE, 0x0EC102C1, REG_ALL, false},    /* CS1CDR */
    {0x2C, 1, REG_STORE, 0x000736C1, REG_ALL, false},    /* CS2CDR */
    {0x30, 1, REG_STORE, 0x33F71F92, REG_ALL, false},    /* CDCDR */
    {0x38, 1, REG_STORE, 0x00029150, REG_ALL, false},    /* CSCDR2 */
    {0x3C, 1, REG_STORE, 0x00030841, REG_ALL, false},    /* CSCDR3 */
    {0x48, 1, REG_STORE, 0x00000000, 0, false},          /* CDHIPR */
    {0x54, 1, REG_STORE, 0x00000079, REG_ALL, false},    /* CLPCR */
    {0x58, 1, REG_W1C, 0x00000000, REG_ALL, false},      /* CISR */
    {0x5C, 1, REG_STORE, 0xFFFFFFFF, REG_ALL, false},    /* CIMR */
    {0x60, 1, REG_STORE, 0x000A0001, REG_ALL, false},    /* CCOSR */
    {0x64, 1, REG_STORE, 0x0000FE62, REG_ALL, false},    /* CGPR */
    {0x68, 8, REG_STORE, 0xFFFFFFFF, REG_ALL, false},    /* CCGR0..7 */
    {0x88, 1, REG_STORE, 0x7FFFFFFF, REG_ALL, false},    /* CMEOR */
};

void ccm_add(struct soc *s)
{
    regs_add(s, &(struct reg_block){"CCM", 0x400FC000, 0x4000, REG_ROWS(ROWS)},
             NULL);
}
