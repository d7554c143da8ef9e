/* test_rtwdog.c - claims about the watchdog with a locked configuration
 * (emu/rtwdog.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/src.h"

#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x400BC000,
    CS = BASE,
    CNT = BASE + 4,
    TOVAL = BASE + 8,
    WIN = BASE + 12,
    ON = 0x21A0, /* CMD32EN, LPO clock, EN, UPDATE */
    OFF = 0x2120,
    ULK = 1 << 11,
    RCS = 1 << 10,
    IRQ = 93,
};

static const uint32_t UNLOCK = 0xD928C520, REFRESH = 0xB480A602;

static int set_up(void **state)
{
    return bench_start(state, rtwdog_add);
}

static void configure(struct bench *b, uint32_t toval, uint32_t cs)
{
    wr(b, CNT, UNLOCK);
    wr(b, TOVAL, toval);
    wr(b, CS, cs);
}

static void rtwdog_is_handed_over_off(void **state)
{
    uint32_t srsr;

    assert_int_equal(rd(*state, CS), 0x2520);
    assert_int_equal(rd(*state, TOVAL), 0x400);
    pass_ms(*state, 10000);
    assert_false(wants_reset(*state, &srsr));
}

static void rtwdog_unlock_opens_for_128_bus_clocks(void **state)
{
    wr(*state, CNT, UNLOCK);
    assert_true(rd(*state, CS) & ULK);
    wr(*state, TOVAL, 0x111);
    assert_int_equal(rd(*state, TOVAL), 0x111);
    pass_us(*state, 2);
    assert_false(rd(*state, CS) & ULK);
    wr(*state, TOVAL, 0x222);
    assert_int_equal(rd(*state, TOVAL), 0x111);
}

static void rtwdog_locked_write_changes_nothing(void **state)
{
    struct bench *b = *state;

    wr(b, CS, ON);
    assert_int_equal(rd(b, CS), 0x2520);
    assert_int_equal(b->f.note_count, 1);
}

static void rtwdog_write_of_cs_closes(void **state)
{
    configure(*state, 0x1000, ON);
    assert_true(rd(*state, CS) & RCS);
    assert_false(rd(*state, CS) & ULK);
    wr(*state, TOVAL, 0x2000);
    assert_int_equal(rd(*state, TOVAL), 0x1000);
}

static void rtwdog_without_update_cannot_be_reopened(void **state)
{
    configure(*state, 0x8000, ON & ~0x20);
    configure(*state, 0x8000, OFF);
    assert_true(rd(*state, CS) & 0x80);
}

static void rtwdog_not_refreshed_resets_on_time(void **state)
{
    uint32_t srsr;

    configure(*state, 32768, ON); /* one second */
    pass_ms(*state, 999);
    assert_false(wants_reset(*state, &srsr));
    pass_ms(*state, 2);
    assert_true(wants_reset(*state, &srsr));
    assert_int_equal(srsr, SRC_SRSR_WDOG3_RST_B);
}

static void rtwdog_refreshed_goes_on(void **state)
{
    uint32_t srsr;

    configure(*state, 32768, ON);
    for (int i = 0; i < 4; i++) {
        pass_ms(*state, 900);
        assert_in_range(rd(*state, CNT), 29000, 30000);
        wr(*state, CNT, REFRESH);
        assert_int_equal(rd(*state, CNT), 0);
    }
    assert_false(wants_reset(*state, &srsr));
}

static void rtwdog_prescaler_makes_it_256_times_longer(void **state)
{
    uint32_t srsr;

    configure(*state, 128, ON | 1 << 12);
    pass_ms(*state, 999);
    assert_false(wants_reset(*state, &srsr));
    pass_ms(*state, 2);
    assert_true(wants_reset(*state, &srsr));
}

static void rtwdog_wrong_word_resets(void **state)
{
    uint32_t srsr;

    configure(*state, 32768, ON);
    wr(*state, CNT, 0x12345678);
    assert_true(wants_reset(*state, &srsr));
}

static void rtwdog_refresh_before_the_window_resets(void **state)
{
    uint32_t srsr;

    wr(*state, CNT, UNLOCK);
    wr(*state, TOVAL, 32768);
    wr(*state, WIN, 16384);
    wr(*state, CS, ON | 1 << 15);
    pass_ms(*state, 600);
    wr(*state, CNT, REFRESH);
    assert_false(wants_reset(*state, &srsr));
    pass_ms(*state, 400);
    wr(*state, CNT, REFRESH);
    assert_true(wants_reset(*state, &srsr));
}

static void rtwdog_16_bit_words_unlock_and_refresh(void **state)
{
    uint32_t srsr;

    configure(*state, 32768, ON & ~0x2000);
    pass_ms(*state, 900);
    wr16(*state, CNT, 0xA602);
    wr16(*state, CNT, 0xB480);
    assert_int_equal(rd(*state, CNT), 0);
    wr16(*state, CNT, 0xC520);
    wr16(*state, CNT, 0xD928);
    wr(*state, CS, OFF);
    assert_false(wants_reset(*state, &srsr));
    pass_ms(*state, 5000);
    assert_false(wants_reset(*state, &srsr));
}

static void rtwdog_interrupt_comes_just_before_the_reset(void **state)
{
    struct bench *b = *state;
    uint32_t srsr;

    configure(b, 100, ON | 0x40);
    pass_us(b, 3052); /* 100 of 32768 Hz: 3051.8 us */
    assert_true(soc_irq_level(b->s, IRQ));
    assert_false(wants_reset(b, &srsr));
    pass_us(b, 2);
    assert_true(wants_reset(b, &srsr));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rtwdog_is_handed_over_off, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_unlock_opens_for_128_bus_clocks,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_locked_write_changes_nothing,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_write_of_cs_closes, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            rtwdog_without_update_cannot_be_reopened, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_not_refreshed_resets_on_time,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_refreshed_goes_on, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            rtwdog_prescaler_makes_it_256_times_longer, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_wrong_word_resets, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_refresh_before_the_window_resets,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(rtwdog_16_bit_words_unlock_and_refresh,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            rtwdog_interrupt_comes_just_before_the_reset, set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
