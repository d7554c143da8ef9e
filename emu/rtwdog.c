/* rtwdog.c - the watchdog with a locked configuration, RTWDOG (WDOG3).
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Watchdog Timer (RTWDOG)".
 * Configuration opens for 128 bus clocks after the unlock words, if CS[UPDATE]
 * allows, and closes with the write of CS. A wrong word, or a refresh before
 * the window, resets.
 *
 * The chip leaves reset with it enabled (CS = 0x2980) and 31 ms to go; the boot
 * ROM switches it off before it starts an image, so what firmware finds is
 * CS = 0x2520: off, and open to update. It is modelled from there.
 *
 * Assumed: writes while locked are dropped (and reported); clock sources 2 and
 * 3 are the 24 MHz crystal. The fast test modes (CS[TST]) are storage.
 * Tests: test/unit/emu/test_rtwdog.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/src.h"

enum {
    BASE = 0x400BC000,
    CS = 0x0,
    CNT = 0x4,
    TOVAL = 0x8,
    WIN = 0xC,

    CS_UPDATE = 1 << 5,
    CS_INT = 1 << 6,
    CS_EN = 1 << 7,
    CS_CLK_LOW = 8,
    CS_RCS = 1 << 10, /* the new configuration is in use */
    CS_ULK = 1 << 11,
    CS_PRES = 1 << 12, /* by 256 */
    CS_CMD32EN = 1 << 13,
    CS_FLG = 1 << 14,
    CS_WIN = 1 << 15,
    CS_SETTINGS = 0xB3FF,
    CS_HANDED_OVER = 0x2520,
    TOVAL_RESET = 0x0400,

    OPEN_BUS_CLOCKS = 128,
    LAST_BUS_CLOCKS = 255, /* from the interrupt to the reset */
    IRQ = 93,
};

static const uint32_t UNLOCK = 0xD928C520, REFRESH = 0xB480A602;

struct rtwdog {
    struct soc *soc;
    uint32_t cs, toval, win;
    uint32_t count; /* at the last take */
    uint16_t half;  /* first word of a 16-bit sequence; 0: none */
    uint64_t open_until;
    struct ticker ticker;
    struct soc_timer *timeout, *reset;
};

static bool is_open(const struct rtwdog *w)
{
    return w->cs & CS_ULK && soc_now(w->soc) <= w->open_until;
}

static uint32_t count(struct rtwdog *w)
{
    if (w->cs & CS_EN)
        w->count += (uint32_t)ticker_take(&w->ticker, w->soc);
    return w->count & 0xFFFF;
}

static void restart(struct rtwdog *w)
{
    static const enum clock SOURCE[] = {CLOCK_IPG, CLOCK_RTC, CLOCK_OSC,
                                        CLOCK_OSC};
    enum clock source = SOURCE[w->cs >> CS_CLK_LOW & 3];

    w->count = 0;
    soc_timer_stop(w->timeout);
    if (!(w->cs & CS_EN))
        return;
    ticker_start(&w->ticker, w->soc, clock_hz(w->soc, source),
                 w->cs & CS_PRES ? 256 : 1);
    /* A time-out of zero ticks is over with the first. */
    ticker_arm(&w->ticker, w->timeout, w->toval ? w->toval : 1);
}

static void bite(void *ctx)
{
    struct rtwdog *w = ctx;

    src_watchdog(w->soc, SRC_SRSR_WDOG3_RST_B);
}

static uint64_t after_bus_clocks(const struct rtwdog *w, uint32_t clocks)
{
    uint32_t hz = clock_hz(w->soc, CLOCK_IPG);

    return soc_now(w->soc) + (hz ? clock_cycles(clocks, hz) : clocks);
}

static void timed_out(void *ctx)
{
    struct rtwdog *w = ctx;

    w->cs |= CS_FLG;
    if (!(w->cs & CS_INT)) {
        bite(w);
        return;
    }
    soc_irq(w->soc, IRQ, true);
    soc_timer_at(w->reset, after_bus_clocks(w, LAST_BUS_CLOCKS));
}

static void command(struct rtwdog *w, uint32_t word)
{
    if (word == UNLOCK) {
        if (!(w->cs & CS_UPDATE))
            return;
        w->cs = (w->cs & ~(uint32_t)CS_RCS) | CS_ULK;
        w->open_until = after_bus_clocks(w, OPEN_BUS_CLOCKS);
    } else if (word != REFRESH ||
               (w->cs & CS_EN && w->cs & CS_WIN && count(w) < w->win)) {
        bite(w);
    } else {
        restart(w);
    }
}

/* The 16-bit way: low half first. */
static void half_command(struct rtwdog *w, uint16_t word)
{
    uint16_t first = w->half;

    w->half = 0;
    if (first != 0)
        command(w, (uint32_t)word << 16 | first);
    else if (word == (uint16_t)UNLOCK || word == (uint16_t)REFRESH)
        w->half = word;
    else
        bite(w);
}

static void cs_write(struct rtwdog *w, uint32_t value)
{
    uint32_t flag = w->cs & ~value & CS_FLG;

    w->cs = (value & CS_SETTINGS) | flag | CS_RCS; /* and not ULK: closed */
    restart(w);
}

static void configure(struct rtwdog *w, uint32_t off, uint32_t value)
{
    if (off == CS && value & CS_FLG) { /* allowed while locked */
        w->cs &= ~(uint32_t)CS_FLG;
        soc_irq(w->soc, IRQ, false);
    }
    if (!is_open(w)) {
        soc_note(w->soc, "RTWDOG: write 0x%X to +0x%X while locked, dropped",
                 value, off);
        return;
    }
    if (off == CS)
        cs_write(w, value);
    else if (off == TOVAL)
        w->toval = value & 0xFFFF;
    else
        w->win = value & 0xFFFF;
}

static uint32_t rtwdog_read(void *ctx, uint32_t off, unsigned width)
{
    struct rtwdog *w = ctx;

    (void)width;
    switch (off) {
    case CS:
        return is_open(w) ? w->cs : w->cs & ~(uint32_t)CS_ULK;
    case CNT:
        return count(w);
    case TOVAL:
        return w->toval;
    case WIN:
        return w->win;
    default:
        soc_not_modelled(w->soc, "RTWDOG", BASE + off, false, 0);
        return 0;
    }
}

static void rtwdog_write(void *ctx, uint32_t off, uint32_t value,
                         unsigned width)
{
    struct rtwdog *w = ctx;

    if (off == CNT && width == 4 && w->cs & CS_CMD32EN)
        command(w, value);
    else if (off == CNT && width == 2 && !(w->cs & CS_CMD32EN))
        half_command(w, (uint16_t)value);
    else if (off == CNT)
        bite(w);
    else if (width == 4 && (off == CS || off == TOVAL || off == WIN))
        configure(w, off, value);
    else
        soc_not_modelled(w->soc, "RTWDOG", BASE + off, true, value);
}

static void rtwdog_reset(void *ctx, enum soc_reset kind)
{
    struct rtwdog *w = ctx;

    (void)kind;
    w->cs = CS_HANDED_OVER;
    w->toval = TOVAL_RESET;
    w->win = 0;
    w->count = 0;
    w->half = 0;
    w->open_until = 0;
}

void rtwdog_add(struct soc *s)
{
    struct rtwdog *w = soc_alloc(s, sizeof *w);

    w->soc = s;
    w->timeout = soc_timer_new(s, timed_out, w);
    w->reset = soc_timer_new(s, bite, w);
    soc_add(s, &(struct soc_device){.name = "RTWDOG",
                                    .base = BASE,
                                    .bytes = 0x4000,
                                    .ctx = w,
                                    .read = rtwdog_read,
                                    .write = rtwdog_write,
                                    .reset = rtwdog_reset});
}
