/* ccm.c - clock gates, dividers and multiplexers: storage, and the handshakes
 * that some changes take. clocks.c works out the frequencies.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Clock Controller Module
 * (CCM)". Gates (CCGR) do not stop a model: a peripheral whose clock firmware
 * forgot answers here and hangs the bus on silicon. A change counts at once;
 * CDHIPR only says that it does not. FlexSPI is clocked as the boot ROM does
 * it. Tests: test/unit/emu/test_ccm.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    CACRR = 0x10,
    CBCDR = 0x14,
    CBCMR = 0x18,
    CSCMR1 = 0x1C,
    CDHIPR = 0x48,
    /* The manual gives no time. */
    HANDSHAKE_CYCLES = BOARD_HZ / 1000000,
};

/* Fields whose changes take a handshake, and its bit in CDHIPR. */
static const struct {
    uint32_t reg, field, busy;
} HANDSHAKES[] = {
    {CBCDR, 7u << 16, 1u << 0}, /* SEMC_PODF */
    {CBCDR, 7u << 10, 1u << 1}, /* AHB_PODF */
    {CBCDR, 1u << 25, 1u << 5}, /* PERIPH_CLK_SEL */
    {CACRR, 7u << 0, 1u << 16}, /* ARM_PODF */
};

struct ccm {
    struct soc *soc;
    uint32_t busy;  /* as CDHIPR */
    uint64_t until; /* cycles */
};

static const struct reg_row ROWS[] = {
    {0x00, 1, REG_STORE, 0x0401167F, REG_ALL, false},     /* CCR */
    {0x08, 1, REG_STORE, 0x00000010, 0, false},           /* CSR */
    {0x0C, 1, REG_STORE, 0x00000100, REG_ALL, false},     /* CCSR */
    {CACRR, 1, REG_STORE, 0x00000001, 0x00000007, false}, /* CACRR */
    {CBCDR, 1, REG_STORE, 0x000A8200, REG_ALL, false},    /* CBCDR */
    {CBCMR, 1, REG_STORE, 0x2DAE8324, REG_ALL, false},    /* CBCMR */
    {CSCMR1, 1, REG_STORE, 0x64900080, REG_ALL, false},   /* CSCMR1 */
    {0x20, 1, REG_STORE, 0x13192F06, REG_ALL, false},     /* CSCMR2 */
    {0x24, 1, REG_STORE, 0x06490B00, REG_ALL, false},     /* CSCDR1 */
    {0x28, 1, REG_STORE, 0x0EC102C1, REG_ALL, false},     /* CS1CDR */
    {0x2C, 1, REG_STORE, 0x000736C1, REG_ALL, false},     /* CS2CDR */
    {0x30, 1, REG_STORE, 0x33F71F92, REG_ALL, false},     /* CDCDR */
    {0x38, 1, REG_STORE, 0x00029150, REG_ALL, false},     /* CSCDR2 */
    {0x3C, 1, REG_STORE, 0x00030841, REG_ALL, false},     /* CSCDR3 */
    {CDHIPR, 1, REG_STORE, 0x00000000, 0, false},         /* CDHIPR */
    {0x54, 1, REG_STORE, 0x00000079, REG_ALL, false},     /* CLPCR */
    {0x58, 1, REG_W1C, 0x00000000, REG_ALL, false},       /* CISR */
    {0x5C, 1, REG_STORE, 0xFFFFFFFF, REG_ALL, false},     /* CIMR */
    {0x60, 1, REG_STORE, 0x000A0001, REG_ALL, false},     /* CCOSR */
    {0x64, 1, REG_STORE, 0x0000FE62, REG_ALL, false},     /* CGPR */
    {0x68, 8, REG_STORE, 0xFFFFFFFF, REG_ALL, false},     /* CCGR0..7 */
    {0x88, 1, REG_STORE, 0x7FFFFFFF, REG_ALL, false},     /* CMEOR */
};

static uint32_t ccm_read(void *owner, uint32_t off, uint32_t value)
{
    const struct ccm *c = owner;

    return off == CDHIPR && soc_now(c->soc) < c->until ? c->busy : value;
}

static void ccm_written(void *owner, uint32_t off, uint32_t value, uint32_t old)
{
    struct ccm *c = owner;

    if (soc_now(c->soc) >= c->until)
        c->busy = 0;
    for (size_t i = 0; i < sizeof HANDSHAKES / sizeof HANDSHAKES[0]; i++)
        if (HANDSHAKES[i].reg == off && (value ^ old) & HANDSHAKES[i].field) {
            c->busy |= HANDSHAKES[i].busy;
            c->until = soc_now(c->soc) + HANDSHAKE_CYCLES;
        }
    if (off == CACRR || off == CBCDR || off == CBCMR)
        clock_check_core(c->soc);
}

static void ccm_reset(void *owner, enum soc_reset kind)
{
    struct ccm *c = owner;

    (void)kind;
    c->until = 0;
}

void ccm_add(struct soc *s)
{
    struct ccm *c = soc_alloc(s, sizeof *c);

    c->soc = s;
    regs_add(s, &(struct reg_block){"CCM", 0x400FC000, 0x4000, REG_ROWS(ROWS)},
             &(struct reg_hooks){.owner = c,
                                 .read = ccm_read,
                                 .written = ccm_written,
                                 .reset = ccm_reset});
}
