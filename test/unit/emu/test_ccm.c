/* test_ccm.c - claims about clock registers, the frequencies they mean and what
 * the core's clock needs (emu/ccm.c, emu/ccm_analog.c, emu/clocks.c,
 * emu/dcdc.c).
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
    DCDC_REG0 = 0x40080000,
    DCDC_REG3 = DCDC_REG0 + 0xC,
    VDD_1275_MV = 0x113, /* the low-power target as at reset */
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

static void ccm_handshake_ends_after_a_while(void **state)
{
    const struct {
        uint32_t reg, change, busy;
    } tries[] = {
        {CBCDR, 1 << 16, 1 << 0},
        {CBCDR, 1 << 10, 1 << 1},
        {CBCDR, 1 << 25, 1 << 5},
        {CACRR, 2, 1 << 16},
    };

    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        wr(*state, tries[i].reg, rd(*state, tries[i].reg) ^ tries[i].change);
        assert_int_equal(rd(*state, CDHIPR), tries[i].busy);
        pass_us(*state, 2);
        assert_int_equal(rd(*state, CDHIPR), 0);
    }
}

static void ccm_change_of_ipg_needs_no_handshake(void **state)
{
    wr(*state, CBCDR, rd(*state, CBCDR) ^ 3 << 8);
    assert_int_equal(rd(*state, CDHIPR), 0);
}

static void ccm_pll_locks_a_while_after_power_up(void **state)
{
    assert_int_equal(rd(*state, PLL_ENET) >> 31, 0);
    wr(*state, PLL_ENET + CLEAR, 1 << 12); /* power down off */
    assert_int_equal(rd(*state, PLL_ENET) >> 31, 0);
    pass_us(*state, 470); /* 11,250 cycles of the crystal */
    assert_int_equal(rd(*state, PLL_ENET) >> 31, 1);
    wr(*state, PLL_USB1 + CLEAR, 1 << 12); /* power off */
    assert_int_equal(rd(*state, PLL_USB1) >> 31, 0);
    assert_int_equal(hz(*state, CLOCK_UART), 0);
}

static void ccm_pll_locks_anew_at_another_divider(void **state)
{
    wr(*state, PLL_ARM, 0x2000 | 66);
    assert_int_equal(rd(*state, PLL_ARM) >> 31, 1); /* the same one */
    wr(*state, PLL_ARM, 0x2000 | 100);
    assert_int_equal(rd(*state, PLL_ARM) >> 31, 0);
    pass_us(*state, 94); /* 2,250 cycles */
    assert_int_equal(rd(*state, PLL_ARM) >> 31, 1);
}

static void ccm_core_on_a_pll_without_lock_is_noted(void **state)
{
    struct bench *b = *state;

    wr(b, PLL_ARM, 0x2000 | 88);

    assert_true(fixture_noted(&b->f, "not locked"));
}

static void ccm_pll_set_behind_the_crystal_is_not_noted(void **state)
{
    struct bench *b = *state;

    wr(b, CBCMR, rd(b, CBCMR) | 1 << 12);
    wr(b, CBCDR, rd(b, CBCDR) | 1 << 25);
    wr(b, PLL_ARM, 0x2000 | 88);
    pass_us(b, 94);
    wr(b, CBCDR, rd(b, CBCDR) & ~(1u << 25));

    assert_int_equal(b->f.note_count, 0);
}

/* 1,200 MHz by two, with a PLL that has locked. */
static void overclock(struct bench *b)
{
    wr(b, CBCDR, rd(b, CBCDR) | 1 << 25);
    wr(b, PLL_ARM, 0x2000 | 100);
    pass_us(b, 94);
    wr(b, CBCDR, 3 << 8);
}

static void ccm_600_mhz_at_low_voltage_are_noted(void **state)
{
    struct bench *b = *state;

    overclock(b);

    assert_true(fixture_noted(&b->f, "need 1250 mV, DCDC gives 1150 mV"));
}

static void ccm_600_mhz_at_1275_mv_are_not_noted(void **state)
{
    struct bench *b = *state;

    wr(b, DCDC_REG3, VDD_1275_MV);
    pass_us(b, 500);
    overclock(b);

    assert_int_equal(b->f.note_count, 0);
}

static void dcdc_settles_a_while_after_a_new_target(void **state)
{
    assert_int_equal(rd(*state, DCDC_REG0) >> 31, 1);
    wr(*state, DCDC_REG3, VDD_1275_MV);
    assert_int_equal(rd(*state, DCDC_REG0) >> 31, 0);
    pass_us(*state, 500);
    assert_int_equal(rd(*state, DCDC_REG0) >> 31, 1);
}

static void dcdc_status_cannot_be_written(void **state)
{
    wr(*state, DCDC_REG0, 0);
    assert_int_equal(rd(*state, DCDC_REG0), 0x80000000);
}

static void ccm_bypassed_pll_gives_the_crystal(void **state)
{
    wr(*state, PLL_USB1 + SET, 1 << 16);
    assert_int_equal(hz(*state, CLOCK_USB1_PLL), 24000000);
}

static void ccm_usb1_pll_multiplies_by_20_or_22(void **state)
{
    wr(*state, PLL_USB1 + SET, 1); /* no divider */
    assert_int_equal(hz(*state, CLOCK_USB1_PLL), 480000000);
    wr(*state, PLL_USB1 + SET, 2);
    assert_int_equal(hz(*state, CLOCK_USB1_PLL), 528000000);
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
        cmocka_unit_test_setup_teardown(ccm_handshake_ends_after_a_while,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_change_of_ipg_needs_no_handshake,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_pll_locks_a_while_after_power_up,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_pll_locks_anew_at_another_divider,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_core_on_a_pll_without_lock_is_noted,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            ccm_pll_set_behind_the_crystal_is_not_noted, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_600_mhz_at_low_voltage_are_noted,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_600_mhz_at_1275_mv_are_not_noted,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(dcdc_settles_a_while_after_a_new_target,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(dcdc_status_cannot_be_written, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ccm_bypassed_pll_gives_the_crystal,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ccm_usb1_pll_multiplies_by_20_or_22,
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
