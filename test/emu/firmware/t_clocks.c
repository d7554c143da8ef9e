/* t_clocks.c - what a program that sets the core's clock waits for: locks,
 * handshakes, the voltage.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapters "Clock Controller
 * Module (CCM)", "DCDC Converter (DCDC)". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "subjects.h"

CLOCK_CLAIMS(CLAIM_PROTOTYPE)

enum { READS_MAX = 100000 };

/* The bits are `now`, and later they are `then`. */
static void expect_change(volatile uint32_t *reg, uint32_t bits, uint32_t now,
                          uint32_t then)
{
    expect(now, *reg & bits);
    for (uint32_t i = 0; i < READS_MAX && (*reg & bits) != then; i++) {
    }
    expect(then, *reg & bits);
}

static void core_from_crystal(void)
{
    CCM_CBCMR = (CCM_CBCMR & ~CBCMR_PERIPH_CLK2) | CBCMR_PERIPH_CLK2_OSC;
    CCM_CBCDR |= CBCDR_PERIPH_CLK2;
}

static void core_from_pll(void)
{
    CCM_CBCDR &= ~CBCDR_PERIPH_CLK2;
}

static void pll_locks_a_while_after_power_up(void)
{
    PLL_AUDIO_CLR = PLL_POWER_DOWN;
    expect_change(&PLL_AUDIO, PLL_LOCK, 0, PLL_LOCK);

    PLL_AUDIO_SET = PLL_POWER_DOWN;
    expect(0, PLL_AUDIO & PLL_LOCK);
}

static void pll_locks_anew_at_another_divider(void)
{
    uint32_t before = PLL_ARM;

    core_from_crystal();
    PLL_ARM = before ^ 1;
    expect_change(&PLL_ARM, PLL_LOCK, 0, PLL_LOCK);
    PLL_ARM = before;
    expect_change(&PLL_ARM, PLL_LOCK, 0, PLL_LOCK);
    core_from_pll();
}

static void clock_switch_is_busy_for_a_while(void)
{
    core_from_crystal();
    expect_change(&CCM_CDHIPR, CDHIPR_PERIPH_CLK, CDHIPR_PERIPH_CLK, 0);
    core_from_pll();
    expect_change(&CCM_CDHIPR, CDHIPR_PERIPH_CLK, CDHIPR_PERIPH_CLK, 0);
}

static void clock_dividers_are_busy_for_a_while(void)
{
    CCM_CACRR ^= 1;
    expect_change(&CCM_CDHIPR, CDHIPR_ARM_PODF, CDHIPR_ARM_PODF, 0);
    CCM_CACRR ^= 1;
    CCM_CBCDR ^= CBCDR_AHB_PODF_LOW;
    expect_change(&CCM_CDHIPR, CDHIPR_AHB_PODF, CDHIPR_AHB_PODF, 0);
    CCM_CBCDR ^= CBCDR_AHB_PODF_LOW;
    CCM_CBCDR ^= CBCDR_SEMC_PODF_LOW;
    expect_change(&CCM_CDHIPR, CDHIPR_SEMC_PODF, CDHIPR_SEMC_PODF, 0);
    CCM_CBCDR ^= CBCDR_SEMC_PODF_LOW;
}

static void voltage_takes_a_while_to_settle(void)
{
    uint32_t before = DCDC_REG3;

    DCDC_REG3 = before + 1;
    expect_change(&DCDC_REG0, DCDC_REG0_OK, 0, DCDC_REG0_OK);
    DCDC_REG3 = before;
    expect_change(&DCDC_REG0, DCDC_REG0_OK, 0, DCDC_REG0_OK);
}

/* In ticks of SysTick's 100 kHz, which come from the crystal. */
static uint32_t time_of_a_loop(void)
{
    SYST_RVR = 0x00FFFFFF;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE;
    uint32_t first = SYST_CVR;
    for (volatile uint32_t i = 0; i < 100000; i++) {
    }
    return (first - SYST_CVR) & 0x00FFFFFF;
}

/* At 24 MHz it ought to take 16 times as long as at 396 MHz. */
static void not_modelled_speed_of_the_core(void)
{
    uint32_t fast = time_of_a_loop();
    core_from_crystal();
    uint32_t slow = time_of_a_loop();
    core_from_pll();

    expect_true(fast > 10);
    expect_range(fast - 1, fast + 1, slow);
}

static const struct claim CLAIMS[] = {CLOCK_CLAIMS(CLAIM_ROW)};
const struct subject clock_subject = SUBJECT(CLAIMS);
