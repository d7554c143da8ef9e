/* test_ccm.c - claims about clock registers and the frequencies they mean
 * (emu/ccm.c, emu/ccm_analog.c, emu/clocks.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    CCM = 0x400FC000,
    CACRR = CCM + 0x10,
    CBCDR = CCM + 0x14,
    CBCMR = CCM + 0x18,
    CSCMR1 = CCM + 0x1C,
    CSCDR1 = CCM + 0x24,
    CDHIPR = CCM + 0x48,
    ANALOG = 0x400D8000,
    PLL_ARM = ANALOG,
    PLL_USB1 = ANALOG + 0x10,
    PLL_ENET = ANALOG + 0xE0,
    REG_2P5 = ANALOG + 0x130,
    MISC0 = ANALOG + 0x150,
    TEMPSENSE0 = ANALOG + 0x180,
    LOWPWR = ANALOG + 0x270,
    SET = 4,
    CLEAR = 8,
};

static int set_up(void **state)
{
    return bench_start(state, NULL);
}

static uint32_t hz(struct bench *b, enum clock c)
{
    return clock_hz(b->s, c);
}

static void ccm_at_power_on_has_the_rom_clocks(void **state)
{
    assert_int_equal(hz(*state, CLOCK_USB1_PLL), 480000000);
    assert_int_equal(hz(*state, CLOCK_SYS_PLL), 528000000);
    assert_int_equal(hz(*state, CLOCK_AHB), 396000000);
    assert_int_equal(hz(*state, CLOCK_IPG), 132000000);
    assert_int_equal(hz(*state, CLOCK_UART), 80000000);
}

/* The usual start-up: 1200 MHz PLL by 2, IPG by 4, PERCLK by 2. */
static void ccm_set_to_600_mhz_computes_so(void **state)
{
    wr(*state, PLL_ARM, 0x2000 | 100);
    wr(*state, CACRR, 1);
    wr(*state, CBCDR, 3 << 8);
    wr(*state, CBCMR, 3 << 18);
    wr(*state, CSCMR1, 1);
    assert_int_equal(hz(*state, CLOCK_AHB), 600000000);
    assert_int_equal(hz(*state, CLOCK_IPG), 150000000);
    assert_int_equal(hz(*state, CLOCK_PER), 75000000);
}

static void ccm_periph_clk2_from_crystal_computes_so(void **state)
{
    wr(*state, CBCMR, 1 << 12);
    wr(*state, CBCDR, 1 << 25);
    assert_int_equal(hz(*state, CLOCK_AHB), 24000000);
}

static void ccm_uart_from_crystal_by_two_computes_so(void **state)
{
    wr(*state, CSCDR1, 1 << 6 | 1);
    assert_int_equal(hz(*state, CLOCK_UART), 12000000);
}

static void ccm_pfd_divides_the_system_pll(void **state)
{
    wr(*state, CBCMR, 1 << 18); /* PFD2, 24 at reset: 528 * 18 / 24 */
    wr(*state, CBCDR, 0);
    assert_int_equal(hz(*state, CLOCK_AHB), 396000000);
}

static void ccm_handshakes_are_over(void **state)
{
    wr(*state, CBCDR, 0);
    assert_int_equal(rd(*state, CDHIPR), 0);
}

static void ccm_pll_locks_while_powered(void **state)
{
    assert_int_equal(rd(*state, PLL_ENET) >> 31, 0);
    wr(*state, PLL_ENET + CLEAR, 1 << 12); /* power down off */
    assert_int_equal(rd(*state, PLL_ENET) >> 31, 1);
    wr(*state, PLL_USB1 + CLEAR, 1 << 12); /* power off */
    assert_int_equal(rd(*state, PLL_USB1) >> 31, 0);
    assert_int_equal(hz(*state, CLOCK_UART), 0);
}

static void ccm_bypassed_pll_gives_the_crystal(void **state)
{
    wr(*state, PLL_USB1 + SET, 1 << 16);
    assert_int_equal(hz(*state, CLOCK_USB1_PLL), 24000000);
}

static void pmu_says_that_supplies_are_good(void **state)
{
    assert_true(rd(*state, REG_2P5) & 1 << 17);
    assert_true(rd(*state, MISC0) & 1 << 15);
    assert_true(rd(*state, LOWPWR) & 1 << 16);
}

static void tempmon_finishes_a_measurement(void **state)
{
    assert_false(rd(*state, TEMPSENSE0) & 4);
    wr(*state, TEMPSENSE0 + CLEAR, 1);
    wr(*state, TEMPSENSE0 + SET, 2);
    assert_true(rd(*state, TEMPSENSE0) & 4);
    assert_int_equal(rd(*state, TEMPSENSE0) >> 8 & 0xFFF, 0x557);
}

static void clocks_convert_both_ways_without_drift(void **state)
{
    uint64_t day = 86400ull * BOARD_HZ;

    (void)state;
    assert_int_equal(clock_ticks(day, 32768), 86400ull * 32768);
    assert_int_equal(clock_cycles(86400ull * 32768, 32768), day);
    assert_int_equal(clock_ticks(clock_cycles(12345, 80000000), 80000000),
                     12345);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ccm_at_power_on_has_the_rom_clocks,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_set_to_600_mhz_computes_so, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            ccm_periph_clk2_from_crystal_computes_so, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            ccm_uart_from_crystal_by_two_computes_so, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_pfd_divides_the_system_pll, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ccm_handshakes_are_over, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ccm_pll_locks_while_powered, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ccm_bypassed_pll_gives_the_crystal,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(pmu_says_that_supplies_are_good, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(tempmon_finishes_a_measurement, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(clocks_convert_both_ways_without_drift,
                                        set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
