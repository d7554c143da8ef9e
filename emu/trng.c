/* trng.c - the random number generator: sixteen words at a time, from the
 * board's seeded stream, so a run can be repeated.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "True Random Number Generator
 * (TRNG)". Runs while MCTL[PRGM] is zero; the read of ENT15 takes the words
 * away and starts the next sixteen. How long silicon takes depends on the
 * frequency of its ring oscillator; here it is 100 microseconds. The
 * statistical checks never fail; their limits are storage. Tests:
 * test/unit/emu/test_trng.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    MCTL = 0x00,
    STATUS = 0x3C,
    ENT0 = 0x40,
    ENT15 = 0x7C,
    INT_CTRL = 0xA4,
    INT_MASK = 0xA8,
    INT_STATUS = 0xAC,

    MCTL_RST_DEF = 1 << 6,
    MCTL_ENT_VAL = 1 << 10,
    MCTL_ERR = 1 << 12,
    MCTL_TSTOP_OK = 1 << 13,
    MCTL_PRGM = 1 << 16,
    INT_ENT_VAL = 1 << 1,

    WORDS = 16,
    CYCLES = BOARD_HZ / 10000,
    IRQ = 53,
};

static const struct reg_row ROWS[] = {
    {MCTL, 1, REG_STORE, 0x00012001, 0x000140FF, false},
    {0x04, 1, REG_STORE, 0x00010022, REG_ALL, false}, /* SCMISC */
    {0x08, 1, REG_STORE, 0x000009A3, REG_ALL, false}, /* PKRRNG */
    {0x0C, 1, REG_STORE, 0x00006920, REG_ALL, false}, /* PKRMAX */
    {0x10, 1, REG_STORE, 0x0C8009C4, REG_ALL, false}, /* SDCTL */
    {0x14, 1, REG_STORE, 0x0000003F, REG_ALL, false}, /* SBLIM */
    {0x18, 1, REG_STORE, 0x00000640, REG_ALL, false}, /* FRQMIN */
    {0x1C, 1, REG_STORE, 0x00006400, REG_ALL, false}, /* FRQMAX */
    {0x20, 1, REG_STORE, 0x010C0568, REG_ALL, false}, /* SCML */
    {0x24, 1, REG_STORE, 0x00B20195, REG_ALL, false}, /* SCR1L */
    {0x28, 1, REG_STORE, 0x007A00DC, REG_ALL, false}, /* SCR2L */
    {0x2C, 1, REG_STORE, 0x0058007D, REG_ALL, false}, /* SCR3L */
    {0x30, 1, REG_STORE, 0x0040004B, REG_ALL, false}, /* SCR4L */
    {0x34, 2, REG_STORE, 0x002E002F, REG_ALL, false}, /* SCR5L, SCR6PL */
    {STATUS, 1, REG_STORE, 0x00000000, 0, false},
    {ENT0, WORDS, REG_STORE, 0x00000000, 0, false},
    {0x80, 8, REG_STORE, 0x00000000, 0, false},   /* PKRCNT */
    {0xA0, 1, REG_STORE, 0x00000000, 0x2, false}, /* SEC_CFG */
    {INT_CTRL, 1, REG_STORE, 0xFFFFFFFF, REG_ALL, false},
    {INT_MASK, 1, REG_STORE, 0x00000000, 0x7, false},
    {INT_STATUS, 1, REG_STORE, 0x00000000, 0, false},
    {0xF0, 1, REG_STORE, 0x00300100, 0, false}, /* VID1 */
    {0xF4, 1, REG_STORE, 0x00000000, 0, false}, /* VID2 */
};

struct trng {
    struct soc *soc;
    struct regs *regs;
    bool valid;
    struct soc_timer *done;
};

static uint32_t *reg(const struct trng *t, uint32_t off)
{
    return regs_at(t->regs, off);
}

static bool stopped(const struct trng *t)
{
    return *reg(t, MCTL) & MCTL_PRGM;
}

static void line(struct trng *t)
{
    soc_irq(t->soc, IRQ, *reg(t, INT_STATUS) & *reg(t, INT_MASK));
}

/* Drop what there is; sample anew unless stopped. */
static void begin(struct trng *t)
{
    t->valid = false;
    soc_timer_stop(t->done);
    if (!stopped(t))
        soc_timer_at(t->done, soc_now(t->soc) + CYCLES);
}

static void done(void *ctx)
{
    struct trng *t = ctx;

    for (uint32_t n = 0; n < WORDS; n++)
        *reg(t, ENT0 + 4 * n) = soc_random(t->soc);
    t->valid = true;
    *reg(t, INT_STATUS) |= INT_ENT_VAL;
    line(t);
}

static uint32_t trng_read(void *owner, uint32_t off, uint32_t value)
{
    struct trng *t = owner;

    if (off == MCTL)
        return (value & ~(uint32_t)MCTL_TSTOP_OK) |
               (t->valid ? MCTL_ENT_VAL : 0u) |
               (stopped(t) || t->valid ? MCTL_TSTOP_OK : 0u);
    if (off < ENT0 || off > ENT15)
        return value;
    if (!t->valid || stopped(t))
        return 0;
    if (off == ENT15)
        begin(t);
    return value;
}

static void mctl_written(struct trng *t, uint32_t value, uint32_t old)
{
    if (value & MCTL_RST_DEF) {
        /* Limits go back to their defaults; PRGM and the rest stay. */
        for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
            if (ROWS[i].offset > MCTL && ROWS[i].offset < STATUS)
                for (uint32_t n = 0; n < ROWS[i].count; n++)
                    *reg(t, ROWS[i].offset + 4 * n) = ROWS[i].reset;
        *reg(t, MCTL) &= ~(uint32_t)MCTL_RST_DEF;
    }
    if ((old ^ *reg(t, MCTL)) & MCTL_PRGM)
        begin(t);
}

static void trng_written(void *owner, uint32_t off, uint32_t value,
                         uint32_t old)
{
    struct trng *t = owner;

    if (off == MCTL)
        mctl_written(t, value, old);
    else if (off == INT_CTRL) { /* a zero clears the status bit */
        *reg(t, INT_STATUS) &= value;
        *reg(t, INT_CTRL) = REG_ALL;
    }
    line(t);
}

static void trng_reset(void *owner, enum soc_reset kind)
{
    struct trng *t = owner;

    (void)kind;
    t->valid = false;
}

void trng_add(struct soc *s)
{
    struct trng *t = soc_alloc(s, sizeof *t);

    t->soc = s;
    t->done = soc_timer_new(s, done, t);
    t->regs = regs_add(
        s, &(struct reg_block){"TRNG", 0x400CC000, 0x4000, REG_ROWS(ROWS)},
        &(struct reg_hooks){.owner = t,
                            .read = trng_read,
                            .written = trng_written,
                            .reset = trng_reset});
}
