/* t_dwt.c - the cycle counter that drivers measure short delays with.
 *
 * Source: ARMv7-M Architecture Reference Manual, C1.8 "The Data Watchpoint and
 * Trace unit". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

DWT_CLAIMS(CLAIM_PROTOTYPE)

static void start(void)
{
    DEMCR |= DEMCR_TRCENA;
    DWT_LAR = DWT_LAR_UNLOCK;
    DWT_CYCCNT = 0;
    DWT_CTRL |= DWT_CYCCNTENA;
}

static void spin(uint32_t rounds)
{
    for (volatile uint32_t i = 0; i < rounds; i++) {
    }
}

static void cyccnt_counts_while_enabled(void)
{
    start();
    uint32_t first = DWT_CYCCNT;
    spin(1000);
    uint32_t second = DWT_CYCCNT;

    expect_range(1000, 100000, second - first);
}

static void cyccnt_stands_still_while_disabled(void)
{
    start();
    spin(100);
    DWT_CTRL &= ~DWT_CYCCNTENA;
    uint32_t first = DWT_CYCCNT;
    spin(1000);

    expect_true(first > 100);
    expect(first, DWT_CYCCNT);
}

static void cyccnt_can_be_written(void)
{
    start();
    DWT_CYCCNT = 0xFFFFFF00;
    expect_range(0xFFFFFF00, 0xFFFFFFFF, DWT_CYCCNT);
    spin(1000);

    expect_range(1, 100000, DWT_CYCCNT);
}

static void cyccnt_and_systick_count_the_same_cycles(void)
{
    start();
    SYST_RVR = 0x00FFFFFF;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_CORE_CLOCK;
    uint32_t cycles = DWT_CYCCNT, ticks = SYST_CVR;
    spin(10000);
    ticks = (ticks - SYST_CVR) & 0x00FFFFFF;
    cycles = DWT_CYCCNT - cycles;

    expect_range(ticks - 50, ticks + 50, cycles);
}

static const struct claim CLAIMS[] = {DWT_CLAIMS(CLAIM_ROW)};
const struct subject dwt_subject = SUBJECT(CLAIMS);
