/* lpuart.c - eight serial ports; LPUART1 is the board's console.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Low Power Universal
 * Asynchronous Receiver/Transmitter (LPUART)".
 *
 * Out: a byte leaves when DATA is written, so TDRE is always set and the
 * transmit FIFO always empty; TC follows one bit time later. A real line needs
 * ten bit times per byte: code that polls would spend most of the run there.
 *
 * In: bytes arrive at the programmed rate, ten bit times each, into the FIFO of
 * four words (one word while RXFE is off); a byte that finds it full is lost
 * and sets OR. What is sent while the receiver is off waits on the host: a
 * person's terminal does not type into a board that is not listening.
 *
 * Not modelled: parity and framing errors, address match, DMA requests, IrDA,
 * break; their registers are storage.
 * Tests: test/unit/emu/test_lpuart.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/board.h"
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    GLOBAL = 0x08,
    BAUD = 0x10,
    STAT = 0x14,
    CTRL = 0x18,
    DATA = 0x1C,
    FIFO = 0x28,
    WATER = 0x2C,

    GLOBAL_RST = 1 << 1,
    BAUD_SBR = 0x1FFF,
    BAUD_OSR_LOW = 24,
    STAT_TDRE = 1 << 23,
    STAT_TC = 1 << 22,
    STAT_RDRF = 1 << 21,
    STAT_IDLE = 1 << 20,
    STAT_OR = 1 << 19,
    STAT_W1C = 0x401FC000,
    CTRL_ORIE = 1 << 27,
    CTRL_TIE = 1 << 23,
    CTRL_TCIE = 1 << 22,
    CTRL_RIE = 1 << 21,
    CTRL_ILIE = 1 << 20,
    CTRL_TE = 1 << 19,
    CTRL_RE = 1 << 18,
    CTRL_LOOPS = 1 << 7,
    CTRL_RSRC = 1 << 5,
    DATA_RXEMPT = 1 << 12,
    FIFO_RXFE = 1 << 3,
    FIFO_TXFE = 1 << 7,
    FIFO_RXUFE = 1 << 8,
    FIFO_TXOFE = 1 << 9,
    FIFO_RXIDEN = 7 << 10,
    FIFO_RXFLUSH = 1 << 14,
    FIFO_TXFLUSH = 1 << 15,
    FIFO_RXUF = 1 << 16,
    FIFO_TXOF = 1 << 17,
    FIFO_RXEMPT = 1 << 22,
    FIFO_TXEMPT = 1 << 23,
    FIFO_SIZES = 0x11, /* four words each way */
    WATER_RX_LOW = 16,
    WATER_RXCOUNT_LOW = 24,

    PORTS = 8,
    FIFO_WORDS = 4,
    BITS_PER_BYTE = 10, /* with start and stop bit */
    LINE_MAX = 65536,   /* waiting on the host; more is dropped, with a note */
    IRQ_LPUART1 = 20,
};

#define STAT_LBKDIF  (1u << 31)
#define STAT_CONTROL 0x3E000000u /* bits that are settings, not flags */

static const struct reg_row ROWS[] = {
    {0x00, 1, REG_STORE, 0x04010003, 0, false}, /* VERID */
    {0x04, 1, REG_STORE, 0x00000202, 0, false}, /* PARAM */
    {GLOBAL, 1, REG_STORE, 0x00000000, GLOBAL_RST, false},
    {0x0C, 1, REG_STORE, 0x00000000, 0x00000003, false}, /* PINCFG */
    {BAUD, 1, REG_STORE, 0x0F000004, REG_ALL, false},
    {STAT, 1, REG_STORE, STAT_TDRE | STAT_TC, STAT_CONTROL, false},
    {CTRL, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {DATA, 1, REG_STORE, 0x00000000, 0, false},
    {0x20, 1, REG_STORE, 0x00000000, 0x03FF03FF, false}, /* MATCH */
    {0x24, 1, REG_STORE, 0x00000000, 0x0007073F, false}, /* MODIR */
    {FIFO, 1, REG_STORE, FIFO_SIZES,
     FIFO_RXFE | FIFO_TXFE | FIFO_RXUFE | FIFO_TXOFE | FIFO_RXIDEN, false},
    {WATER, 1, REG_STORE, 0x00000000, 0x00030003, false},
};

struct lpuart {
    struct soc *soc;
    unsigned instance; /* 1..8 */
    struct regs *regs;
    uint8_t fifo[FIFO_WORDS];
    unsigned fifo_used;
    uint8_t *line; /* ring of LINE_MAX bytes on their way in */
    size_t line_first, line_used;
    struct soc_timer *sent, *arrive;
    bool receiving; /* a byte has come since the line was last idle */
};

static uint32_t *reg(const struct lpuart *u, uint32_t off)
{
    return regs_at(u->regs, off);
}

static uint64_t bit_cycles(const struct lpuart *u)
{
    uint32_t baud = *reg(u, BAUD), sbr = baud & BAUD_SBR;
    uint32_t hz = clock_hz(u->soc, CLOCK_UART);
    uint64_t ticks = (uint64_t)(sbr ? sbr : 1) * ((baud >> BAUD_OSR_LOW) + 1);

    return hz ? clock_cycles(ticks, hz) : BOARD_HZ;
}

static unsigned fifo_words(const struct lpuart *u)
{
    return *reg(u, FIFO) & FIFO_RXFE ? FIFO_WORDS : 1;
}

/* RDRF follows the fill level; then the interrupt line follows all flags. */
static void lines(struct lpuart *u)
{
    uint32_t *stat = reg(u, STAT), ctrl = *reg(u, CTRL), asked = 0;
    unsigned mark = *reg(u, WATER) >> WATER_RX_LOW & 3;

    if (!(*reg(u, FIFO) & FIFO_RXFE))
        mark = 0;
    *stat &= ~(uint32_t)STAT_RDRF;
    if (u->fifo_used > mark)
        *stat |= STAT_RDRF;
    asked |= ctrl & CTRL_TIE ? STAT_TDRE : 0u;
    asked |= ctrl & CTRL_TCIE ? STAT_TC : 0u;
    asked |= ctrl & CTRL_RIE ? STAT_RDRF : 0u;
    asked |= ctrl & CTRL_ILIE ? STAT_IDLE : 0u;
    asked |= ctrl & CTRL_ORIE ? STAT_OR : 0u;
    soc_irq(u->soc, IRQ_LPUART1 + u->instance - 1, *stat & asked);
    soc_irq_may_come(u->soc, IRQ_LPUART1 + u->instance - 1,
                     ctrl & CTRL_RE && ctrl & (CTRL_RIE | CTRL_ILIE));
}

/* --- in ------------------------------------------------------------------- */

static void next_arrival(struct lpuart *u)
{
    if (*reg(u, CTRL) & CTRL_RE && (u->line_used > 0 || u->receiving))
        soc_timer_at(u->arrive,
                     soc_now(u->soc) + BITS_PER_BYTE * bit_cycles(u));
}

static void take_from_line(struct lpuart *u)
{
    uint8_t byte = u->line[u->line_first];

    u->line_first = (u->line_first + 1) % LINE_MAX;
    u->line_used--;
    u->receiving = true;
    if (u->fifo_used == fifo_words(u))
        *reg(u, STAT) |= STAT_OR;
    else if (!(*reg(u, STAT) & STAT_OR))
        u->fifo[u->fifo_used++] = byte; /* none is taken until OR is cleared */
}

/* One byte time has passed: a byte is here, or the line has been idle. */
static void arrived(void *ctx)
{
    struct lpuart *u = ctx;

    if (!(*reg(u, CTRL) & CTRL_RE))
        return;
    if (u->line_used > 0) {
        take_from_line(u);
    } else if (u->receiving) {
        u->receiving = false;
        *reg(u, STAT) |= STAT_IDLE;
    }
    next_arrival(u);
    lines(u);
}

static void come_in(void *ctx, const uint8_t *bytes, size_t len)
{
    struct lpuart *u = ctx;
    bool was_quiet = u->line_used == 0 && !u->receiving;
    size_t room = LINE_MAX - u->line_used;

    if (len > room) {
        soc_note(u->soc,
                 "LPUART%u: %zu bytes of input dropped, the firmware "
                 "does not read",
                 u->instance, len - room);
        len = room;
    }
    for (size_t i = 0; i < len; i++)
        u->line[(u->line_first + u->line_used++) % LINE_MAX] = bytes[i];
    if (was_quiet)
        next_arrival(u);
}

static uint32_t pop(struct lpuart *u)
{
    uint32_t value;

    *reg(u, STAT) &= ~(uint32_t)STAT_IDLE;
    if (u->fifo_used == 0) {
        if (*reg(u, FIFO) & FIFO_RXFE)
            *reg(u, FIFO) |= FIFO_RXUF;
        return DATA_RXEMPT;
    }
    value = u->fifo[0];
    u->fifo_used--;
    memmove(u->fifo, u->fifo + 1, u->fifo_used);
    lines(u);
    return value;
}

/* --- out ------------------------------------------------------------------ */

static void all_sent(void *ctx)
{
    struct lpuart *u = ctx;

    *reg(u, STAT) |= STAT_TC;
    lines(u);
}

static void push(struct lpuart *u, uint8_t byte)
{
    uint32_t ctrl = *reg(u, CTRL);

    if (!(ctrl & CTRL_TE))
        return;
    *reg(u, STAT) &= ~(uint32_t)STAT_TC;
    soc_timer_at(u->sent, soc_now(u->soc) + bit_cycles(u));
    if (ctrl & CTRL_LOOPS && !(ctrl & CTRL_RSRC))
        come_in(u, &byte, 1);
    else
        soc_uart_out(u->soc, u->instance, byte);
}

/* --- registers ------------------------------------------------------------ */

static void clear(struct lpuart *u)
{
    u->fifo_used = 0;
    u->receiving = false;
    soc_timer_stop(u->sent);
    soc_timer_stop(u->arrive);
}

/* A peek by a debugger is a read like any other: it takes the byte. */
static uint32_t lpuart_read(void *owner, uint32_t off, uint32_t value)
{
    struct lpuart *u = owner;

    switch (off) {
    case DATA:
        return pop(u);
    case FIFO:
        return value | FIFO_TXEMPT | (u->fifo_used ? 0u : FIFO_RXEMPT);
    case WATER:
        return value | u->fifo_used << WATER_RXCOUNT_LOW;
    default:
        return value;
    }
}

static void fifo_written(struct lpuart *u, uint32_t value)
{
    *reg(u, FIFO) &= ~(value & (FIFO_RXUF | FIFO_TXOF));
    if (value & FIFO_RXFLUSH)
        u->fifo_used = 0;
    if (u->fifo_used > fifo_words(u))
        u->fifo_used = fifo_words(u);
}

static void global_written(struct lpuart *u)
{
    if (!(*reg(u, GLOBAL) & GLOBAL_RST))
        return;
    clear(u);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (ROWS[i].offset != GLOBAL)
            *reg(u, ROWS[i].offset) = ROWS[i].reset;
}

static void lpuart_written(void *owner, uint32_t off, uint32_t value,
                           uint32_t old)
{
    struct lpuart *u = owner;

    switch (off) {
    case GLOBAL:
        global_written(u);
        break;
    case STAT:
        *reg(u, STAT) &= ~(value & (STAT_W1C | STAT_LBKDIF));
        break;
    case CTRL:
        if (~old & *reg(u, CTRL) & CTRL_RE)
            next_arrival(u);
        break;
    case DATA:
        push(u, (uint8_t)value);
        break;
    case FIFO:
        fifo_written(u, value);
        break;
    default:
        break;
    }
    lines(u);
}

/* What is still on the line stays there: the person who typed it did not
 * reset. At power-on nothing is. */
static void lpuart_reset(void *owner, enum soc_reset kind)
{
    struct lpuart *u = owner;

    clear(u);
    if (kind == SOC_RESET_POWER)
        u->line_used = 0;
}

void lpuart_add(struct soc *s)
{
    for (unsigned n = 0; n < PORTS; n++) {
        struct lpuart *u = soc_alloc(s, sizeof *u);
        u->soc = s;
        u->instance = n + 1;
        u->line = soc_alloc(s, LINE_MAX);
        u->sent = soc_timer_new(s, all_sent, u);
        u->arrive = soc_timer_new(s, arrived, u);
        u->regs =
            regs_add(s,
                     &(struct reg_block){"LPUART", 0x40184000 + n * 0x4000,
                                         0x4000, REG_ROWS(ROWS)},
                     &(struct reg_hooks){.owner = u,
                                         .read = lpuart_read,
                                         .written = lpuart_written,
                                         .reset = lpuart_reset});
        soc_on_uart_in(s, u->instance, come_in, u);
    }
}
