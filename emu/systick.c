/* systick.c - the core's own timer: 24 bits, down, from the core's clock or
 * from the 100 kHz reference.
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.3 "The system timer,
 * SysTick"; i.MX RT1060 Processor Reference Manual, rev. 3, "Clock Control
 * Module" (the external reference is the 24 MHz oscillator divided by 240).
 * Tests: test/unit/emu/test_m7.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/m7_core.h"

enum {
    CSR = 0x0,
    RVR = 0x4,
    CVR = 0x8,
    CALIB = 0xC,
    CSR_ENABLE = 1 << 0,
    CSR_TICKINT = 1 << 1,
    CSR_CLKSOURCE = 1 << 2,
    CSR_COUNTFLAG = 1 << 16,
    MASK = 0xFFFFFF,
    REFERENCE_HZ = 100000,
    CALIB_10MS = REFERENCE_HZ / 100 - 1,
};

static uint32_t cycles_per_tick(const struct systick *t)
{
    return t->ctrl & CSR_CLKSOURCE ? 1 : BOARD_HZ / REFERENCE_HZ;
}

/* Arrange for the count to be `value` now. Zero: reloads at the next tick. */
static void start(struct m7 *c, uint32_t value)
{
    struct systick *t = &c->systick;
    uint64_t ticks = value != 0 ? value : (uint64_t)t->reload + 1;

    if (t->reload == 0 && value == 0) { /* stands still at zero */
        t->zero_at = UINT64_MAX;
        soc_timer_stop(t->timer);
        return;
    }
    t->zero_at = c->clock->now + ticks * cycles_per_tick(t);
    soc_timer_at(t->timer, t->zero_at);
}

static void on_zero(void *ctx)
{
    struct m7 *c = ctx;
    struct systick *t = &c->systick;
    uint64_t period = ((uint64_t)t->reload + 1) * cycles_per_tick(t);

    t->count_flag = true;
    if (t->ctrl & CSR_TICKINT) {
        nvic_pend(&c->nvic, EXC_SYSTICK);
        m7_check(c, CHECK_PENDING);
    }
    if (t->reload == 0) {
        t->zero_at = UINT64_MAX;
        return;
    }
    /* From its own time, not from now: no drift. Periods that went by within
     * one block are one tick, as pending is one bit. */
    t->zero_at += period;
    if (t->zero_at <= c->clock->now)
        t->zero_at += (c->clock->now - t->zero_at) / period * period + period;
    soc_timer_at(t->timer, t->zero_at);
}

static uint32_t value_now(const struct m7 *c)
{
    const struct systick *t = &c->systick;

    if (!(t->ctrl & CSR_ENABLE))
        return t->frozen;
    if (t->zero_at == UINT64_MAX || t->zero_at <= c->clock->now)
        return 0;
    uint64_t left = (t->zero_at - c->clock->now) / cycles_per_tick(t);

    return left > t->reload ? 0 : (uint32_t)left;
}

static void set_control(struct m7 *c, uint32_t value)
{
    struct systick *t = &c->systick;
    uint32_t present = value_now(c);
    uint32_t kept = CSR_ENABLE | CSR_TICKINT | CSR_CLKSOURCE;

    if (((t->ctrl ^ value) & (CSR_ENABLE | CSR_CLKSOURCE)) == 0) {
        t->ctrl = value & kept;
        return;
    }
    t->ctrl = value & kept;
    t->frozen = present;
    if (t->ctrl & CSR_ENABLE)
        start(c, present);
    else
        soc_timer_stop(t->timer);
}

void systick_new(struct m7 *c)
{
    c->systick.timer = soc_timer_new(c->soc, on_zero, c);
}

void systick_reset(struct m7 *c)
{
    struct soc_timer *timer = c->systick.timer;

    soc_timer_stop(timer);
    c->systick = (struct systick){.timer = timer};
}

uint32_t systick_read(struct m7 *c, uint32_t off)
{
    struct systick *t = &c->systick;
    uint32_t flag = t->count_flag ? CSR_COUNTFLAG : 0;

    switch (off) {
    case CSR:
        t->count_flag = false;
        return t->ctrl | flag;
    case RVR:
        return t->reload;
    case CVR:
        return value_now(c);
    case CALIB:
        return CALIB_10MS;
    default:
        return 0;
    }
}

void systick_write(struct m7 *c, uint32_t off, uint32_t value)
{
    struct systick *t = &c->systick;

    switch (off) {
    case CSR:
        set_control(c, value);
        break;
    case RVR:
        t->reload = value & MASK;
        if ((t->ctrl & CSR_ENABLE) && t->zero_at == UINT64_MAX)
            start(c, 0);
        break;
    case CVR: /* any value clears the count and its flag */
        t->count_flag = false;
        t->frozen = 0;
        if (t->ctrl & CSR_ENABLE)
            start(c, 0);
        break;
    default:
        break;
    }
}
