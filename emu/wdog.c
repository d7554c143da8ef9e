/* wdog.c - the two watchdogs of 16-bit registers, WDOG1 and WDOG2.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Watchdog Timer (WDOG1-2)".
 * Both reset the system by the same line. WDT, WDW, WDBG, WDZST and SRE can be
 * written once after a reset; WDE can only be set. A new time-out takes effect
 * when the watchdog is serviced or started.
 *
 * The WDOG_B pin goes nowhere on this board: WDA, WDT and the power-down
 * counter (WMCR) change their bits only. WMCR is as the boot ROM hands it
 * over: off.
 * Tests: test/unit/emu/test_wdog.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/peripherals.h"
#include "emu/src.h"

enum {
    WCR = 0x0,
    WSR = 0x2,
    WRSR = 0x4,
    WICR = 0x6,
    WMCR = 0x8,
    REGISTERS = 5,

    WCR_WDZST = 1 << 0,
    WCR_WDBG = 1 << 1,
    WCR_WDE = 1 << 2,
    WCR_WDT = 1 << 3,
    WCR_SRS = 1 << 4, /* written as zero: reset now */
    WCR_WDA = 1 << 5,
    WCR_SRE = 1 << 6,
    WCR_WDW = 1 << 7,
    WCR_WT_LOW = 8,
    WCR_WT = 0xFF << WCR_WT_LOW,
    WCR_ONCE = WCR_WDZST | WCR_WDBG | WCR_WDT | WCR_SRE | WCR_WDW,
    WCR_RESET = 0x0030,
    WRSR_SFTW = 1 << 0,
    WRSR_TOUT = 1 << 1,
    WRSR_POR = 1 << 4,
    WICR_WICT = 0xFF,
    WICR_WTIS = 1 << 14,
    WICR_WIE = 1 << 15,
    WICR_RESET = 0x0004,
    WMCR_PDE = 1 << 0,

    SERVICE_1 = 0x5555,
    SERVICE_2 = 0xAAAA,
    HALF_SECOND = BOARD_HZ / 2, /* unit of WT and WICT */
};

struct wdog {
    struct soc *soc;
    uint32_t base;
    unsigned irq;
    uint16_t wcr, wrsr, wicr, wmcr;
    uint16_t wrsr_next; /* what the next reset leaves there */
    bool once_used, wie_used, serviced_half;
    uint64_t timeout; /* cycles */
    struct soc_timer *reset, *warn;
};

static void start(struct wdog *w)
{
    unsigned halves = (unsigned)(w->wcr >> WCR_WT_LOW) + 1;
    unsigned before = w->wicr & WICR_WICT;

    w->timeout = soc_now(w->soc) + (uint64_t)halves * HALF_SECOND;
    soc_timer_at(w->reset, w->timeout);
    soc_timer_stop(w->warn);
    if (w->wicr & WICR_WIE && before <= halves)
        soc_timer_at(w->warn, w->timeout - (uint64_t)before * HALF_SECOND);
}

static void timed_out(void *ctx)
{
    struct wdog *w = ctx;

    w->wrsr_next = WRSR_TOUT;
    src_watchdog(w->soc, SRC_SRSR_WDOG_RST_B);
}

static void warned(void *ctx)
{
    struct wdog *w = ctx;

    w->wicr |= WICR_WTIS;
    soc_irq(w->soc, w->irq, true);
}

static void wcr_write(struct wdog *w, uint16_t value)
{
    bool starts = value & WCR_WDE && !(w->wcr & WCR_WDE);
    unsigned fixed = WCR_WDE & w->wcr;

    if (w->once_used)
        fixed |= WCR_ONCE;
    w->wcr = (uint16_t)((w->wcr & fixed) | (value & ~fixed) | WCR_SRS);
    w->once_used = true;
    if (starts)
        start(w);
    if (!(value & WCR_SRS)) {
        w->wrsr_next = WRSR_SFTW;
        src_watchdog(w->soc, SRC_SRSR_WDOG_RST_B);
    }
}

static void wsr_write(struct wdog *w, uint16_t value)
{
    bool done = w->serviced_half && value == SERVICE_2;

    w->serviced_half = value == SERVICE_1;
    if (done && w->wcr & WCR_WDE)
        start(w);
}

/* WICT and WIE can be written once. */
static void wicr_write(struct wdog *w, uint16_t value)
{
    if (value & WICR_WTIS) {
        w->wicr &= (uint16_t)~WICR_WTIS;
        soc_irq(w->soc, w->irq, false);
    }
    if (w->wie_used)
        return;
    w->wie_used = true;
    w->wicr =
        (uint16_t)((w->wicr & WICR_WTIS) | (value & (WICR_WIE | WICR_WICT)));
    if (w->wcr & WCR_WDE && w->wicr & WICR_WIE) {
        uint64_t before = (uint64_t)(w->wicr & WICR_WICT) * HALF_SECOND;
        if (w->timeout > before)
            soc_timer_at(w->warn, w->timeout - before);
    }
}

static uint32_t wdog_read(void *ctx, uint32_t off, unsigned width)
{
    const struct wdog *w = ctx;

    if (width != 2 || off >= 2 * REGISTERS) {
        soc_not_modelled(w->soc, "WDOG", w->base + off, false, 0);
        return 0;
    }
    switch (off) {
    case WCR:
        return w->wcr;
    case WSR:
        return w->serviced_half ? SERVICE_1 : 0;
    case WRSR:
        return w->wrsr;
    case WICR:
        return w->wicr;
    default:
        return w->wmcr;
    }
}

static void wdog_write(void *ctx, uint32_t off, uint32_t value, unsigned width)
{
    struct wdog *w = ctx;
    uint16_t half = (uint16_t)value;

    if (width != 2 || off >= 2 * REGISTERS) {
        soc_not_modelled(w->soc, "WDOG", w->base + off, true, value);
        return;
    }
    switch (off) {
    case WCR:
        wcr_write(w, half);
        break;
    case WSR:
        wsr_write(w, half);
        break;
    case WICR:
        wicr_write(w, half);
        break;
    case WMCR:
        w->wmcr &= half & WMCR_PDE; /* can only be switched off */
        break;
    default: /* WRSR is read-only */
        break;
    }
}

static void wdog_reset(void *ctx, enum soc_reset kind)
{
    struct wdog *w = ctx;

    w->wrsr = kind == SOC_RESET_POWER ? WRSR_POR : w->wrsr_next;
    w->wrsr_next = 0;
    w->wcr = WCR_RESET;
    w->wicr = WICR_RESET;
    w->wmcr = 0;
    w->once_used = w->wie_used = w->serviced_half = false;
}

static void add(struct soc *s, uint32_t base, unsigned irq)
{
    struct wdog *w = soc_alloc(s, sizeof *w);

    w->soc = s;
    w->base = base;
    w->irq = irq;
    w->reset = soc_timer_new(s, timed_out, w);
    w->warn = soc_timer_new(s, warned, w);
    soc_add(s, &(struct soc_device){.name = "WDOG",
                                    .base = base,
                                    .bytes = 0x4000,
                                    .ctx = w,
                                    .read = wdog_read,
                                    .write = wdog_write,
                                    .reset = wdog_reset});
}

void wdog_add(struct soc *s)
{
    add(s, 0x400B8000, 92); /* WDOG1 */
    add(s, 0x400D0000, 45); /* WDOG2 */
}
