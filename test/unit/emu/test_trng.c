/* test_trng.c - claims about the random number generator (emu/trng.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x400CC000,
    MCTL = BASE,
    FRQMAX = BASE + 0x1C,
    ENT0 = BASE + 0x40,
    ENT15 = BASE + 0x7C,
    INT_CTRL = BASE + 0xA4,
    INT_MASK = BASE + 0xA8,
    ENT_VAL = 1 << 10,
    TSTOP_OK = 1 << 13,
    RST_DEF = 1 << 6,
    PRGM = 1 << 16,
    IRQ = 53,
};

static int set_up(void **state)
{
    return bench_start(state, trng_add);
}

static void trng_in_program_mode_gives_nothing(void **state)
{
    assert_true(rd(*state, MCTL) & PRGM);
    assert_true(rd(*state, MCTL) & TSTOP_OK);
    pass_ms(*state, 10);
    assert_false(rd(*state, MCTL) & ENT_VAL);
    assert_int_equal(rd(*state, ENT0), 0);
}

static void trng_running_has_words_after_a_while(void **state)
{
    wr(*state, MCTL, 1);
    assert_false(rd(*state, MCTL) & ENT_VAL);
    pass_us(*state, 100);
    assert_true(rd(*state, MCTL) & ENT_VAL);
    assert_int_not_equal(rd(*state, ENT0), 0);
    assert_int_not_equal(rd(*state, ENT0), rd(*state, ENT0 + 4));
}

static void trng_last_word_read_brings_new_ones(void **state)
{
    uint32_t first, last;

    wr(*state, MCTL, 1);
    pass_us(*state, 100);
    first = rd(*state, ENT0);
    last = rd(*state, ENT15);
    assert_int_not_equal(last, 0);
    assert_false(rd(*state, MCTL) & ENT_VAL);
    pass_us(*state, 100);
    assert_true(rd(*state, MCTL) & ENT_VAL);
    assert_int_not_equal(rd(*state, ENT0), first);
    assert_int_not_equal(rd(*state, ENT15), last);
}

static void trng_defaults_come_back(void **state)
{
    wr(*state, FRQMAX, 1);
    wr(*state, MCTL, PRGM | RST_DEF);
    assert_int_equal(rd(*state, FRQMAX), 0x6400);
    assert_false(rd(*state, MCTL) & RST_DEF);
}

static void trng_interrupts_when_valid(void **state)
{
    struct bench *b = *state;

    wr(b, INT_MASK, 2);
    wr(b, MCTL, 1);
    assert_false(soc_irq_level(b->s, IRQ));
    pass_us(b, 100);
    assert_true(soc_irq_level(b->s, IRQ));
    wr(b, INT_CTRL, ~2u);
    assert_false(soc_irq_level(b->s, IRQ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trng_in_program_mode_gives_nothing,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(trng_running_has_words_after_a_while,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(trng_last_word_read_brings_new_ones,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(trng_defaults_come_back, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(trng_interrupts_when_valid, set_up,
                                        bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
