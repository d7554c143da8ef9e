/* src.c - why the chip was reset, and registers that outlive a reset.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "System Reset Controller
 * (SRC)". SRSR gathers causes until firmware writes ones; power-on leaves only
 * IPP_RESET_B. The boot pins are those of flash boot (SBMR2 BMOD = 2).
 * Tests: test/unit/emu/test_src.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/src.h"

#include "emu/peripherals.h"
#include "emu/regs.h"
#include "emu/soc_host.h"

enum {
    BASE = 0x400F8000,
    SCR = 0x00,
    SBMR1 = 0x04,
    SRSR = 0x08,
    SBMR2 = 0x1C,
    GPR1 = 0x20,

    SCR_MASK_WDOG_LOW = 7, /* four bits: 5 masks, 10 (reset value) does not */
    SCR_MASK_WDOG3_LOW = 28,
    SCR_MASKED = 5,
    SBMR2_FLASH_BOOT = 0x02000000,
};

static const struct reg_row ROWS[] = {
    {SCR, 1, REG_STORE, 0xA0480520, REG_ALL, false},
    {SBMR1, 1, REG_STORE, 0x00000000, 0, false},
    {SRSR, 1, REG_W1C, SRC_SRSR_IPP_RESET_B, 0x000001FF, true},
    {SBMR2, 1, REG_STORE, SBMR2_FLASH_BOOT, 0, false},
    {GPR1, 10, REG_STORE, 0x00000000, REG_ALL, true},
};

struct src {
    struct soc *soc;
    struct regs *regs;
};

static void src_reset(void *owner, enum soc_reset kind)
{
    struct src *r = owner;

    if (kind == SOC_RESET_SYSTEM)
        *regs_at(r->regs, SRSR) |= soc_reset_cause(r->soc);
}

void src_add(struct soc *s)
{
    struct src *r = soc_alloc(s, sizeof *r);

    r->soc = s;
    r->regs =
        regs_add(s, &(struct reg_block){"SRC", BASE, 0x4000, REG_ROWS(ROWS)},
                 &(struct reg_hooks){.owner = r, .reset = src_reset});
}

void src_watchdog(struct soc *s, uint32_t srsr)
{
    uint32_t scr = soc_read(s, BASE + SCR, 4);
    unsigned low =
        srsr == SRC_SRSR_WDOG3_RST_B ? SCR_MASK_WDOG3_LOW : SCR_MASK_WDOG_LOW;

    if ((scr >> low & 0xF) == SCR_MASKED)
        soc_note(s, "watchdog bit: SRC_SCR masks it, no reset");
    else
        soc_reset_request(s, srsr);
}
