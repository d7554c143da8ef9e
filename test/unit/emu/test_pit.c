/* test_pit.c - claims about the periodic timers (emu/pit.c). PERCLK is 24 MHz
 * in all of them: 22 cycles of virtual time per tick.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x40084000,
    MCR = BASE,
    LTMR64H = BASE + 0xE0,
    LTMR64L = BASE + 0xE4,
    LDVAL0 = BASE + 0x100,
    CVAL0 = BASE + 0x104,
    TCTRL0 = BASE + 0x108,
    TFLG0 = BASE + 0x10C,
    NEXT = 0x10,
    TEN = 1,
    TIE = 2,
    CHN = 4,
    IRQ = 122,
    CSCMR1 = 0x400FC01C,
};

static const uint64_t TICK = 22; /* cycles */

static int set_up(void **state)
{
    int failed = bench_start(state, pit_add);

    if (failed)
        return failed;
    wr(*state, CSCMR1, 1 << 6);
    wr(*state, MCR, 0);
    return 0;
}

static void pit_counts_down_and_starts_again(void **state)
{
    wr(*state, LDVAL0, 99);
    wr(*state, TCTRL0, TEN);
    assert_int_equal(rd(*state, CVAL0), 99);
    pass_cycles(*state, 99 * TICK);
    assert_int_equal(rd(*state, CVAL0), 0);
    assert_int_equal(rd(*state, TFLG0), 0);
    pass_cycles(*state, TICK);
    assert_int_equal(rd(*state, CVAL0), 99);
    assert_int_equal(rd(*state, TFLG0), 1);
    wr(*state, TFLG0, 1);
    assert_int_equal(rd(*state, TFLG0), 0);
}

static void pit_interrupts_each_period(void **state)
{
    struct bench *b = *state;

    wr(b, LDVAL0, 23999); /* a millisecond */
    wr(b, TCTRL0, TEN | TIE);
    for (int i = 0; i < 3; i++) {
        pass_us(b, 999);
        assert_false(soc_irq_level(b->s, IRQ));
        pass_us(b, 1);
        assert_true(soc_irq_level(b->s, IRQ));
        wr(b, TFLG0, 1);
        assert_false(soc_irq_level(b->s, IRQ));
    }
}

static void pit_disabled_module_stands_still(void **state)
{
    wr(*state, LDVAL0, 99);
    wr(*state, TCTRL0, TEN);
    wr(*state, MCR, 2);
    pass_ms(*state, 1);
    assert_int_equal(rd(*state, CVAL0), 99);
}

static void pit_new_load_value_counts_after_the_period(void **state)
{
    wr(*state, LDVAL0, 99);
    wr(*state, TCTRL0, TEN);
    pass_cycles(*state, 50 * TICK);
    wr(*state, LDVAL0, 9);
    assert_int_equal(rd(*state, CVAL0), 49);
    pass_cycles(*state, 50 * TICK);
    assert_int_equal(rd(*state, CVAL0), 9);
}

static void pit_chained_timer_counts_ends(void **state)
{
    struct bench *b = *state;

    wr(b, LDVAL0, 9);
    wr(b, LDVAL0 + NEXT, 4);
    wr(b, TCTRL0 + NEXT, TEN | TIE | CHN);
    wr(b, TCTRL0, TEN);
    pass_cycles(b, 30 * TICK);
    assert_int_equal(rd(b, CVAL0 + NEXT), 1);
    pass_cycles(b, 19 * TICK);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_cycles(b, TICK);
    assert_true(soc_irq_level(b->s, IRQ));
    assert_int_equal(rd(b, CVAL0 + NEXT), 4);
}

static void pit_lifetime_halves_belong_together(void **state)
{
    wr(*state, LDVAL0, 0xFFFFFFFF);
    wr(*state, LDVAL0 + NEXT, 0xFFFFFFFF);
    wr(*state, TCTRL0 + NEXT, TEN | CHN);
    wr(*state, TCTRL0, TEN);
    pass_cycles(*state, 1000 * TICK);
    assert_int_equal(rd(*state, LTMR64H), 0xFFFFFFFF);
    pass_cycles(*state, 1000 * TICK);
    assert_int_equal(rd(*state, LTMR64L), 0xFFFFFFFF - 1000);
    assert_int_equal(rd(*state, LTMR64L), 0xFFFFFFFF - 1000);
    assert_int_equal(rd(*state, LTMR64H), 0xFFFFFFFF);
    assert_int_equal(rd(*state, LTMR64L), 0xFFFFFFFF - 2000);
    pass_cycles(*state, (1ull << 32) * TICK);
    assert_int_equal(rd(*state, LTMR64H), 0xFFFFFFFE);
}

/* Reading often must not lose parts of a tick. */
static void pit_polled_does_not_drift(void **state)
{
    wr(*state, LDVAL0, 0xFFFFFFFF);
    wr(*state, TCTRL0, TEN);
    for (int i = 0; i < 1000; i++) {
        pass_cycles(*state, 7);
        rd(*state, CVAL0);
        wr(*state, MCR, 0);
    }
    assert_int_equal(rd(*state, CVAL0), 0xFFFFFFFF - 7000 / TICK);
}

static void pit_reset_stops_it(void **state)
{
    struct bench *b = *state;

    wr(b, LDVAL0, 9);
    wr(b, TCTRL0, TEN | TIE);
    system_reset(b, 0);
    pass_ms(b, 1);
    assert_int_equal(rd(b, CVAL0), 0);
    assert_false(soc_irq_level(b->s, IRQ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pit_counts_down_and_starts_again,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(pit_interrupts_each_period, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(pit_disabled_module_stands_still,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            pit_new_load_value_counts_after_the_period, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(pit_chained_timer_counts_ends, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(pit_lifetime_halves_belong_together,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(pit_polled_does_not_drift, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(pit_reset_stops_it, set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
