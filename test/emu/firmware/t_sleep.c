/* t_sleep.c - WFI, WFE, SEV and SLEEPONEXIT.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5.17 "Wait For Event and
 * Send Event", B1.5.18 "Wait For Interrupt". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

SLEEP_CLAIMS(CLAIM_PROTOTYPE)

enum { PERIOD = 1000000, WOKEN_WITHIN = 2000 };

static volatile uint32_t ticks;
static uint32_t last_sleep;

static void tick(void)
{
    if (++ticks == last_sleep)
        SCR = 0;
}

static void start(void)
{
    ticks = 0;
    last_sleep = 0;
    set_handler(EXC_SYSTICK, tick);
    SYST_RVR = PERIOD - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
}

static uint32_t since_tick(void)
{
    return PERIOD - 1 - SYST_CVR;
}

static void wfi(void)
{
    __asm__ volatile("dsb\n wfi\n isb" : : : "memory");
}

static void wfe(void)
{
    __asm__ volatile("dsb\n wfe\n isb" : : : "memory");
}

static void sev(void)
{
    __asm__ volatile("dsb\n sev" : : : "memory");
}

/* A WFE that surely finds no event. */
static void forget_events(void)
{
    sev();
    wfe();
}

static void wfi_sleeps_until_an_interrupt(void)
{
    start();
    wfi();

    expect(1, ticks);
    expect_range(0, WOKEN_WITHIN, since_tick());
}

static void wfi_with_primask_wakes_and_handles_later(void)
{
    mask_interrupts();
    start();
    wfi();
    expect(0, ticks);
    expect_range(0, WOKEN_WITHIN, since_tick());
    unmask_interrupts();

    expect(1, ticks);
}

static void wfi_with_something_pending_does_not_sleep(void)
{
    mask_interrupts();
    start();
    ICSR = ICSR_PENDSTSET;
    wfi();

    expect_range(0, WOKEN_WITHIN, since_tick());
    expect(0, ticks);
}

static void wfi_again_and_again_sees_every_tick(void)
{
    start();
    for (uint32_t i = 1; i <= 100; i++) {
        wfi();
        expect(i, ticks);
    }
}

static void wfe_after_sev_does_not_sleep(void)
{
    start();
    sev();
    wfe();

    expect(0, ticks);
    expect_range(0, WOKEN_WITHIN, since_tick());
}

static void wfe_uses_up_the_event(void)
{
    start();
    forget_events();
    wfe();

    expect(1, ticks);
    expect_range(0, WOKEN_WITHIN, since_tick());
}

static void wfe_sees_the_return_from_a_handler(void)
{
    start();
    forget_events();
    ICSR = ICSR_PENDSTSET;
    barrier();
    wfe();

    expect(1, ticks);
    expect_range(0, WOKEN_WITHIN, since_tick());
}

static void sevonpend_wakes_wfe_for_a_disabled_line(void)
{
    start();
    SYST_CSR = 0;
    SCR = SCR_SEVONPEND;
    forget_events();
    NVIC_ISPR(IRQ_A / 32) = 1u << (IRQ_A % 32);
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    wfe();

    expect(0, ticks);
}

static void sleeponexit_sleeps_after_each_handler(void)
{
    start();
    last_sleep = 3;
    SCR = SCR_SLEEPONEXIT;
    wfi();

    expect(3, ticks);
}

static void yield_and_hints_do_nothing(void)
{
    start();
    for (unsigned i = 0; i < 10; i++)
        __asm__ volatile("yield\n nop\n nop.w\n dmb\n pld [sp]" : : : "memory");

    expect(0, ticks);
    expect_range(0, WOKEN_WITHIN, since_tick());
}

static const struct claim CLAIMS[] = {SLEEP_CLAIMS(CLAIM_ROW)};
const struct subject sleep_subject = SUBJECT(CLAIMS);
