/* usdhc.c - two card controllers with nothing in the slot: a command times out.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Ultra Secured Digital Host
 * Controller (uSDHC)". Data transfer and DMA are not modelled, there is nobody
 * to transfer with.
 * Tests: test/unit/emu/test_plain.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    CMD_XFR_TYP = 0x0C,
    PRES_STATE = 0x24,
    SYS_CTRL = 0x2C,
    INT_STATUS = 0x30,
    INT_STATUS_EN = 0x34,
    INT_SIGNAL_EN = 0x38,
    FORCE_EVENT = 0x50,
    MIX_CTRL = 0x48,
    VEND_SPEC = 0xC0,

    PRES_SDSTB = 1 << 3, /* the clock is stable */
    INT_COMMAND_TIMEOUT = 1 << 16,
    SYS_RESET_ALL = 1 << 24,
    SYS_RESETS = 0x0F000000, /* RSTA, RSTC, RSTD, INITA: over at once */
};

static const struct reg_row ROWS[] = {
    {0x00, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {0x04, 1, REG_STORE, 0x00010000, REG_ALL, false}, /* BLK_ATT */
    {0x08, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* CMD_ARG */
    {CMD_XFR_TYP, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {0x10, 4, REG_STORE, 0x00000000, 0, false}, /* CMD_RSP0..3 */
    {0x20, 1, REG_STORE, 0x00000000, 0, false}, /* DATA_BUFF_ACC_PORT */
    {PRES_STATE, 1, REG_STORE, 0x00008080 | PRES_SDSTB, 0, false},
    {0x28, 1, REG_STORE, 0x08800020, REG_ALL, false}, /* PROT_CTRL */
    {SYS_CTRL, 1, REG_STORE, 0x0080800F, REG_ALL, false},
    {INT_STATUS, 1, REG_W1C, 0x00000000, REG_ALL, false},
    {INT_STATUS_EN, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {INT_SIGNAL_EN, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {0x3C, 1, REG_STORE, 0x00000000, 0, false},       /* AUTOCMD12_ERR */
    {0x40, 1, REG_STORE, 0x07F3B407, 0, false},       /* HOST_CTRL_CAP */
    {0x44, 1, REG_STORE, 0x08100810, REG_ALL, false}, /* WTMK_LVL */
    {MIX_CTRL, 1, REG_STORE, 0x80000000, REG_ALL, false},
    {FORCE_EVENT, 1, REG_STORE, 0x00000000, 0, false},
    {0x54, 1, REG_STORE, 0x00000000, 0, false},       /* ADMA_ERR_STATUS */
    {0x58, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* ADMA_SYS_ADDR */
    {0x60, 1, REG_STORE, 0x00000200, REG_ALL, false}, /* DLL_CTRL */
    {0x64, 1, REG_STORE, 0x00000200, 0, false},       /* DLL_STATUS */
    {0x68, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* CLK_TUNE */
    {VEND_SPEC, 1, REG_STORE, 0x20007809, REG_ALL, false},
    {0xC4, 1, REG_STORE, 0x00000000, REG_ALL, false}, /* MMC_BOOT */
    {0xC8, 1, REG_STORE, 0x00000006, REG_ALL, false}, /* VEND_SPEC2 */
    {0xCC, 1, REG_STORE, 0x00212800, REG_ALL, false}, /* TUNING_CTRL */
};

struct usdhc {
    struct soc *soc;
    struct regs *regs;
    unsigned irq;
};

static void sys_ctrl_written(struct usdhc *u)
{
    uint32_t *sys = regs_at(u->regs, SYS_CTRL);

    if (*sys & SYS_RESET_ALL)
        for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
            *regs_at(u->regs, ROWS[i].offset) = ROWS[i].reset;
    *sys &= ~(uint32_t)SYS_RESETS;
}

static void usdhc_written(void *owner, uint32_t off, uint32_t value,
                          uint32_t old)
{
    struct usdhc *u = owner;
    uint32_t *status = regs_at(u->regs, INT_STATUS);

    (void)old;
    if (off == CMD_XFR_TYP)
        *status |= *regs_at(u->regs, INT_STATUS_EN) & INT_COMMAND_TIMEOUT;
    else if (off == FORCE_EVENT)
        *status |= *regs_at(u->regs, INT_STATUS_EN) & value & 0xFFFF0000;
    else if (off == SYS_CTRL)
        sys_ctrl_written(u);
    soc_irq(u->soc, u->irq, *status & *regs_at(u->regs, INT_SIGNAL_EN));
}

static void add(struct soc *s, const char *name, uint32_t base, unsigned irq)
{
    struct usdhc *u = soc_alloc(s, sizeof *u);

    u->soc = s;
    u->irq = irq;
    u->regs =
        regs_add(s, &(struct reg_block){name, base, 0x4000, REG_ROWS(ROWS)},
                 &(struct reg_hooks){.owner = u, .written = usdhc_written});
}

void usdhc_add(struct soc *s)
{
    add(s, "USDHC1", 0x402C0000, 110);
    add(s, "USDHC2", 0x402C4000, 111);
}
