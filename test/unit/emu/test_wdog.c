/* test_wdog.c - claims about WDOG1 and WDOG2 (emu/wdog.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/src.h"

#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x400B8000,
    WCR = BASE,
    WSR = BASE + 2,
    WRSR = BASE + 4,
    WICR = BASE + 6,
    WMCR = BASE + 8,
    ON_TWO_SECONDS = 0x0334, /* WT 3, SRS, WDA, WDE */
    IRQ = 92,
};

static int set_up(void **state)
{
    return bench_start(state, wdog_add);
}

static void service(struct bench *b)
{
    wr16(b, WSR, 0x5555);
    wr16(b, WSR, 0xAAAA);
}

static void wdog_off_never_resets(void **state)
{
    uint32_t srsr;

    assert_int_equal(rd16(*state, WCR), 0x0030);
    pass_ms(*state, 200000);
    assert_false(wants_reset(*state, &srsr));
}

static void wdog_serviced_in_time_does_not_reset(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, ON_TWO_SECONDS);
    for (int i = 0; i < 5; i++) {
        pass_ms(*state, 1900);
        service(*state);
    }
    assert_false(wants_reset(*state, &srsr));
}

static void wdog_not_serviced_resets_on_time(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, ON_TWO_SECONDS);
    pass_ms(*state, 1999);
    assert_false(wants_reset(*state, &srsr));
    pass_ms(*state, 1);
    assert_true(wants_reset(*state, &srsr));
    assert_int_equal(srsr, SRC_SRSR_WDOG_RST_B);
    system_reset(*state, srsr);
    assert_int_equal(rd16(*state, WRSR), 0x2);
    assert_int_equal(rd16(*state, WCR), 0x0030);
    system_reset(*state, SRC_SRSR_LOCKUP_SYSRESETREQ);
    assert_int_equal(rd16(*state, WRSR), 0);
}

static void wdog_half_a_service_is_none(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, ON_TWO_SECONDS);
    pass_ms(*state, 1500);
    wr16(*state, WSR, 0x5555);
    wr16(*state, WSR, 0x1234);
    wr16(*state, WSR, 0xAAAA);
    pass_ms(*state, 600);
    assert_true(wants_reset(*state, &srsr));
}

static void wdog_enable_cannot_be_undone(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, ON_TWO_SECONDS);
    wr16(*state, WCR, ON_TWO_SECONDS & ~4);
    assert_true(rd16(*state, WCR) & 4);
    pass_ms(*state, 2000);
    assert_true(wants_reset(*state, &srsr));
}

static void wdog_once_bits_stay_after_the_first_write(void **state)
{
    wr16(*state, WCR, 0x0032); /* WDBG */
    wr16(*state, WCR, 0x00B1); /* not WDBG, but WDW, WDZST */
    assert_int_equal(rd16(*state, WCR), 0x0032);
    wr16(*state, WCR, 0x0732);
    assert_int_equal(rd16(*state, WCR), 0x0732);
}

static void wdog_new_timeout_counts_from_the_next_service(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, ON_TWO_SECONDS);
    wr16(*state, WCR, 0x0934); /* five seconds */
    pass_ms(*state, 1900);
    service(*state);
    pass_ms(*state, 4900);
    assert_false(wants_reset(*state, &srsr));
    pass_ms(*state, 100);
    assert_true(wants_reset(*state, &srsr));
}

static void wdog_software_reset_is_at_once(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, 0x0020);
    assert_true(wants_reset(*state, &srsr));
    assert_int_equal(srsr, SRC_SRSR_WDOG_RST_B);
    system_reset(*state, srsr);
    assert_int_equal(rd16(*state, WRSR), 0x1);
}

static void wdog_interrupt_comes_before_the_reset(void **state)
{
    struct bench *b = *state;
    uint32_t srsr;

    wr16(b, WICR, 0x8002); /* one second before */
    wr16(b, WCR, ON_TWO_SECONDS);
    pass_ms(b, 999);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_ms(b, 1);
    assert_true(soc_irq_level(b->s, IRQ));
    assert_true(rd16(b, WICR) & 0x4000);
    wr16(b, WICR, 0x4000);
    assert_false(soc_irq_level(b->s, IRQ));
    assert_false(wants_reset(b, &srsr));
    pass_ms(b, 1000);
    assert_true(wants_reset(b, &srsr));
}

static void wdog_reset_stops_it(void **state)
{
    uint32_t srsr;

    wr16(*state, WCR, ON_TWO_SECONDS);
    system_reset(*state, SRC_SRSR_LOCKUP_SYSRESETREQ);
    pass_ms(*state, 5000);
    assert_false(wants_reset(*state, &srsr));
}

static void wdog_power_on_says_so(void **state)
{
    assert_int_equal(rd16(*state, WRSR), 0x10);
    assert_int_equal(rd16(*state, WMCR), 0);
}

static void wdog_word_access_is_reported(void **state)
{
    struct bench *b = *state;

    rd(b, WCR);
    assert_int_equal(b->f.note_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wdog_off_never_resets, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(wdog_serviced_in_time_does_not_reset,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(wdog_not_serviced_resets_on_time,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(wdog_half_a_service_is_none, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(wdog_enable_cannot_be_undone, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            wdog_once_bits_stay_after_the_first_write, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            wdog_new_timeout_counts_from_the_next_service, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(wdog_software_reset_is_at_once, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(wdog_interrupt_comes_before_the_reset,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(wdog_reset_stops_it, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(wdog_power_on_says_so, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(wdog_word_access_is_reported, set_up,
                                        bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
