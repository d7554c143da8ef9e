/* t_systick.c - the core's own timer.
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.3 "The system timer,
 * SysTick". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

SYSTICK_CLAIMS(CLAIM_PROTOTYPE)

enum { RUN = SYST_ENABLE | SYST_CORE_CLOCK };

static volatile uint32_t ticks;

static void tick(void)
{
    ticks++;
}

static void start(uint32_t period, uint32_t control)
{
    ticks = 0;
    set_handler(EXC_SYSTICK, tick);
    SYST_RVR = period - 1;
    SYST_CVR = 0;
    SYST_CSR = control;
}

static void spin(uint32_t rounds)
{
    for (volatile uint32_t i = 0; i < rounds; i++) {
    }
}

static void systick_counts_down_from_its_reload_value(void)
{
    start(100000, RUN);
    spin(10);
    uint32_t first = SYST_CVR;
    spin(10);
    uint32_t second = SYST_CVR;

    expect_range(90000, 99999, first);
    expect_range(90000, first - 1, second);
}

static void systick_wraps_and_goes_on(void)
{
    uint32_t wraps = 0, last;

    start(1000, RUN);
    last = SYST_CVR;
    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t now = SYST_CVR;
        wraps += now > last;
        last = now;
        expect_range(0, 999, now);
    }
    expect_range(10, 1000, wraps);
}

static void countflag_tells_a_wrap_once(void)
{
    start(5000, RUN);
    expect(0, SYST_CSR & SYST_COUNTFLAG);
    spin(5000);
    expect(SYST_COUNTFLAG, SYST_CSR & SYST_COUNTFLAG);

    expect(0, SYST_CSR & SYST_COUNTFLAG);
}

static void write_clears_the_counter_and_countflag(void)
{
    start(5000, RUN);
    spin(5000);
    SYST_CVR = 1234;

    expect(0, SYST_CSR & SYST_COUNTFLAG);
    expect_range(4000, 4999, SYST_CVR);
}

static void disabled_systick_stands_still(void)
{
    start(100000, RUN);
    spin(10);
    SYST_CSR = SYST_CORE_CLOCK;
    uint32_t first = SYST_CVR;
    spin(10);

    expect(first, SYST_CVR);
}

static void without_tickint_nothing_pends(void)
{
    start(1000, RUN);
    spin(1000);

    expect(0, ticks);
    expect(0, ICSR & ICSR_PENDSTSET);
}

static void tickint_interrupts_each_period(void)
{
    start(1000, RUN | SYST_TICKINT);
    DEMCR |= DEMCR_TRCENA;
    DWT_LAR = DWT_LAR_UNLOCK;
    DWT_CTRL |= DWT_CYCCNTENA;
    uint32_t from = DWT_CYCCNT;
    while (ticks < 100) {
    }
    uint32_t cycles = DWT_CYCCNT - from;

    expect_range(98000, 102000, cycles);
}

static void masked_tick_pends_once(void)
{
    mask_interrupts();
    start(1000, RUN | SYST_TICKINT);
    spin(2000);
    SYST_CSR = 0;
    expect(ICSR_PENDSTSET, ICSR & ICSR_PENDSTSET);
    unmask_interrupts();

    expect(1, ticks);
}

static void pending_tick_can_be_taken_back(void)
{
    mask_interrupts();
    start(1000, RUN | SYST_TICKINT);
    spin(2000);
    SYST_CSR = 0;
    ICSR = ICSR_PENDSTCLR;
    unmask_interrupts();

    expect(0, ticks);
}

static void reload_has_24_bits(void)
{
    SYST_RVR = UINT32_MAX;

    expect(0x00FFFFFF, SYST_RVR);
}

static const struct claim CLAIMS[] = {SYSTICK_CLAIMS(CLAIM_ROW)};
const struct subject systick_subject = SUBJECT(CLAIMS);
