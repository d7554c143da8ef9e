/* test_snvs.c - claims about the secure non-volatile storage (emu/snvs.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x400D4000,
    HPCR = BASE + 0x08,
    HPSR = BASE + 0x14,
    HPRTCMR = BASE + 0x24,
    HPRTCLR = BASE + 0x28,
    HPTAMR = BASE + 0x2C,
    HPTALR = BASE + 0x30,
    LPCR = BASE + 0x38,
    LPSR = BASE + 0x4C,
    LPSRTCMR = BASE + 0x50,
    LPSRTCLR = BASE + 0x54,
    LPTAR = BASE + 0x58,
    LPSMCMR = BASE + 0x5C,
    LPSMCLR = BASE + 0x60,
    LPGPR0_LEGACY = BASE + 0x68,
    LPGPR0_ALIAS = BASE + 0x90,
    LPGPR0 = BASE + 0x100,
    LPGPR3 = BASE + 0x10C,
};

static int set_up(void **state)
{
    return bench_start(state, snvs_add);
}

static void snvs_gpr_outlives_a_reset_not_power(void **state)
{
    wr(*state, LPGPR0, 0xAABBCCDD);
    wr(*state, LPGPR3, 3);
    system_reset(*state, 2);
    assert_int_equal(rd(*state, LPGPR0), 0xAABBCCDD);
    assert_int_equal(rd(*state, LPGPR3), 3);
    power_cycle(*state);
    assert_int_equal(rd(*state, LPGPR0), 0);
}

static void snvs_gpr_aliases_are_the_same_register(void **state)
{
    wr(*state, LPGPR0_LEGACY, 1);
    assert_int_equal(rd(*state, LPGPR0), 1);
    wr(*state, LPGPR0_ALIAS, 2);
    assert_int_equal(rd(*state, LPGPR0), 2);
    assert_int_equal(rd(*state, LPGPR0_LEGACY), 2);
    assert_int_equal(rd(*state, LPGPR0_ALIAS), 2);
}

static void snvs_monotonic_counter_only_rises(void **state)
{
    wr(*state, LPSMCLR, 5); /* off */
    assert_int_equal(rd(*state, LPSMCLR), 0);
    wr(*state, LPCR, rd(*state, LPCR) | 4);
    wr(*state, LPSMCLR, 0);
    wr(*state, LPSMCLR, 0xFFFFFFFF);
    assert_int_equal(rd(*state, LPSMCLR), 2);
    assert_int_equal(rd(*state, LPSMCMR), 0);
    wr(*state, LPCR, 0x20); /* cannot be switched off again */
    wr(*state, LPSMCLR, 0);
    assert_int_equal(rd(*state, LPSMCLR), 3);
    system_reset(*state, 2);
    assert_int_equal(rd(*state, LPSMCLR), 3);
}

static void snvs_clock_runs_over_a_reset(void **state)
{
    wr(*state, LPSRTCLR, 100 << 15);
    wr(*state, LPCR, 1);
    pass_ms(*state, 2000);
    assert_int_equal(rd(*state, LPSRTCLR), 102 << 15);
    system_reset(*state, 2);
    pass_ms(*state, 1000);
    assert_int_equal(rd(*state, LPSRTCLR), 103 << 15);
    assert_int_equal(rd(*state, LPSRTCMR), 0);
}

static void snvs_running_clock_cannot_be_set(void **state)
{
    wr(*state, LPCR, 1);
    wr(*state, LPSRTCLR, 0x1000000);
    assert_int_equal(rd(*state, LPSRTCLR), 0);
}

static void snvs_hp_clock_takes_the_lp_time_and_resets(void **state)
{
    wr(*state, LPSRTCLR, 7 << 15);
    wr(*state, LPCR, 1);
    wr(*state, HPCR, 1 << 16 | 1);
    assert_int_equal(rd(*state, HPCR), 1);
    pass_ms(*state, 1000);
    assert_int_equal(rd(*state, HPRTCLR), 8 << 15);
    system_reset(*state, 2);
    assert_int_equal(rd(*state, HPRTCLR), 0);
}

static void snvs_hp_alarm_interrupts(void **state)
{
    struct bench *b = *state;

    wr(b, HPTALR, 3 << 15);
    wr(b, HPCR, 3);
    pass_ms(b, 2999);
    assert_false(soc_irq_level(b->s, 46));
    pass_ms(b, 1);
    assert_true(soc_irq_level(b->s, 46));
    wr(b, HPSR, 1);
    assert_false(soc_irq_level(b->s, 46));
}

static void snvs_lp_alarm_interrupts_also_after_a_reset(void **state)
{
    struct bench *b = *state;

    wr(b, LPTAR, 5);
    wr(b, LPCR, 3);
    pass_ms(b, 2000);
    system_reset(b, 2);
    pass_ms(b, 2999);
    assert_false(soc_irq_level(b->s, 48));
    pass_ms(b, 1);
    assert_true(soc_irq_level(b->s, 48));
    wr(b, LPSR, 1);
    assert_false(soc_irq_level(b->s, 48));
}

static void snvs_power_off_by_software_is_reported(void **state)
{
    struct bench *b = *state;

    wr(b, LPCR, 0x60);
    assert_int_equal(b->f.note_count, 1);
    assert_true(fixture_noted(&b->f, "power off"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(snvs_gpr_outlives_a_reset_not_power,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(snvs_gpr_aliases_are_the_same_register,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(snvs_monotonic_counter_only_rises,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(snvs_clock_runs_over_a_reset, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(snvs_running_clock_cannot_be_set,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            snvs_hp_clock_takes_the_lp_time_and_resets, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(snvs_hp_alarm_interrupts, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            snvs_lp_alarm_interrupts_also_after_a_reset, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(snvs_power_off_by_software_is_reported,
                                        set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
