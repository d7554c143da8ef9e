/* test_gpt.c - claims about the general purpose timers (emu/gpt.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x401EC000,
    CR = BASE,
    PR = BASE + 0x04,
    SR = BASE + 0x08,
    IR = BASE + 0x0C,
    OCR1 = BASE + 0x10,
    OCR2 = BASE + 0x14,
    CNT = BASE + 0x24,
    EN = 1,
    ENMOD = 2,
    OSC = 5 << 6, /* 24 MHz: 22 cycles per tick */
    LOW = 4 << 6,
    PERCLK = 1 << 6,
    FRR = 1 << 9,
    SWR = 1 << 15,
    ROV = 1 << 5,
    IRQ = 100,
};

static const uint64_t TICK = 22; /* cycles */

static int set_up(void **state)
{
    return bench_start(state, gpt_add);
}

static void gpt_counts_the_crystal(void **state)
{
    wr(*state, CR, EN | OSC | FRR);
    pass_us(*state, 10);
    assert_int_equal(rd(*state, CNT), 240);
}

static void gpt_counts_perclk_as_the_ccm_says(void **state)
{
    wr(*state, CR, EN | PERCLK | FRR); /* 132 MHz */
    pass_us(*state, 10);
    assert_int_equal(rd(*state, CNT), 1320);
}

static void gpt_counts_the_slow_crystal(void **state)
{
    wr(*state, CR, EN | LOW | FRR);
    pass_ms(*state, 1000);
    assert_int_equal(rd(*state, CNT), 32768);
}

static void gpt_prescalers_multiply(void **state)
{
    wr(*state, PR, 1 << 12 | 11);
    wr(*state, CR, EN | OSC | FRR);
    pass_us(*state, 10);
    assert_int_equal(rd(*state, CNT), 10);
}

static void gpt_disabled_keeps_its_count(void **state)
{
    wr(*state, CR, EN | OSC | FRR);
    pass_us(*state, 10);
    wr(*state, CR, OSC | FRR);
    pass_us(*state, 10);
    assert_int_equal(rd(*state, CNT), 240);
    wr(*state, CR, EN | OSC | FRR);
    assert_int_equal(rd(*state, CNT), 240);
    wr(*state, CR, OSC | FRR);
    wr(*state, CR, EN | ENMOD | OSC | FRR);
    assert_int_equal(rd(*state, CNT), 0);
}

static void gpt_restart_mode_interrupts_each_period(void **state)
{
    struct bench *b = *state;

    wr(b, OCR1, 23999);
    wr(b, IR, 1);
    wr(b, CR, EN | ENMOD | OSC);
    for (int i = 0; i < 3; i++) {
        pass_us(b, 990);
        assert_false(soc_irq_level(b->s, IRQ));
        pass_us(b, 10);
        assert_true(soc_irq_level(b->s, IRQ));
        assert_int_equal(rd(b, SR), 1);
        wr(b, SR, 1);
        assert_false(soc_irq_level(b->s, IRQ));
    }
}

static void gpt_restart_mode_starts_over_after_compare(void **state)
{
    wr(*state, OCR1, 99);
    wr(*state, CR, EN | ENMOD | OSC);
    pass_cycles(*state, 99 * TICK);
    assert_int_equal(rd(*state, CNT), 99);
    pass_cycles(*state, TICK);
    assert_int_equal(rd(*state, CNT), 0);
}

static void gpt_free_run_passes_compares_and_rolls_over(void **state)
{
    wr(*state, OCR1, 100);
    wr(*state, OCR2, 200);
    wr(*state, CR, EN | OSC | FRR);
    pass_cycles(*state, 150 * TICK);
    assert_int_equal(rd(*state, SR), 1);
    pass_cycles(*state, 100 * TICK);
    assert_int_equal(rd(*state, SR), 3);
    pass_cycles(*state, (1ull << 32) * TICK);
    assert_true(rd(*state, SR) & ROV);
    assert_int_equal(rd(*state, CNT), 250);
}

static void gpt_rollover_interrupts(void **state)
{
    struct bench *b = *state;

    wr(b, IR, ROV);
    wr(b, CR, EN | OSC | FRR);
    pass_cycles(b, ((1ull << 32) - 1) * TICK);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_cycles(b, TICK);
    assert_true(soc_irq_level(b->s, IRQ));
}

static void gpt_software_reset_keeps_enable_and_clock(void **state)
{
    wr(*state, OCR1, 5);
    wr(*state, PR, 7);
    wr(*state, CR, EN | OSC | FRR);
    wr(*state, CR, EN | OSC | FRR | SWR);
    assert_int_equal(rd(*state, CR), EN | OSC);
    assert_int_equal(rd(*state, OCR1), 0xFFFFFFFF);
    assert_int_equal(rd(*state, PR), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gpt_counts_the_crystal, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpt_counts_perclk_as_the_ccm_says,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(gpt_counts_the_slow_crystal, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpt_prescalers_multiply, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpt_disabled_keeps_its_count, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(gpt_restart_mode_interrupts_each_period,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            gpt_restart_mode_starts_over_after_compare, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(
            gpt_free_run_passes_compares_and_rolls_over, set_up, bench_stop),
        cmocka_unit_test_setup_teardown(gpt_rollover_interrupts, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(
            gpt_software_reset_keeps_enable_and_clock, set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
