/* test_board_power.c - emu/board.h's promises about power: noise in RAM, the
 * reset button, and cuts in the middle of a flash operation.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/emu/evk.h"

enum {
    SECTOR_BYTES = SCRATCH_PAGES * PAGE_BYTES,
    OPS = 1 + SCRATCH_PAGES, /* of SCENARIO_WRITE_FLASH: erase, programs */
    OLD = 0x11,
    NEW = 0x22,
    OLD_WORD = 0x11111111,
    NEW_WORD = 0x22222222,
    BLANK = 0xFF,
};

/* --- RAM ------------------------------------------------------------------ */

static uint32_t noise_of_seed(uint64_t seed)
{
    struct evk *e =
        evk_new(&(struct board_config){.seed = seed}, SCENARIO_NOISE, 0);

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    uint32_t sum = evk_number(e, "noise ");

    evk_free(e);
    return sum;
}

static void power_on_same_seed_same_noise(void **state)
{
    (void)state;
    assert_int_equal(noise_of_seed(7), noise_of_seed(7));
}

static void power_on_other_seed_other_noise(void **state)
{
    (void)state;
    assert_int_not_equal(noise_of_seed(7), noise_of_seed(8));
}

static void power_on_again_ram_is_noise_again(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_NOISE, 0);

    (void)state;
    evk_boot(e); /* which ends by filling it with zeros */
    evk_boot(e);

    assert_int_not_equal(evk_number(e, "noise "), 0);
    evk_free(e);
}

static void reset_button_ram_stays_and_srsr_tells(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_NOISE, 0);

    (void)state;
    evk_boot(e);
    e->console.len = 0;
    board_press_reset(e->board);

    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_EXIT);
    assert_int_equal(evk_number(e, "noise "), 0);
    assert_true(evk_number(e, "srsr ") & 1);
    evk_free(e);
}

static void reset_button_starts_code_that_sleeps(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_TICK, EVK_SECOND);

    (void)state;
    board_power_on(e->board);
    assert_int_equal(board_run(e->board, EVK_SECOND / 2), BOARD_STOP_TIME);
    board_press_reset(e->board);
    assert_int_equal(board_run(e->board, EVK_SECOND / 2), BOARD_STOP_TIME);

    struct board_stats stats;
    board_stats(e->board, &stats);
    assert_int_equal(stats.resets, 1);
    evk_free(e);
}

static void power_off_board_does_nothing(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);

    (void)state;
    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_CUT);
    evk_boot(e);
    board_power_off(e->board);
    e->console.len = 0;
    board_run(e->board, EVK_SECOND);

    assert_int_equal(e->console.len, 0);
    evk_free(e);
}

/* --- cuts ----------------------------------------------------------------- */

/* A board whose scratch sector holds OLD, about to write NEW. */
static struct evk *evk_with_old(void)
{
    struct evk *e = evk_new(NULL, SCENARIO_WRITE_FLASH, NEW_WORD);

    memset(board_flash(e->board) + SCRATCH_OFFSET, OLD, SECTOR_BYTES);
    return e;
}

static const uint8_t *scratch(struct evk *e)
{
    return board_flash(e->board) + SCRATCH_OFFSET;
}

static void assert_bytes(const uint8_t *from, size_t len, uint8_t value)
{
    for (size_t i = 0; i < len; i++)
        assert_int_equal(from[i], value);
}

static void cut(struct evk *e, uint64_t op, enum board_tear tear,
                uint32_t bytes, uint32_t seed)
{
    board_cut_at(e->board, &(struct board_cut){op, tear, bytes, seed});
    assert_int_equal(evk_boot(e), BOARD_STOP_CUT);
}

/* What power that comes back shows: the firmware reads the scratch sector. */
static uint32_t word_after_power_on(struct evk *e)
{
    evk_set_scenario(e, SCENARIO_READ_FLASH, 0);
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    return evk_number(e, "scratch ");
}

static void write_without_cut_is_whole(void **state)
{
    struct evk *e = evk_with_old();
    struct board_stats stats;

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_bytes(scratch(e), SECTOR_BYTES, NEW);
    board_stats(e->board, &stats);

    assert_int_equal(stats.flash_erases, 1);
    assert_int_equal(stats.flash_programs, SCRATCH_PAGES);
    assert_int_equal(board_wear(e->board, SCRATCH_OFFSET), 1);
    assert_int_equal(board_wear(e->board, SLOT_A_OFFSET), 0);
    evk_free(e);
}

static void cut_before_erase_leaves_old(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    cut(e, 1, BOARD_TEAR_NOTHING, 0, 0);

    assert_bytes(scratch(e), SECTOR_BYTES, OLD);
    assert_int_equal(word_after_power_on(e), OLD_WORD);
    evk_free(e);
}

static void cut_after_erase_leaves_blank(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    cut(e, 1, BOARD_TEAR_ALL, 0, 0);

    assert_bytes(scratch(e), SECTOR_BYTES, BLANK);
    assert_int_equal(word_after_power_on(e), UINT32_MAX);
    evk_free(e);
}

static void cut_in_erase_first_half_is_done(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    cut(e, 1, BOARD_TEAR_FIRST_HALF, 0, 0);

    assert_bytes(scratch(e), SECTOR_BYTES / 2, BLANK);
    assert_bytes(scratch(e) + SECTOR_BYTES / 2, SECTOR_BYTES / 2, OLD);
    evk_free(e);
}

static void cut_in_erase_second_half_is_done(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    cut(e, 1, BOARD_TEAR_SECOND_HALF, 0, 0);

    assert_bytes(scratch(e), SECTOR_BYTES / 2, OLD);
    assert_bytes(scratch(e) + SECTOR_BYTES / 2, SECTOR_BYTES / 2, BLANK);
    evk_free(e);
}

static void cut_in_program_so_many_bytes_are_done(void **state)
{
    (void)state;
    for (uint32_t bytes = 1; bytes < PAGE_BYTES; bytes += 51) {
        struct evk *e = evk_with_old();

        cut(e, 4, BOARD_TEAR_BYTES, bytes, 0); /* the third page */
        const uint8_t *page = scratch(e) + (size_t)2 * PAGE_BYTES;

        assert_bytes(scratch(e), (size_t)2 * PAGE_BYTES, NEW);
        assert_bytes(page, bytes, NEW);
        assert_bytes(page + bytes, PAGE_BYTES - bytes, BLANK);
        evk_free(e);
    }
}

static void random_tear(uint32_t seed, uint8_t page[PAGE_BYTES])
{
    struct evk *e = evk_with_old();

    cut(e, 2, BOARD_TEAR_RANDOM, 0, seed);
    memcpy(page, scratch(e), PAGE_BYTES);
    evk_free(e);
}

static void cut_in_program_random_bits_are_old_or_new(void **state)
{
    uint8_t one[PAGE_BYTES], again[PAGE_BYTES], other[PAGE_BYTES];
    unsigned torn = 0;

    (void)state;
    random_tear(1, one);
    random_tear(1, again);
    random_tear(2, other);

    for (size_t i = 0; i < PAGE_BYTES; i++) {
        assert_int_equal(one[i] & NEW, NEW); /* ones in both stay ones */
        torn += one[i] != NEW && one[i] != BLANK;
    }
    assert_true(torn > PAGE_BYTES / 2);
    assert_memory_equal(one, again, PAGE_BYTES);
    assert_memory_not_equal(one, other, PAGE_BYTES);
}

/* Pages before the cut operation are whole, those behind it are blank. */
static void assert_cut_at(struct evk *e, uint64_t op, bool done)
{
    uint64_t whole = done ? op : op - 1; /* operations, the erase first */

    if (whole == 0) {
        assert_bytes(scratch(e), SECTOR_BYTES, OLD);
        return;
    }
    size_t bytes = (size_t)(whole - 1) * PAGE_BYTES;

    assert_bytes(scratch(e), bytes, NEW);
    assert_bytes(scratch(e) + bytes, SECTOR_BYTES - bytes, BLANK);
}

static void cut_at_each_operation_hits_just_that_one(void **state)
{
    (void)state;
    for (uint64_t op = 1; op <= OPS; op++)
        for (int done = 0; done <= 1; done++) {
            struct evk *e = evk_with_old();

            cut(e, op, done ? BOARD_TEAR_ALL : BOARD_TEAR_NOTHING, 0, 0);
            assert_cut_at(e, op, done);
            evk_free(e);
        }
}

static void cut_beyond_the_last_operation_never_comes(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    board_cut_at(e->board,
                 &(struct board_cut){OPS + 1, BOARD_TEAR_NOTHING, 0, 0});

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    evk_free(e);
}

static void cut_comes_once(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    cut(e, 3, BOARD_TEAR_NOTHING, 0, 0);

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_bytes(scratch(e), SECTOR_BYTES, NEW);
    evk_free(e);
}

static void cut_code_behind_it_has_no_effect(void **state)
{
    struct evk *e = evk_with_old();

    (void)state;
    cut(e, OPS, BOARD_TEAR_ALL, 0, 0);

    assert_false(evk_said(e, "after"));
    evk_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_on_same_seed_same_noise),
        cmocka_unit_test(power_on_other_seed_other_noise),
        cmocka_unit_test(power_on_again_ram_is_noise_again),
        cmocka_unit_test(reset_button_ram_stays_and_srsr_tells),
        cmocka_unit_test(reset_button_starts_code_that_sleeps),
        cmocka_unit_test(power_off_board_does_nothing),
        cmocka_unit_test(write_without_cut_is_whole),
        cmocka_unit_test(cut_before_erase_leaves_old),
        cmocka_unit_test(cut_after_erase_leaves_blank),
        cmocka_unit_test(cut_in_erase_first_half_is_done),
        cmocka_unit_test(cut_in_erase_second_half_is_done),
        cmocka_unit_test(cut_in_program_so_many_bytes_are_done),
        cmocka_unit_test(cut_in_program_random_bits_are_old_or_new),
        cmocka_unit_test(cut_at_each_operation_hits_just_that_one),
        cmocka_unit_test(cut_beyond_the_last_operation_never_comes),
        cmocka_unit_test(cut_comes_once),
        cmocka_unit_test(cut_code_behind_it_has_no_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
