/* snvs.c - secure non-volatile storage: two real-time counters, the monotonic
 * counter, general purpose registers that outlive a reset.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Secure Non-Volatile Storage
 * (SNVS)". Two halves: HP resets with the system, LP does not. The board has
 * no coin cell, so LP starts afresh at power-on.
 *
 * Not modelled: tamper detection, the zeroizable master key's use (storage),
 * the button's debounce. Switching the power off by LPCR[TOP] is reported.
 * Tests: test/unit/emu/test_snvs.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    BASE = 0x400D4000,
    HPLR = 0x00,
    HPCOMR = 0x04,
    HPCR = 0x08,
    HPSR = 0x14,
    HPSVSR = 0x18,
    HPRTCMR = 0x24,
    HPRTCLR = 0x28,
    HPTAMR = 0x2C,
    HPTALR = 0x30,
    LPLR = 0x34,
    LPCR = 0x38,
    LPSR = 0x4C,
    LPSRTCMR = 0x50,
    LPSRTCLR = 0x54,
    LPTAR = 0x58,
    LPSMCMR = 0x5C,
    LPSMCLR = 0x60,
    LPGPR0_LEGACY = 0x68,
    LPGPR_ALIAS = 0x90,
    LPGPR = 0x100,

    HPCR_RTC_EN = 1 << 0,
    HPCR_HPTA_EN = 1 << 1,
    HPCR_HP_TS = 1 << 16, /* copy SRTC to RTC; clears itself */
    HPSR_HPTA = 1 << 0,
    LPCR_SRTC_ENV = 1 << 0,
    LPCR_LPTA_EN = 1 << 1,
    LPCR_MC_ENV = 1 << 2,
    LPCR_DP_EN = 1 << 5,
    LPCR_TOP = 1 << 6,
    LPSR_LPTA = 1 << 0,
    LPSR_MCR = 1 << 2, /* the monotonic counter is full */

    RTC_HIGH_BITS = 0x7FFF, /* of 47 */
    IRQ_HP = 46,
    IRQ_LP = 48,
    LPGPRS = 8,
    LPGPR_ALIASES = 4,
};

static const struct reg_row ROWS[] = {
    {HPLR, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {HPCOMR, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {HPCR, 1, REG_STORE, 0x00000000, 0x0F017DFF, false},
    {0x0C, 2, REG_STORE, 0x00000000, REG_ALL, false}, /* HPSICR, HPSVCR */
    {HPSR, 1, REG_W1C, 0x8000B000, 0x00000083, false},
    {HPSVSR, 1, REG_W1C, 0x80000000, 0x0000003F, false},
    {0x1C, 2, REG_STORE, 0x00000000, REG_ALL, false}, /* HPHACIVR, HPHACR */
    {HPRTCMR, 1, REG_STORE, 0x00000000, 0, false},
    {HPRTCLR, 1, REG_STORE, 0x00000000, 0, false},
    {HPTAMR, 1, REG_STORE, 0x00000000, RTC_HIGH_BITS, false},
    {HPTALR, 1, REG_STORE, 0x00000000, REG_ALL, false},
    {LPLR, 1, REG_STORE, 0x00000000, REG_ALL, true},
    {LPCR, 1, REG_STORE, 0x00000020, 0x01FFFFFF, true},
    {0x3C, 4, REG_STORE, 0x00000000, REG_ALL, true}, /* LPMKCR..LPSECR */
    {LPSR, 1, REG_W1C, 0x00000008, 0x00170007, true},
    {LPSRTCMR, 1, REG_STORE, 0x00000000, 0, true},
    {LPSRTCLR, 1, REG_STORE, 0x00000000, 0, true},
    {LPTAR, 1, REG_STORE, 0x00000000, REG_ALL, true},
    {LPSMCMR, 1, REG_STORE, 0x00000000, 0, true},
    {LPSMCLR, 1, REG_STORE, 0x00000000, 0, true},
    {0x64, 1, REG_STORE, 0x00000000, REG_ALL, true}, /* LPPGDR */
    {LPGPR0_LEGACY, 1, REG_STORE, 0x00000000, 0, true},
    {0x6C, 8, REG_STORE, 0x00000000, REG_ALL, true}, /* LPZMKR */
    {LPGPR_ALIAS, LPGPR_ALIASES, REG_STORE, 0x00000000, 0, true},
    {LPGPR, LPGPRS, REG_STORE, 0x00000000, REG_ALL, true},
    {0xBF8, 1, REG_STORE, 0x003E0300, 0, false}, /* HPVIDR1 */
    {0xBFC, 1, REG_STORE, 0x06000000, 0, false}, /* HPVIDR2 */
};

/* A counter of 47 bits at 32.768 kHz. */
struct counter {
    bool runs;
    uint64_t value; /* at `since` */
    uint64_t since; /* cycles */
};

struct snvs {
    struct soc *soc;
    struct regs *regs;
    struct counter rtc, srtc;
    uint64_t monotonic; /* 48 bits */
    struct soc_timer *rtc_alarm, *srtc_alarm;
};

static uint64_t counter_now(const struct snvs *v, const struct counter *c)
{
    if (!c->runs)
        return c->value;
    return (c->value + clock_ticks(soc_now(v->soc) - c->since,
                                   clock_hz(v->soc, CLOCK_RTC))) &
           0x7FFFFFFFFFFF;
}

static void counter_set(const struct snvs *v, struct counter *c, uint64_t value)
{
    c->value = value;
    c->since = soc_now(v->soc);
}

static void counter_run(const struct snvs *v, struct counter *c, bool run)
{
    if (c->runs == run)
        return;
    counter_set(v, c, counter_now(v, c));
    c->runs = run;
}

static void lines(struct snvs *v)
{
    soc_irq(v->soc, IRQ_HP,
            *regs_at(v->regs, HPSR) & HPSR_HPTA &&
                *regs_at(v->regs, HPCR) & HPCR_HPTA_EN);
    soc_irq(v->soc, IRQ_LP,
            *regs_at(v->regs, LPSR) & LPSR_LPTA &&
                *regs_at(v->regs, LPCR) & LPCR_LPTA_EN);
}

/* Fire when `c` gets to `alarm`; one that is past already never does. */
static void alarm_arm(struct snvs *v, struct soc_timer *t,
                      const struct counter *c, uint64_t alarm)
{
    uint64_t now = counter_now(v, c);

    soc_timer_stop(t);
    if (c->runs && alarm > now)
        soc_timer_at(
            t, soc_now(v->soc) +
                   clock_cycles(alarm - now, clock_hz(v->soc, CLOCK_RTC)));
}

static void alarms(struct snvs *v)
{
    soc_timer_stop(v->rtc_alarm);
    soc_timer_stop(v->srtc_alarm);
    if (*regs_at(v->regs, HPCR) & HPCR_HPTA_EN)
        alarm_arm(v, v->rtc_alarm, &v->rtc,
                  (uint64_t)*regs_at(v->regs, HPTAMR) << 32 |
                      *regs_at(v->regs, HPTALR));
    if (*regs_at(v->regs, LPCR) & LPCR_LPTA_EN)
        alarm_arm(v, v->srtc_alarm, &v->srtc, /* seconds */
                  (uint64_t)*regs_at(v->regs, LPTAR) << 15);
}

static void rtc_fire(void *ctx)
{
    struct snvs *v = ctx;

    *regs_at(v->regs, HPSR) |= HPSR_HPTA;
    lines(v);
}

static void srtc_fire(void *ctx)
{
    struct snvs *v = ctx;

    *regs_at(v->regs, LPSR) |= LPSR_LPTA;
    lines(v);
}

static uint32_t snvs_read(void *owner, uint32_t off, uint32_t value)
{
    struct snvs *v = owner;

    switch (off) {
    case HPRTCMR:
        return (uint32_t)(counter_now(v, &v->rtc) >> 32);
    case HPRTCLR:
        return (uint32_t)counter_now(v, &v->rtc);
    case LPSRTCMR:
        return (uint32_t)(counter_now(v, &v->srtc) >> 32);
    case LPSRTCLR:
        return (uint32_t)counter_now(v, &v->srtc);
    case LPSMCMR:
        return (uint32_t)(v->monotonic >> 32);
    case LPSMCLR:
        return (uint32_t)v->monotonic;
    case LPGPR0_LEGACY:
        return *regs_at(v->regs, LPGPR);
    default:
        if (off - LPGPR_ALIAS < 4u * LPGPR_ALIASES)
            return *regs_at(v->regs, off - LPGPR_ALIAS + LPGPR);
        return value;
    }
}

/* A counter's half; refused while it runs. */
static void counter_write(struct snvs *v, struct counter *c, bool high,
                          uint32_t value)
{
    uint64_t now = counter_now(v, c);

    if (c->runs)
        return;
    if (high)
        now = (now & 0xFFFFFFFF) | (uint64_t)(value & RTC_HIGH_BITS) << 32;
    else
        now = (now & ~(uint64_t)0xFFFFFFFF) | value;
    counter_set(v, c, now);
}

/* Whatever is written, the counter goes up by one, and never down. */
static void monotonic_write(struct snvs *v)
{
    if (!(*regs_at(v->regs, LPCR) & LPCR_MC_ENV))
        return;
    if (v->monotonic == 0xFFFFFFFFFFFF)
        *regs_at(v->regs, LPSR) |= LPSR_MCR;
    else
        v->monotonic++;
}

static void hpcr_written(struct snvs *v)
{
    uint32_t *hpcr = regs_at(v->regs, HPCR);

    if (*hpcr & HPCR_HP_TS) {
        counter_set(v, &v->rtc, counter_now(v, &v->srtc));
        *hpcr &= ~(uint32_t)HPCR_HP_TS;
    }
    counter_run(v, &v->rtc, *hpcr & HPCR_RTC_EN);
}

static void lpcr_written(struct snvs *v, uint32_t old)
{
    uint32_t *lpcr = regs_at(v->regs, LPCR);

    *lpcr |= old & LPCR_MC_ENV; /* once on, on until power goes */
    counter_run(v, &v->srtc, *lpcr & LPCR_SRTC_ENV);
    if (*lpcr & LPCR_TOP && *lpcr & LPCR_DP_EN)
        soc_not_modelled(v->soc, "SNVS: power off by LPCR[TOP]", BASE + LPCR,
                         true, *lpcr);
}

static void snvs_written(void *owner, uint32_t off, uint32_t value,
                         uint32_t old)
{
    struct snvs *v = owner;

    switch (off) {
    case HPCR:
        hpcr_written(v);
        break;
    case LPCR:
        lpcr_written(v, old);
        break;
    case HPRTCMR:
    case HPRTCLR:
        counter_write(v, &v->rtc, off == HPRTCMR, value);
        break;
    case LPSRTCMR:
    case LPSRTCLR:
        counter_write(v, &v->srtc, off == LPSRTCMR, value);
        break;
    case LPSMCMR:
    case LPSMCLR:
        monotonic_write(v);
        break;
    case LPGPR0_LEGACY:
        *regs_at(v->regs, LPGPR) = value;
        break;
    default:
        if (off - LPGPR_ALIAS < 4u * LPGPR_ALIASES)
            *regs_at(v->regs, off - LPGPR_ALIAS + LPGPR) = value;
        break;
    }
    alarms(v);
    lines(v);
}

static void snvs_reset(void *owner, enum soc_reset kind)
{
    struct snvs *v = owner;

    v->rtc = (struct counter){0};
    if (kind == SOC_RESET_POWER) {
        v->srtc = (struct counter){0};
        v->monotonic = 0;
    }
    alarms(v);
    lines(v);
}

void snvs_add(struct soc *s)
{
    struct snvs *v = soc_alloc(s, sizeof *v);

    v->soc = s;
    v->rtc_alarm = soc_timer_new(s, rtc_fire, v);
    v->srtc_alarm = soc_timer_new(s, srtc_fire, v);
    v->regs =
        regs_add(s, &(struct reg_block){"SNVS", BASE, 0x4000, REG_ROWS(ROWS)},
                 &(struct reg_hooks){.owner = v,
                                     .read = snvs_read,
                                     .written = snvs_written,
                                     .reset = snvs_reset});
}
