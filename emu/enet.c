/* enet.c - registers of the 10/100 Ethernet MAC: events, MDIO, counters. The
 * rings are in enet_dma.c. Start at enet_written().
 *
 * i.MX RT1060 Processor Reference Manual, rev. 3, chapter "10/100-Mbps
 * Ethernet MAC (ENET)".
 * Assumed: an MDIO frame takes 64 bits at 2.5 MHz whatever MSCR divides;
 * interrupt coalescing is stored but each frame interrupts at once.
 * Not modelled: the IEEE 1588 timer (its registers are storage, starting it is
 * reported), magic packets, pause frames that stop the transmitter.
 * Tests: test/unit/emu/test_enet.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/enet.h"

#include "emu/board.h"
#include "emu/enet_impl.h"

enum {
    IRQ = 114,
    MDIO_US = 26,
    MMFR_READ = 2, /* operation, bits 29:28 */
    MMFR_WRITE = 1,
};

#define EIR_BITS     0x7FFF8000u
#define ECR_TOP      0xF0000000u /* reserved, read as ones */
#define ATCR_EN      0x00000001u
#define ATCR_RESTART 0x00000200u
#define ATCR_CAPTURE 0x00000800u

static const struct reg_row ROWS[] = {
    {EIR, 1, REG_W1C, 0, EIR_BITS, false},
    {EIMR, 1, REG_STORE, 0, EIR_BITS, false},
    {RDAR, 1, REG_STORE, 0, 0, false}, /* see enet_written() */
    {TDAR, 1, REG_STORE, 0, 0, false},
    {ECR, 1, REG_STORE, ECR_TOP, 0x0000015E, false},
    {MMFR, 1, REG_STORE, 0, REG_ALL, false},
    {MSCR, 1, REG_STORE, 0, 0x000007FE, false},
    {MIBC, 1, REG_STORE, MIBC_DISABLE | MIBC_IDLE, MIBC_DISABLE | MIBC_CLEAR,
     false},
    {RCR, 1, REG_STORE, 0x05EE0001, 0x7FFFF33F, false},
    {TCR, 1, REG_STORE, 0, 0x000003FD, false},
    {PALR, 1, REG_STORE, 0, REG_ALL, false},
    {PAUR, 1, REG_STORE, 0x00008808, 0xFFFF0000, false},
    {0x0EC, 1, REG_STORE, 0x00010000, 0x0000FFFF, false}, /* OPD */
    {0x0F0, 1, REG_STORE, 0, 0xDFF0FFFF, false},          /* TXIC */
    {0x100, 1, REG_STORE, 0, 0xDFF0FFFF, false},          /* RXIC */
    {IAUR, 1, REG_STORE, 0, REG_ALL, false},
    {IALR, 1, REG_STORE, 0, REG_ALL, false},
    {GAUR, 1, REG_STORE, 0, REG_ALL, false},
    {GALR, 1, REG_STORE, 0, REG_ALL, false},
    {TFWR, 1, REG_STORE, 0, 0x0000013F, false},
    {RDSR, 1, REG_STORE, 0, 0xFFFFFFF8, false},
    {TDSR, 1, REG_STORE, 0, 0xFFFFFFF8, false},
    {MRBR, 1, REG_STORE, 0, 0x00003FF0, false},
    {0x190, 1, REG_STORE, 0, 0x000000FF, false}, /* FIFO levels: the FIFOs */
    {0x194, 1, REG_STORE, 0, 0x001F00FF, false}, /* never fill or run empty */
    {0x198, 1, REG_STORE, 4, 0x000000FF, false},
    {0x19C, 1, REG_STORE, 4, 0x000000FF, false},
    {0x1A0, 1, REG_STORE, 0, 0x000000FF, false},
    {0x1A4, 1, REG_STORE, 4, 0x000000FF, false},
    {0x1A8, 1, REG_STORE, 8, 0x000000FF, false},
    {0x1AC, 1, REG_STORE, 12, 0x0000001F, false}, /* TIPG */
    {FTRL, 1, REG_STORE, 0x7FF, 0x00003FFF, false},
    {TACC, 1, REG_STORE, 0, 0x00000019, false},
    {RACC, 1, REG_STORE, 0, 0x000000C7, false},
    {COUNTERS, (COUNTERS_END - COUNTERS) / 4, REG_STORE, 0, 0, false},
    {ATCR, 1, REG_STORE, 0, 0x000022BD, false},
    {0x404, 1, REG_STORE, 0, REG_ALL, false},           /* ATVR */
    {0x408, 1, REG_STORE, 0, REG_ALL, false},           /* ATOFF */
    {0x40C, 1, REG_STORE, 1000000000u, REG_ALL, false}, /* ATPER */
    {0x410, 1, REG_STORE, 0, 0x7FFFFFFF, false},        /* ATCOR */
    {0x414, 1, REG_STORE, 0, 0x00007F7F, false},        /* ATINC */
    {0x418, 1, REG_STORE, 0, 0, false},                 /* ATSTMP */
    {0x604, 1, REG_W1C, 0, 0x0000000F, false},          /* TGSR */
    {0x608, 8, REG_STORE, 0, REG_ALL, false},           /* TCSR, TCCR */
};

static void update_line(struct enet *e)
{
    bool listens = e->wire.send && (enet_reg(e, ECR) & ECR_ETHEREN) &&
                   (enet_reg(e, EIMR) & (EIR_RXF | EIR_RXB));

    soc_irq(e->soc, IRQ, (enet_reg(e, EIR) & enet_reg(e, EIMR)) != 0);
    soc_irq_may_come(e->soc, IRQ, listens);
}

void enet_event(struct enet *e, uint32_t bits)
{
    *regs_at(e->regs, EIR) |= bits;
    update_line(e);
}

void enet_count(struct enet *e, uint32_t counter, uint32_t by)
{
    if (!(enet_reg(e, MIBC) & MIBC_DISABLE))
        *regs_at(e->regs, counter) += by;
}

/* --- MDIO ----------------------------------------------------------------- */

static void mdio_start(struct enet *e, uint32_t value)
{
    if ((enet_reg(e, MSCR) & 0x7Eu) == 0) {
        soc_note(e->soc, "ENET: MMFR written while MSCR.MII_SPEED is zero: the "
                         "MDIO clock stands still and nothing is sent");
        return;
    }
    e->mdio_frame = value;
    soc_timer_at(e->mdio_timer,
                 soc_now(e->soc) + (uint64_t)MDIO_US * (BOARD_HZ / 1000000));
}

static void mdio_done(void *ctx)
{
    struct enet *e = ctx;
    unsigned address = e->mdio_frame >> 23 & 0x1Fu;
    unsigned reg = e->mdio_frame >> 18 & 0x1Fu;
    unsigned operation = e->mdio_frame >> 28 & 3u;

    if (operation == MMFR_WRITE)
        phy_write(&e->phy, address, reg, (uint16_t)e->mdio_frame);
    else if (operation == MMFR_READ)
        *regs_at(e->regs, MMFR) =
            (e->mdio_frame & 0xFFFF0000u) | phy_read(&e->phy, address, reg);
    enet_event(e, EIR_MII);
}

/* --- registers ------------------------------------------------------------ */

static void stop(struct enet *e)
{
    soc_timer_stop(e->tx_timer);
    *regs_at(e->regs, RDAR) = 0;
    *regs_at(e->regs, TDAR) = 0;
    enet_rings_reset(e);
}

/* ECR.RESET: every register of the MAC; the PHY is another chip. */
static void mac_reset(struct enet *e)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        for (uint32_t n = 0; n < ROWS[i].count; n++)
            *regs_at(e->regs, ROWS[i].offset + 4 * n) = ROWS[i].reset;
    soc_timer_stop(e->mdio_timer);
    stop(e);
    update_line(e);
}

static void enet_reset(void *owner, enum soc_reset kind)
{
    struct enet *e = owner;

    if (kind == SOC_RESET_POWER) /* the GPIO at its reset pin is not wired */
        phy_reset(&e->phy);
    mac_reset(e);
    if (e->wire.reset)
        e->wire.reset(e->wire.ctx);
}

static void control_written(struct enet *e, uint32_t value)
{
    if (value & ECR_RESET)
        mac_reset(e);
    else if (!(value & ECR_ETHEREN))
        stop(e);
}

static void active_written(struct enet *e, uint32_t reg)
{
    if (!(enet_reg(e, ECR) & ECR_ETHEREN))
        return; /* stays zero while the MAC is off */
    *regs_at(e->regs, reg) = DAR_ACTIVE;
    if (reg == TDAR)
        enet_tx_start(e);
    else if (e->wire.ready)
        e->wire.ready(e->wire.ctx);
}

static void mib_written(struct enet *e, uint32_t value)
{
    if (value & MIBC_CLEAR)
        for (uint32_t off = COUNTERS; off < COUNTERS_END; off += 4)
            *regs_at(e->regs, off) = 0;
}

static void timer_written(struct enet *e, uint32_t value)
{
    *regs_at(e->regs, ATCR) &= ~(ATCR_RESTART | ATCR_CAPTURE);
    if (value & ATCR_EN)
        soc_not_modelled(e->soc, "the ENET's IEEE 1588 timer", ENET_BASE + ATCR,
                         true, value);
}

static void enet_written(void *owner, uint32_t off, uint32_t value,
                         uint32_t old)
{
    struct enet *e = owner;

    switch (off) {
    case ECR:
        control_written(e, value);
        break;
    case RDAR:
    case TDAR:
        active_written(e, off);
        break;
    case RDSR:
        e->rx_at = enet_reg(e, RDSR);
        break;
    case TDSR:
        e->tx_at = enet_reg(e, TDSR);
        break;
    case MMFR:
        mdio_start(e, value);
        break;
    case MIBC:
        mib_written(e, value);
        break;
    case TCR: /* frames leave whole, so a stop is always graceful */
        if ((value & TCR_GTS) && !(old & TCR_GTS))
            enet_event(e, EIR_GRA);
        enet_tx_start(e);
        break;
    case ATCR:
        timer_written(e, value);
        break;
    }
    update_line(e);
}

void enet_connect(struct enet *e, const struct enet_wire *w)
{
    e->wire = w ? *w : (struct enet_wire){0};
    update_line(e);
}

struct enet *enet_add(struct soc *s)
{
    struct enet *e = soc_alloc(s, sizeof *e);

    e->soc = s;
    e->mdio_timer = soc_timer_new(s, mdio_done, e);
    e->tx_timer = soc_timer_new(s, enet_tx_fire, e);
    phy_reset(&e->phy);
    e->regs = regs_add(
        s, &(struct reg_block){"ENET", ENET_BASE, 0x4000, REG_ROWS(ROWS)},
        &(struct reg_hooks){
            .owner = e, .written = enet_written, .reset = enet_reset});
    return e;
}
