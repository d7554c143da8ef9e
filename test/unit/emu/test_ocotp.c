/* test_ocotp.c - claims about the fuses (emu/ocotp.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/peripheral_bench.h"

enum {
    BASE = 0x401F4000,
    CTRL = BASE,
    CTRL_CLEAR = BASE + 8,
    CTRL_SET = BASE + 4,
    DATA = BASE + 0x20,
    READ_CTRL = BASE + 0x30,
    READ_FUSE_DATA = BASE + 0x40,
    LOCK = BASE + 0x400,
    ID_LOW = BASE + 0x410,
    ID_HIGH = BASE + 0x420,
    MAC1 = BASE + 0x630,
    GP1 = BASE + 0x660,
    BUSY = 1 << 8,
    ERROR = 1 << 9,
    RELOAD = 1 << 10,
    WORD_GP1 = 0x26,
};

#define KEY (0x3E77u << 16)

static int set_up(void **state)
{
    return bench_start(state, ocotp_add);
}

static void burn(struct bench *b, uint32_t word, uint32_t bits)
{
    wr(b, CTRL, KEY | word);
    wr(b, DATA, bits);
}

static void ocotp_id_is_of_the_board_and_stays(void **state)
{
    uint32_t low = rd(*state, ID_LOW), high = rd(*state, ID_HIGH);

    assert_int_not_equal(low, 0);
    assert_int_not_equal(low, high);
    power_cycle(*state);
    assert_int_equal(rd(*state, ID_LOW), low);
    assert_int_equal(rd(*state, ID_HIGH), high);
}

static void ocotp_mac_is_local_and_unicast(void **state)
{
    assert_int_equal(rd(*state, MAC1) >> 8 & 0xFF, 0x02);
}

static void ocotp_burning_takes_time_and_only_adds(void **state)
{
    burn(*state, WORD_GP1, 0x0F);
    assert_true(rd(*state, CTRL) & BUSY);
    pass_us(*state, 20);
    assert_false(rd(*state, CTRL) & BUSY);
    burn(*state, WORD_GP1, 0xF0);
    pass_us(*state, 20);
    assert_int_equal(rd(*state, GP1), 0);
    wr(*state, CTRL_SET, RELOAD);
    assert_int_equal(rd(*state, GP1), 0xFF);
    assert_false(rd(*state, CTRL) & RELOAD);
}

static void ocotp_burnt_fuse_outlives_power(void **state)
{
    burn(*state, WORD_GP1, 0x5);
    power_cycle(*state);
    assert_int_equal(rd(*state, GP1), 0x5);
}

static void ocotp_without_key_nothing_burns(void **state)
{
    wr(*state, CTRL, WORD_GP1);
    wr(*state, DATA, 0x5);
    power_cycle(*state);
    assert_int_equal(rd(*state, GP1), 0);
}

static void ocotp_access_while_busy_is_an_error(void **state)
{
    burn(*state, WORD_GP1, 1);
    wr(*state, CTRL, KEY | WORD_GP1);
    pass_us(*state, 20);
    assert_true(rd(*state, CTRL) & ERROR);
    wr(*state, CTRL_CLEAR, ERROR);
    assert_false(rd(*state, CTRL) & ERROR);
}

static void ocotp_locked_word_cannot_be_burnt(void **state)
{
    burn(*state, 0, 1 << 10); /* GP1 lock */
    power_cycle(*state);
    burn(*state, WORD_GP1, 1);
    assert_true(rd(*state, CTRL) & ERROR);
    power_cycle(*state);
    assert_int_equal(rd(*state, GP1), 0);
    assert_int_equal(rd(*state, LOCK), 1 << 10);
}

static void ocotp_shadow_lasts_until_reset(void **state)
{
    wr(*state, GP1, 0x77);
    assert_int_equal(rd(*state, GP1), 0x77);
    system_reset(*state, 2);
    assert_int_equal(rd(*state, GP1), 0);
}

static void ocotp_reads_a_fuse_past_its_shadow(void **state)
{
    wr(*state, GP1, 0x77);
    wr(*state, CTRL, WORD_GP1);
    wr(*state, READ_CTRL, 1);
    assert_int_equal(rd(*state, READ_FUSE_DATA), 0);
    wr(*state, CTRL, 1);
    wr(*state, READ_CTRL, 1);
    assert_int_equal(rd(*state, READ_FUSE_DATA), rd(*state, ID_LOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ocotp_id_is_of_the_board_and_stays,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_mac_is_local_and_unicast, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_burning_takes_time_and_only_adds,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_burnt_fuse_outlives_power, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_without_key_nothing_burns, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_access_while_busy_is_an_error,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_locked_word_cannot_be_burnt,
                                        set_up, bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_shadow_lasts_until_reset, set_up,
                                        bench_stop),
        cmocka_unit_test_setup_teardown(ocotp_reads_a_fuse_past_its_shadow,
                                        set_up, bench_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
