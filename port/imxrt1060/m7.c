/* m7.c - see m7.h.
 *
 * Source: ARMv7-M Architecture Reference Manual, B2.2 "Caches and branch
 * predictors", B3.2 "System Control Block".
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/m7.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

enum {
    SET_LOW = 5,  /* lines of 32 bytes */
    WAY_LOW = 30, /* four ways */
    TICKS_PER_MS = 100,
    /* Below the faults, which keep the highest: one that happens in a handler,
     * or while it is entered, must come through. */
    LOWEST = 0xF0,
};

/* Each line of the data cache through DCISW or DCCISW. */
static void each_data_line(volatile uint32_t *operation)
{
    SCB_CSSELR = 0; /* level 1, data */
    core_barrier();
    uint32_t ccsidr = SCB_CCSIDR;
    uint32_t sets = (ccsidr >> 13 & 0x7FFF) + 1;
    uint32_t ways = (ccsidr >> 3 & 0x3FF) + 1;

    for (uint32_t set = 0; set < sets; set++)
        for (uint32_t way = 0; way < ways; way++)
            *operation = way << WAY_LOW | set << SET_LOW;
    core_barrier();
}

void m7_caches_off(void)
{
    if (SCB_CCR & CCR_DC) {
        SCB_CCR &= ~CCR_DC;
        core_barrier();
        each_data_line(&SCB_DCCISW);
    }
    SCB_CCR &= ~CCR_IC;
    core_barrier();
    SCB_ICIALLU = 0;
    core_barrier();
}

void m7_caches_on(void)
{
    m7_caches_off();
    each_data_line(&SCB_DCISW);
    SCB_CCR |= CCR_DC | CCR_IC;
    core_barrier();
}

void m7_interrupts_quiet(void)
{
    SYST_CSR = 0;
    for (uint32_t i = 0; i < NVIC_WORDS; i++) {
        NVIC_ICER(i) = UINT32_MAX;
        NVIC_ICPR(i) = UINT32_MAX;
    }
    SCB_ICSR = ICSR_PENDSVCLR | ICSR_PENDSTCLR;
    core_barrier();
}

void m7_interrupt_on(uint32_t irq)
{
    NVIC_IPR8(irq) = LOWEST;
    NVIC_ISER(irq / 32) = 1u << irq % 32;
}

void m7_tick_on(void)
{
    SCB_SHPR3 = (SCB_SHPR3 & ~SHPR3_SYSTICK) | (uint32_t)LOWEST << 24;
    SYST_RVR = TICKS_PER_MS - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_RUN;
}

void m7_reset(void)
{
    core_barrier();
    SCB_AIRCR = AIRCR_SYSRESETREQ;
    core_barrier();
    for (;;) {
    }
}
