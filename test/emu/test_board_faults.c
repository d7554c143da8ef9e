/* test_board_faults.c - emu/board.h's promises about faults that a test causes:
 * skipped instructions, flipped bits, accesses to what is not modelled.
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

/* What COUNT_STEPS steps add up to if the nth one is skipped. */
static uint32_t count_without(uint64_t nth)
{
    struct evk *e = evk_new(NULL, SCENARIO_COUNT, 0);

    evk_boot(e);
    board_skip_instruction(e->board, evk_number(e, "step "), nth);
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    uint32_t count = evk_number(e, "count ");

    evk_free(e);
    return count;
}

static void skip_leaves_out_just_one_instruction(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth <= COUNT_STEPS; nth++)
        assert_int_equal(count_without(nth), COUNT_STEPS - 1);
}

static void skip_beyond_the_last_time_leaves_out_nothing(void **state)
{
    (void)state;
    assert_int_equal(count_without(COUNT_STEPS + 1), COUNT_STEPS);
    assert_int_equal(count_without(0), COUNT_STEPS);
}

static void skip_of_a_branch_falls_through(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_COUNT, 0);

    (void)state;
    evk_boot(e);
    /* add, subs (two bytes), bne */
    board_skip_instruction(e->board, evk_number(e, "step ") + 6, 4);
    evk_boot(e);

    assert_int_equal(evk_number(e, "count "), 4);
    evk_free(e);
}

static void flip_in_ram_changes_one_bit(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_SPIN, 0);

    (void)state;
    board_power_on(e->board);
    evk_run_to(e, "spin\n");
    board_flip_bit(e->board, SPIN_ADDRESS, 13);

    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_EXIT);
    assert_int_equal(evk_number(e, "changed "), 1u << 13);
    evk_free(e);
}

static void flip_in_flash_is_read_by_the_firmware(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_READ_FLASH, 0);

    (void)state;
    memset(board_flash(e->board) + SCRATCH_OFFSET, 0, 4);
    board_power_on(e->board);
    board_flip_bit(e->board, EVK_FLASH_BASE + SCRATCH_OFFSET, 3);
    board_run(e->board, EVK_SECOND);

    assert_int_equal(evk_number(e, "scratch "), 1u << 3);
    assert_int_equal(board_flash(e->board)[SCRATCH_OFFSET], 1u << 3);
    evk_free(e);
}

static void flip_in_code_that_has_run_counts(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_COUNT, 0);

    (void)state;
    evk_boot(e);
    uint32_t step = evk_number(e, "step ");
    board_breakpoint(e->board, step, true);
    evk_boot(e);
    board_breakpoint(e->board, step, false);
    /* add r0, r0, #1 becomes add r0, r0, #3: imm8, in the third byte */
    board_flip_bit(e->board, step + 2, 1);
    board_run(e->board, EVK_SECOND);

    assert_int_equal(evk_number(e, "count "), 3 * COUNT_STEPS);
    evk_free(e);
}

static void unknown_register_is_noted_once_with_address_and_code(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_UNKNOWN, 0);
    struct board_stats stats;

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    board_stats(e->board, &stats);

    assert_int_equal(stats.not_modelled, 1);
    assert_true(evk_noted(e, "0x403FF010"));
    assert_true(evk_noted(e, "code at 0x6000"));
    assert_ptr_equal(strchr(e->notes.bytes, '\n'),
                     strrchr(e->notes.bytes, '\n'));
    assert_int_equal(evk_number(e, "unknown "), 0);
    evk_free(e);
}

static void unknown_register_stops_a_strict_run(void **state)
{
    struct evk *e = evk_new(&(struct board_config){.seed = 1, .strict = true},
                            SCENARIO_UNKNOWN, 0);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_STRICT);
    assert_false(evk_said(e, "unknown"));
    assert_true(evk_noted(e, "0x403FF010"));
    evk_free(e);
}

static void strict_run_of_what_is_modelled_does_not_stop(void **state)
{
    struct evk *e = evk_new(&(struct board_config){.seed = 1, .strict = true},
                            SCENARIO_WRITE_FLASH, 1);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    evk_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(skip_leaves_out_just_one_instruction),
        cmocka_unit_test(skip_beyond_the_last_time_leaves_out_nothing),
        cmocka_unit_test(skip_of_a_branch_falls_through),
        cmocka_unit_test(flip_in_ram_changes_one_bit),
        cmocka_unit_test(flip_in_flash_is_read_by_the_firmware),
        cmocka_unit_test(flip_in_code_that_has_run_counts),
        cmocka_unit_test(unknown_register_is_noted_once_with_address_and_code),
        cmocka_unit_test(unknown_register_stops_a_strict_run),
        cmocka_unit_test(strict_run_of_what_is_modelled_does_not_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
