/* clocks.h - the clocks that the CCM's registers describe, for the models that
 * count them.
 *
 * Virtual time runs at BOARD_HZ whatever the CCM says; a model converts with
 * clock_ticks(), so a timer that firmware has computed from its clock registers
 * takes the virtual time that it should. Tests: test/unit/emu/test_ccm.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_CLOCKS_H
#define TERN_EMU_CLOCKS_H

#include <stdint.h>

#include "emu/soc.h"

enum clock {
    CLOCK_ARM_PLL,
    CLOCK_SYS_PLL,
    CLOCK_USB1_PLL,
    CLOCK_AHB, /* of the core */
    CLOCK_IPG,
    CLOCK_PER,  /* PIT, GPT */
    CLOCK_UART, /* LPUART1..8 */
    CLOCK_OSC,  /* the 24 MHz crystal */
    CLOCK_RTC,  /* the 32.768 kHz crystal */
};

/* 0: not running. */
uint32_t clock_hz(struct soc *s, enum clock c);

/* Called when registers have changed that the core's clock hangs on: notes what
 * silicon would not survive, a PLL without lock or too low a voltage. */
void clock_check_core(struct soc *s);

/* Ticks of a clock that pass in so many cycles, rounded down; cycles after
 * which so many ticks have passed, rounded up; hz is not 0. */
uint64_t clock_ticks(uint64_t cycles, uint32_t hz);
uint64_t clock_cycles(uint64_t ticks, uint32_t hz);

/* A prescaled clock that a counter takes its ticks from. */
struct ticker {
    uint64_t base;  /* cycles */
    uint64_t taken; /* ticks since base */
    uint32_t hz;    /* of the source; 0: stands still */
    uint32_t divider;
};

void ticker_start(struct ticker *t, const struct soc *s, uint32_t hz,
                  uint32_t divider);
/* Ticks since the last take, or the start. */
uint64_t ticker_take(struct ticker *t, const struct soc *s);
/* Have the timer fire when `ticks` more can be taken; 0: not at all. */
void ticker_arm(const struct ticker *t, struct soc_timer *timer,
                uint64_t ticks);

#endif
