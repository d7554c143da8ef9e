/* pit.c - four countdown timers that can be chained, and the lifetime counter
 * made of the first two.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Periodic Interrupt Timer
 * (PIT)". Counts PERCLK. Reading LTMR64H holds the low half still for the read
 * of LTMR64L that follows, so that the pair belongs together.
 * Tests: test/unit/emu/test_pit.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    MCR = 0x00,
    LTMR64H = 0xE0,
    LTMR64L = 0xE4,
    CHANNEL = 0x100, /* 16 bytes each: */
    LDVAL = 0x0,
    CVAL = 0x4,
    TCTRL = 0x8,
    TFLG = 0xC,

    MCR_MDIS = 1 << 1,
    TCTRL_TEN = 1 << 0,
    TCTRL_TIE = 1 << 1,
    TCTRL_CHN = 1 << 2, /* counts the end of the timer before */
    CHANNELS = 4,
    CHANNEL_BYTES = 16,
    IRQ = 122,
};

static const struct reg_row ROWS[] = {
    {MCR, 1, REG_STORE, 0x00000002, 0x00000003, false},
    {LTMR64H, 1, REG_STORE, 0, 0, false},
    {LTMR64L, 1, REG_STORE, 0, 0, false},
#define CHANNEL_ROWS(at)                                                       \
    {(at) + LDVAL, 1, REG_STORE, 0, REG_ALL, false},                           \
        {(at) + CVAL, 1, REG_STORE, 0, 0, false},                              \
        {(at) + TCTRL, 1, REG_STORE, 0, 0x7, false},                           \
    {                                                                          \
        (at) + TFLG, 1, REG_W1C, 0, 1, false                                   \
    }
    CHANNEL_ROWS(0x100),
    CHANNEL_ROWS(0x110),
    CHANNEL_ROWS(0x120),
    CHANNEL_ROWS(0x130),
};

struct pit {
    struct soc *soc;
    struct regs
        *regs; /* CVAL of each channel is brought up to date by sync() */
    struct ticker ticker;
    uint32_t low; /* what LTMR64L gives */
    struct soc_timer *timer;
};

static uint32_t *reg(const struct pit *p, unsigned channel, uint32_t off)
{
    return regs_at(p->regs, CHANNEL + channel * CHANNEL_BYTES + off);
}

static bool runs(const struct pit *p, unsigned channel)
{
    return *reg(p, channel, TCTRL) & TCTRL_TEN;
}

static bool chained(const struct pit *p, unsigned channel)
{
    return channel > 0 && *reg(p, channel, TCTRL) & TCTRL_CHN;
}

/* Let a channel count; gives how often it came to its end. */
static uint64_t count(const struct pit *p, unsigned channel, uint64_t ticks)
{
    uint32_t *value = reg(p, channel, CVAL);
    uint64_t period = (uint64_t)*reg(p, channel, LDVAL) + 1;

    if (!runs(p, channel) || ticks == 0)
        return 0;
    if (ticks <= *value) {
        *value -= (uint32_t)ticks;
        return 0;
    }
    ticks -= (uint64_t)*value + 1;
    *value = (uint32_t)(period - 1 - ticks % period);
    *reg(p, channel, TFLG) = 1;
    return 1 + ticks / period;
}

static void rates(struct pit *p)
{
    bool on = !(*regs_at(p->regs, MCR) & MCR_MDIS);
    uint32_t hz = on ? clock_hz(p->soc, CLOCK_PER) : 0;

    if (hz != p->ticker.hz)
        ticker_start(&p->ticker, p->soc, hz, 1);
}

/* Bring all channels up to now. */
static void sync(struct pit *p)
{
    uint64_t ticks = ticker_take(&p->ticker, p->soc), ends = 0;

    for (unsigned n = 0; n < CHANNELS; n++)
        ends = count(p, n, chained(p, n) ? ends : ticks);
    rates(p);
}

/* Ticks to the next end that asks for an interrupt; 0: none does. */
static uint64_t next_interrupt(const struct pit *p)
{
    uint64_t best = 0, first = 0, period = 0;
    const uint64_t far = 1ull << 62;

    for (unsigned n = 0; n < CHANNELS; n++) {
        uint64_t value = *reg(p, n, CVAL);
        uint64_t length = (uint64_t)*reg(p, n, LDVAL) + 1;
        if (!chained(p, n)) {
            first = value + 1;
            period = length;
        } else if (period == 0 || period > far >> 33) {
            first = period = 0; /* its source stands still, or for years */
        } else {
            first += value * period;
            period *= length;
        }
        if (!runs(p, n))
            first = period = 0;
        if (first != 0 && *reg(p, n, TCTRL) & TCTRL_TIE &&
            (best == 0 || first < best))
            best = first;
    }
    return best;
}

static void arm(struct pit *p)
{
    bool level = false;

    for (unsigned n = 0; n < CHANNELS; n++)
        level |= *reg(p, n, TFLG) && *reg(p, n, TCTRL) & TCTRL_TIE;
    soc_irq(p->soc, IRQ, level);
    ticker_arm(&p->ticker, p->timer, next_interrupt(p));
}

static void fire(void *ctx)
{
    struct pit *p = ctx;

    sync(p);
    arm(p);
}

static uint32_t pit_read(void *owner, uint32_t off, uint32_t value)
{
    struct pit *p = owner;

    (void)value;
    sync(p);
    switch (off) {
    case LTMR64H:
        p->low = *reg(p, 0, CVAL);
        return *reg(p, 1, CVAL);
    case LTMR64L:
        return p->low;
    default:
        return *regs_at(p->regs, off);
    }
}

static void pit_written(void *owner, uint32_t off, uint32_t value, uint32_t old)
{
    struct pit *p = owner;
    uint32_t now = *regs_at(p->regs, off);
    unsigned channel = (off - CHANNEL) / CHANNEL_BYTES;

    /* What the counters did until now, they did by the old value. */
    *regs_at(p->regs, off) = old;
    sync(p);
    if (off >= CHANNEL && off % CHANNEL_BYTES == TFLG)
        now = *regs_at(p->regs, off) & ~value;
    *regs_at(p->regs, off) = now;
    if (off >= CHANNEL && off % CHANNEL_BYTES == TCTRL &&
        ~old & now & TCTRL_TEN)
        *reg(p, channel, CVAL) = *reg(p, channel, LDVAL);
    rates(p);
    arm(p);
}

static void pit_reset(void *owner, enum soc_reset kind)
{
    struct pit *p = owner;

    (void)kind;
    p->low = 0;
    ticker_start(&p->ticker, p->soc, 0, 1);
}

void pit_add(struct soc *s)
{
    struct pit *p = soc_alloc(s, sizeof *p);

    p->soc = s;
    p->timer = soc_timer_new(s, fire, p);
    p->regs = regs_add(
        s, &(struct reg_block){"PIT", 0x40084000, 0x4000, REG_ROWS(ROWS)},
        &(struct reg_hooks){.owner = p,
                            .read = pit_read,
                            .written = pit_written,
                            .reset = pit_reset});
}
