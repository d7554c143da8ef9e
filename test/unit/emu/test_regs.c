/* test_regs.c - claims about registers that follow a table (emu/regs.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

#include "emu/regs.h"

enum {
    BASE = 0x40200000,
    STORE = 0,
    FIXED = 4,
    FLAGS = 8,
    KEEPS = 0xC,
    GROUP = 0x10,
    HOLE = 0x40
};

static const struct reg_row ROWS[] = {
    {STORE, 1, REG_STORE, 0x12345678, 0x0000FFFF, false},
    {FIXED, 1, REG_STORE, 0xCAFE0000, 0, false},
    {FLAGS, 1, REG_W1C, 0x00000000, 0x0000000F, false},
    {KEEPS, 1, REG_STORE, 0x00000001, REG_ALL, true},
    {GROUP, 2, REG_SET_CLEAR, 0x000000F0, 0x00000FFF, false},
};

static struct regs *regs;
static uint32_t last_off, last_value;

static void written(void *owner, uint32_t off, uint32_t value, uint32_t old)
{
    (void)owner;
    (void)old;
    last_off = off;
    last_value = value;
}

static void add(struct soc *s)
{
    regs =
        regs_add(s, &(struct reg_block){"TABLE", BASE, 0x1000, REG_ROWS(ROWS)},
                 &(struct reg_hooks){.written = written});
}

static int set_up(void **state)
{
    return bench_start(state, add);
}

static void regs_write_changes_only_writable_bits(void **state)
{
    wr(*state, BASE + STORE, 0xFFFFFFFF);
    assert_int_equal(rd(*state, BASE + STORE), 0x1234FFFF);
    wr(*state, BASE + FIXED, 0x1);
    assert_int_equal(rd(*state, BASE + FIXED), 0xCAFE0000);
}

static void regs_write_of_one_clears_a_flag(void **state)
{
    *regs_at(regs, FLAGS) = 0x1F;
    wr(*state, BASE + FLAGS, 0x13);
    assert_int_equal(rd(*state, BASE + FLAGS), 0x1C);
}

static void regs_group_sets_clears_toggles(void **state)
{
    uint32_t second = BASE + GROUP + 0x10;

    wr(*state, second + 0x4, 0xF000000F);
    assert_int_equal(rd(*state, second), 0x0FF);
    wr(*state, second + 0x8, 0x0F0);
    assert_int_equal(rd(*state, second), 0x00F);
    wr(*state, second + 0xC, 0xFFF);
    assert_int_equal(rd(*state, second), 0xFF0);
    assert_int_equal(rd(*state, second + 0x4), 0xFF0);
    assert_int_equal(rd(*state, BASE + GROUP), 0x0F0);
    assert_int_equal(last_off, GROUP + 0x10);
    assert_int_equal(last_value, 0xFF0);
}

static void regs_narrow_access_takes_its_lanes(void **state)
{
    struct bench *b = *state;

    soc_write(b->s, BASE + STORE + 1, 0xAB, 1);
    assert_int_equal(rd(b, BASE + STORE), 0x1234AB78);
    assert_int_equal(rd16(b, BASE + STORE + 2), 0x1234);
    assert_int_equal(soc_read(b->s, BASE + STORE + 1, 1), 0xAB);
}

static void regs_hole_is_reported(void **state)
{
    struct bench *b = *state;

    assert_int_equal(rd(b, BASE + HOLE), 0);
    assert_int_equal(b->f.note_count, 1);
    assert_true(fixture_noted(&b->f, "TABLE"));
    assert_true(fixture_noted(&b->f, "0x40200040"));
}

static void regs_reset_keeps_what_is_kept(void **state)
{
    wr(*state, BASE + STORE, 1);
    wr(*state, BASE + KEEPS, 2);
    system_reset(*state, 0);
    assert_int_equal(rd(*state, BASE + STORE), 0x12345678);
    assert_int_equal(rd(*state, BASE + KEEPS), 2);
    power_cycle(*state);
    assert_int_equal(rd(*state, BASE + KEEPS), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(regs_write_changes_only_writable_bits,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(regs_write_of_one_clears_a_flag, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(regs_group_sets_clears_toggles, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(regs_narrow_access_takes_its_lanes,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(regs_hole_is_reported, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(regs_reset_keeps_what_is_kept, set_up,
                                        bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
