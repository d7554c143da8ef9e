/* clocks.c - see clocks.h. Start at clocks_begin().
 *
 * While its PLL is set anew the core runs from the crystal, by the second input
 * of its multiplexer. An input may be changed only while it is not the one in
 * use: such a switch has glitches, that from one input to the other has none.
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "Clock Controller
 * Module (CCM)", "DCDC Converter (DCDC)"; data sheet, "Operating ranges".
 * Tests: test/system/test_sfw_start.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/clocks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/imxrt1060/imxrt1060_regs.h"

enum {
    /* Above 528 MHz the data sheet wants 1.25 V; a step more for the ripple. */
    TARGET_1275_MV = (1275 - 800) / 25,
    PLL_DIVIDER = 100,
    ARM_BY_2 = 1,
    AHB_BY_1 = 0 << 10,
    IPG_BY_4 = 3 << 8,
    IPG_BY_1 = 0 << 8,
    SEMC_BY_8 = 7 << 16, /* it may have 166 MHz at most */
    /* A PLL locks in 0.1 ms, the voltage settles in one. So many reads take
     * 20 ms at the very least, and a second from the crystal. */
    READS_MAX = 400000,
};
_Static_assert(OSC_HZ / 2 * PLL_DIVIDER / (ARM_BY_2 + 1) == 600000000,
               "the core's clock");

/* Until these bits are so. False: they never were. Not inlined, since tests
 * stop here to let a wait fail. */
__attribute__((noinline)) static bool await(const volatile uint32_t *reg,
                                            uint32_t bits, uint32_t value)
{
    for (uint32_t reads = 0; reads < READS_MAX; reads++)
        if ((*reg & bits) == value)
            return true;
    return false;
}

/* Dividers and switches change when the clocks on both sides allow it. */
static bool switched(void)
{
    return await(&CCM_CDHIPR, CDHIPR_BUSY, 0);
}

static bool core_divider(uint32_t bits, uint32_t value)
{
    CCM_CBCDR = (CCM_CBCDR & ~bits) | value;
    return switched();
}

static bool is_done(void)
{
    const uint32_t pll = PLL_ARM_DIVIDER | PLL_ARM_POWER_DOWN | PLL_ARM_ENABLE |
                         PLL_ARM_BYPASS | PLL_ARM_LOCK;
    const uint32_t core = CBCDR_IPG_PODF | CBCDR_AHB_PODF | CBCDR_PERIPH_CLK2;

    return (DCDC_REG3 & DCDC_REG3_TARGET) >= TARGET_1275_MV &&
           (PLL_ARM & pll) == (PLL_ARM_LOCK | PLL_ARM_ENABLE | PLL_DIVIDER) &&
           (CCM_CACRR & CACRR_ARM_PODF) == ARM_BY_2 &&
           (CCM_CBCDR & core) == (AHB_BY_1 | IPG_BY_4) &&
           (CCM_CBCMR & CBCMR_PRE_PERIPH) == CBCMR_PRE_PERIPH_ARM &&
           (CCM_CSCMR1 & CSCMR1_PERCLK) == CSCMR1_PERCLK_OSC;
}

/* Why it must not be tried, or NULL. */
static const char *obstacle(void)
{
    if ((CCM_CSCMR1 & CSCMR1_FLEXSPI) == 0)
        return "the flash's clock hangs on the core's, which stays as it is";
    if ((CCM_CBCDR & CBCDR_PERIPH_CLK2) &&
        (CCM_CBCMR & CBCMR_PERIPH_CLK2) != CBCMR_PERIPH_CLK2_OSC)
        return "the core runs from PERIPH_CLK2, and stays as it is";
    return NULL;
}

/* Before the clock, which needs it. */
static bool voltage_raise(void)
{
    CCM_CCGR6 |= CCGR6_DCDC;
    if ((DCDC_REG3 & DCDC_REG3_TARGET) < TARGET_1275_MV) {
        DCDC_REG3 &= ~DCDC_REG3_DISABLE_STEP;
        DCDC_REG3 = (DCDC_REG3 & ~DCDC_REG3_TARGET) | TARGET_1275_MV;
    }
    return await(&DCDC_REG0, DCDC_REG0_OK, DCDC_REG0_OK);
}

static bool crystal_run(void)
{
    if (!(CCM_CBCDR & CBCDR_PERIPH_CLK2)) {
        CCM_CBCMR = (CCM_CBCMR & ~CBCMR_PERIPH_CLK2) | CBCMR_PERIPH_CLK2_OSC;
        CCM_CBCDR &= ~CBCDR_PERIPH_CLK2_PODF;
    }
    return core_divider(CBCDR_PERIPH_CLK2, CBCDR_PERIPH_CLK2);
}

/* What the PLL's clock will pass; at 24 MHz none of it is ever too fast. */
static bool dividers_set(void)
{
    uint32_t gates = CCM_CCGR3;

    CCM_CCGR3 = gates & ~CCGR3_SEMC;
    bool semc = core_divider(CBCDR_SEMC_PODF, SEMC_BY_8);
    CCM_CCGR3 = gates;
    if (!semc || !core_divider(CBCDR_AHB_PODF, AHB_BY_1) ||
        !core_divider(CBCDR_IPG_PODF, IPG_BY_4))
        return false;
    CCM_CACRR = (CCM_CACRR & ~CACRR_ARM_PODF) | ARM_BY_2;
    return switched();
}

/* This multiplexer has glitches: nobody may be behind it meanwhile. */
static void timers_to_crystal(void)
{
    uint32_t gates0 = CCM_CCGR0, gates1 = CCM_CCGR1;

    CCM_CCGR0 = gates0 & ~CCGR0_GPT2;
    CCM_CCGR1 = gates1 & ~(CCGR1_GPT1 | CCGR1_PIT);
    CCM_CSCMR1 = (CCM_CSCMR1 & ~CSCMR1_PERCLK) | CSCMR1_PERCLK_OSC;
    CCM_CCGR1 = gates1;
    CCM_CCGR0 = gates0;
}

/* Down and up again, so that the lock we see is the new one. */
static bool pll_lock(void)
{
    PLL_ARM_SET = PLL_ARM_POWER_DOWN;
    PLL_ARM_CLR = PLL_ARM_DIVIDER | PLL_ARM_BYPASS;
    PLL_ARM_SET = PLL_ARM_ENABLE | PLL_DIVIDER;
    PLL_ARM_CLR = PLL_ARM_POWER_DOWN;
    return await(&PLL_ARM, PLL_ARM_LOCK, PLL_ARM_LOCK);
}

static bool pll_run(void)
{
    CCM_CBCMR = (CCM_CBCMR & ~CBCMR_PRE_PERIPH) | CBCMR_PRE_PERIPH_ARM;
    return core_divider(CBCDR_PERIPH_CLK2, 0);
}

/* NULL, or the step that failed; the core is on a clock that runs. */
static const char *steps(void)
{
    if (!voltage_raise())
        return "VDD_SOC does not reach 1.275 V: the core's clock stays as it "
               "is";
    if (!crystal_run() || !dividers_set())
        return "a clock switch does not end: the core may be at 24 MHz";
    timers_to_crystal();
    if (!pll_lock()) {
        CCM_CBCDR = (CCM_CBCDR & ~CBCDR_IPG_PODF) | IPG_BY_1;
        return "the ARM PLL does not lock: the core stays at 24 MHz";
    }
    if (!pll_run())
        return "a clock switch does not end: the core may be at 24 MHz";
    return is_done() ? NULL : "the clocks do not read back as they were set";
}

ota_err clocks_begin(const char **why)
{
    *why = NULL;
    if (is_done())
        return OTA_OK;
    *why = obstacle();
    if (*why)
        return OTA_ERR_STATE;
    *why = steps();
    return *why ? OTA_ERR_IO : OTA_OK;
}
