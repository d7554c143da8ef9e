/* plain.c - blocks that firmware sets up and whose effect the board does not
 * have: bus bridges, access control, ROM patches, bus encryption, the FlexRAM
 * controller. Storage, so that set-up code finds what it wrote.
 *
 * i.MX RT1060 Processor Reference Manual, chapters "AHB to IP Bridge
 * (AIPSTZ)", "Central Security Unit (CSU)" (security manual), "ROM Controller
 * with Patch (ROMC)", "Bus Encryption Engine (BEE)", "FlexRAM".
 *
 * BEE decrypts nothing: an encrypted image does not run. FlexRAM's access
 * error flags never rise.
 * Tests: test/unit/emu/test_plain.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

static const struct reg_row AIPSTZ[] = {
    {0x00, 1, REG_STORE, 0x77000000, REG_ALL, false}, /* MPR */
    {0x40, 5, REG_STORE, 0x44444444, REG_ALL, false}, /* OPACR..OPACR4 */
};

static const struct reg_row CSU[] = {
    {0x000, 32, REG_STORE, 0x00330033, REG_ALL, false}, /* CSL0..31 */
    {0x200, 1, REG_STORE, 0x00000000, REG_ALL, false},  /* HP0 */
    {0x218, 1, REG_STORE, 0x00000000, REG_ALL, false},  /* SA */
    {0x358, 1, REG_STORE, 0x00000000, REG_ALL, false},  /* HPCONTROL0 */
};

static const struct reg_row ROMC[] = {
    {0x0D4, 8, REG_STORE, 0x00000000, REG_ALL, false},     /* ROMPATCH7D..0D */
    {0x0F4, 1, REG_STORE, 0x08400000, REG_ALL, false},     /* CNTL */
    {0x0FC, 1, REG_STORE, 0x00000000, REG_ALL, false},     /* ENL */
    {0x100, 16, REG_STORE, 0x00000000, 0x003FFFFF, false}, /* A0..A15 */
    {0x208, 1, REG_W1C, 0x00000000, 0x0002003F, false},    /* SR */
};

static const struct reg_row BEE[] = {
    {0x00, 1, REG_STORE, 0x77000000, REG_ALL, false},  /* CTRL */
    {0x04, 2, REG_STORE, 0x00000000, REG_ALL, false},  /* ADDR_OFFSET0, 1 */
    {0x0C, 4, REG_STORE, 0x00000000, REG_ALL, false},  /* AES_KEY0 */
    {0x1C, 1, REG_W1C, 0x00000000, 0x000000FF, false}, /* STATUS */
    {0x20, 10, REG_STORE, 0x00000000, REG_ALL, false}, /* nonces, region1 */
};

static const struct reg_row FLEXRAM[] = {
    {0x00, 1, REG_STORE, 0x00000000, REG_ALL, false},    /* TCM_CTRL */
    {0x04, 3, REG_STORE, 0x00000000, REG_ALL, false},    /* magic addresses */
    {0x10, 1, REG_W1C, 0x00000000, 0x0000003F, false},   /* INT_STATUS */
    {0x14, 2, REG_STORE, 0x00000000, 0x0000003F, false}, /* STAT, SIG enable */
};

static const struct reg_block BLOCKS[] = {
    {"AIPSTZ1", 0x4007C000, 0x4000, REG_ROWS(AIPSTZ)},
    {"AIPSTZ2", 0x4017C000, 0x4000, REG_ROWS(AIPSTZ)},
    {"AIPSTZ3", 0x4027C000, 0x4000, REG_ROWS(AIPSTZ)},
    {"AIPSTZ4", 0x4037C000, 0x4000, REG_ROWS(AIPSTZ)},
    {"BEE", 0x403EC000, 0x4000, REG_ROWS(BEE)},
    {"CSU", 0x400DC000, 0x4000, REG_ROWS(CSU)},
    {"FLEXRAM", 0x400B0000, 0x4000, REG_ROWS(FLEXRAM)},
    {"ROMC", 0x40180000, 0x4000, REG_ROWS(ROMC)},
};

void plain_add(struct soc *s)
{
    for (size_t i = 0; i < sizeof BLOCKS / sizeof BLOCKS[0]; i++)
        regs_add(s, &BLOCKS[i], NULL);
}
