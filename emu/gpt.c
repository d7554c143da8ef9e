/* gpt.c - two general purpose timers: a 32-bit counter up, three compares.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "General Purpose Timer
 * (GPT)". Clock sources 1 and 2 are PERCLK, 4 the 32 kHz, 5 the 24 MHz crystal;
 * 3 is a pin that nothing drives. Input capture and output pins: not modelled,
 * their registers are storage.
 * Tests: test/unit/emu/test_gpt.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    CR = 0x00,
    PR = 0x04,
    SR = 0x08,
    IR = 0x0C,
    OCR1 = 0x10,
    OCR2 = 0x14,
    OCR3 = 0x18,
    ICR1 = 0x1C,
    CNT = 0x24,

    CR_EN = 1 << 0,
    CR_ENMOD = 1 << 1, /* starts from zero when enabled */
    CR_CLKSRC_LOW = 6,
    CR_FRR = 1 << 9, /* free run; else OCR1 restarts the counter */
    CR_SWR = 1 << 15,
    CR_AFTER_SWR = 0x1FF, /* the bits that a software reset leaves */
    PR_24M_LOW = 12,
    SR_ROV = 1 << 5,
    COMPARES = 3,
    CLOCKSRC_OSC = 5,
};

static const struct reg_row ROWS[] = {
    {CR, 1, REG_STORE, 0, REG_ALL, false},
    {PR, 1, REG_STORE, 0, 0x0000FFFF, false},
    {SR, 1, REG_W1C, 0, 0x0000003F, false},
    {IR, 1, REG_STORE, 0, 0x0000003F, false},
    {OCR1, 3, REG_STORE, 0xFFFFFFFF, REG_ALL, false},
    {ICR1, 2, REG_STORE, 0, 0, false},
    {CNT, 1, REG_STORE, 0, 0, false},
};

struct gpt {
    struct soc *soc;
    unsigned irq;
    struct regs *regs; /* CNT and SR are brought up to date by sync() */
    struct ticker ticker;
    struct soc_timer *timer;
};

static uint32_t *reg(const struct gpt *g, uint32_t off)
{
    return regs_at(g->regs, off);
}

/* Ticks until the counter is at `target` again; 0: it never is. */
static uint64_t distance(const struct gpt *g, uint32_t target)
{
    bool free_run = *reg(g, CR) & CR_FRR;
    uint64_t count = *reg(g, CNT);
    uint64_t turn = free_run ? 1ull << 32 : (uint64_t)*reg(g, OCR1) + 1;

    if (count >= turn) /* OCR1 was moved below it: it goes round first */
        return target > count ? target - count : (1ull << 32) - count + target;
    if (target >= turn)
        return 0;
    return target > count ? target - count : turn - count + target;
}

static uint32_t advanced(const struct gpt *g, uint64_t ticks)
{
    bool free_run = *reg(g, CR) & CR_FRR;
    uint64_t count = *reg(g, CNT);
    uint64_t turn = free_run ? 1ull << 32 : (uint64_t)*reg(g, OCR1) + 1;

    if (count >= turn) {
        uint64_t to_zero = (1ull << 32) - count;
        if (ticks < to_zero)
            return (uint32_t)(count + ticks);
        ticks -= to_zero;
        count = 0;
    }
    return (uint32_t)((count + ticks) % turn);
}

static void rates(struct gpt *g)
{
    static const enum clock SOURCE[] = {CLOCK_OSC, CLOCK_PER, CLOCK_PER,
                                        CLOCK_OSC, CLOCK_RTC, CLOCK_OSC,
                                        CLOCK_OSC, CLOCK_OSC};
    uint32_t cr = *reg(g, CR), pr = *reg(g, PR);
    unsigned choice = cr >> CR_CLKSRC_LOW & 7;
    bool clocked =
        choice == 1 || choice == 2 || choice == 4 || choice == CLOCKSRC_OSC;
    uint32_t hz = 0, divider = (pr & 0xFFF) + 1;

    if (cr & CR_EN && clocked)
        hz = clock_hz(g->soc, SOURCE[choice]);
    if (choice == CLOCKSRC_OSC)
        divider *= (pr >> PR_24M_LOW & 0xF) + 1;
    if (hz != g->ticker.hz || divider != g->ticker.divider)
        ticker_start(&g->ticker, g->soc, hz, divider);
}

/* Bring counter and flags up to now. */
static void sync(struct gpt *g)
{
    uint64_t ticks = ticker_take(&g->ticker, g->soc);

    for (unsigned n = 0; ticks != 0 && n < COMPARES; n++) {
        uint64_t d = distance(g, *reg(g, OCR1 + 4 * n));
        if (d != 0 && d <= ticks)
            *reg(g, SR) |= 1u << n;
    }
    if (*reg(g, CR) & CR_FRR && ticks >= (1ull << 32) - *reg(g, CNT))
        *reg(g, SR) |= SR_ROV;
    *reg(g, CNT) = advanced(g, ticks);
    rates(g);
}

static void arm(struct gpt *g)
{
    uint32_t wanted = *reg(g, IR);
    uint64_t best = 0;

    for (unsigned n = 0; n < COMPARES; n++) {
        uint64_t d = distance(g, *reg(g, OCR1 + 4 * n));
        if (wanted >> n & 1 && d != 0 && (best == 0 || d < best))
            best = d;
    }
    if (wanted & SR_ROV && *reg(g, CR) & CR_FRR) {
        uint64_t d = (1ull << 32) - *reg(g, CNT);
        if (best == 0 || d < best)
            best = d;
    }
    soc_irq(g->soc, g->irq, *reg(g, SR) & wanted);
    ticker_arm(&g->ticker, g->timer, best);
}

static void fire(void *ctx)
{
    struct gpt *g = ctx;

    sync(g);
    arm(g);
}

static uint32_t gpt_read(void *owner, uint32_t off, uint32_t value)
{
    struct gpt *g = owner;

    (void)value;
    sync(g);
    return *reg(g, off);
}

static void software_reset(struct gpt *g)
{
    uint32_t cr = *reg(g, CR) & CR_AFTER_SWR;

    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        for (uint32_t n = 0; n < ROWS[i].count; n++)
            *reg(g, ROWS[i].offset + 4 * n) = ROWS[i].reset;
    *reg(g, CR) = cr; /* SWR has cleared itself */
}

static void gpt_written(void *owner, uint32_t off, uint32_t value, uint32_t old)
{
    struct gpt *g = owner;
    uint32_t now = *reg(g, off);

    /* What the counter did until now, it did by the old value. */
    *reg(g, off) = old;
    sync(g);
    *reg(g, off) = off == SR ? *reg(g, SR) & ~value : now;
    if (off == CR && now & CR_SWR)
        software_reset(g);
    else if ((off == CR && ~old & now & CR_EN && now & CR_ENMOD) ||
             (off == OCR1 && !(*reg(g, CR) & CR_FRR)))
        *reg(g, CNT) = 0;
    rates(g);
    arm(g);
}

static void gpt_reset(void *owner, enum soc_reset kind)
{
    struct gpt *g = owner;

    (void)kind;
    ticker_start(&g->ticker, g->soc, 0, 1);
}

static void add(struct soc *s, const char *name, uint32_t base, unsigned irq)
{
    struct gpt *g = soc_alloc(s, sizeof *g);

    g->soc = s;
    g->irq = irq;
    g->timer = soc_timer_new(s, fire, g);
    g->regs =
        regs_add(s, &(struct reg_block){name, base, 0x4000, REG_ROWS(ROWS)},
                 &(struct reg_hooks){.owner = g,
                                     .read = gpt_read,
                                     .written = gpt_written,
                                     .reset = gpt_reset});
}

void gpt_add(struct soc *s)
{
    add(s, "GPT1", 0x401EC000, 100);
    add(s, "GPT2", 0x401F0000, 101);
}
