/* gpt_clock.c - see gpt_clock.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "General Purpose Timer".
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/gpt_clock.h"

#include "port/imxrt1060/imxrt1060_regs.h"

enum { FIRST_DIVIDER = 10, SECOND_DIVIDER = 2400, TICKS_PER_S = 1000 };
_Static_assert(OSC_HZ / FIRST_DIVIDER / SECOND_DIVIDER == TICKS_PER_S,
               "the counter must count milliseconds");

static uint32_t now_ms(void *ctx)
{
    (void)ctx;
    return GPT2_CNT;
}

void gpt_clock_end(void)
{
    GPT2_CR = 0; /* a software reset leaves these bits */
    GPT2_CR = GPT_SWR;
    while (GPT2_CR & GPT_SWR) {
    }
}

struct port_clock gpt_clock_begin(void)
{
    CCM_CCGR0 |= CCGR0_GPT2;
    gpt_clock_end();
    GPT2_SR = GPT_SR_ALL;
    GPT2_CR = GPT_CLK_OSC | GPT_EN_24M | GPT_FRR | GPT_WAITEN | GPT_ENMOD;
    GPT2_PR = GPT_PR_24M(FIRST_DIVIDER) | GPT_PR(SECOND_DIVIDER);
    GPT2_CR |= GPT_EN;
    return (struct port_clock){.now_ms = now_ms};
}
