/* test_src.c - claims about reset causes (emu/src.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/src.h"

#include "test/unit/emu/peripheral_bench.h"

enum { SCR = 0x400F8000, SRSR = 0x400F8008, GPR5 = 0x400F8030 };

static int set_up(void **state)
{
    return bench_start(state, NULL);
}

static void src_after_power_on_says_so_alone(void **state)
{
    assert_int_equal(rd(*state, SRSR), SRC_SRSR_IPP_RESET_B);
}

static void src_gathers_causes_until_cleared(void **state)
{
    system_reset(*state, SRC_SRSR_WDOG_RST_B);
    system_reset(*state, SRC_SRSR_LOCKUP_SYSRESETREQ);
    assert_int_equal(rd(*state, SRSR), 0x13);
    wr(*state, SRSR, SRC_SRSR_IPP_RESET_B | SRC_SRSR_WDOG_RST_B);
    assert_int_equal(rd(*state, SRSR), SRC_SRSR_LOCKUP_SYSRESETREQ);
    power_cycle(*state);
    assert_int_equal(rd(*state, SRSR), SRC_SRSR_IPP_RESET_B);
}

static void src_gpr_outlives_a_reset(void **state)
{
    wr(*state, GPR5, 0x1234);
    system_reset(*state, SRC_SRSR_LOCKUP_SYSRESETREQ);
    assert_int_equal(rd(*state, GPR5), 0x1234);
}

static void src_masked_watchdog_does_not_reset(void **state)
{
    struct bench *b = *state;
    uint32_t srsr;

    wr(b, SCR, (rd(b, SCR) & ~(0xFu << 7)) | 5 << 7);
    src_watchdog(b->s, SRC_SRSR_WDOG_RST_B);
    assert_false(wants_reset(b, &srsr));
    src_watchdog(b->s, SRC_SRSR_WDOG3_RST_B);
    assert_true(wants_reset(b, &srsr));
    assert_int_equal(srsr, SRC_SRSR_WDOG3_RST_B);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(src_after_power_on_says_so_alone,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(src_gathers_causes_until_cleared,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(src_gpr_outlives_a_reset, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(src_masked_watchdog_does_not_reset,
                                        set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
