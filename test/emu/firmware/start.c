/* start.c - the first instructions: put code and data where link.ld wants
 * them. The boot ROM comes here through boot.S.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "core.h"
#include "harness.h"

extern uint32_t itcm_load[], itcm_start[], itcm_end[];
extern uint32_t data_load[], data_start[], data_end[];
extern uint32_t bss_start[], bss_end[];
extern const volatile uint32_t scenario_words[2]; /* boot.S */

void reset_handler(void);

uint32_t scenario(void)
{
    return scenario_words[0];
}

uint32_t scenario_argument(void)
{
    return scenario_words[1];
}

static uint32_t cpacr_at_start;

uint32_t cpacr_after_reset(void)
{
    return cpacr_at_start;
}

static void copy(uint32_t *to, const uint32_t *end, const uint32_t *from)
{
    while (to < end)
        *to++ = *from++;
}

void reset_handler(void)
{
    copy(itcm_start, itcm_end, itcm_load);
    copy(data_start, data_end, data_load);
    for (uint32_t *p = bss_start; p < bss_end; p++)
        *p = 0;
    cpacr_at_start = CPACR;
    CPACR |= CPACR_FPU;
    barrier();
    harness_main();
}
