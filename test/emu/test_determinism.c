/* test_determinism.c - without a network the same inputs give the same run: the
 * same instructions, the same flash, the same console.
 *
 * The run is that of all conformance claims: resets, interrupts, sleep, flash.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/emu/evk.h"

enum { SLICE_CYCLES = 99991, SLICES_MAX = 100000 };

static struct evk *reference;

static int run_reference(void **state)
{
    (void)state;
    reference = evk_new(NULL, SCENARIO_CONFORMANCE, 0);
    return evk_boot(reference) == BOARD_STOP_EXIT ? 0 : -1;
}

static int free_reference(void **state)
{
    (void)state;
    evk_free(reference);
    return 0;
}

static void assert_like_reference(struct evk *e)
{
    struct board_stats expected, got;

    board_stats(reference->board, &expected);
    board_stats(e->board, &got);
    assert_string_equal(e->console.bytes, reference->console.bytes);
    assert_int_equal(got.instructions, expected.instructions);
    assert_int_equal(got.cycles, expected.cycles);
    assert_int_equal(got.interrupts, expected.interrupts);
    assert_int_equal(got.flash_erases, expected.flash_erases);
    assert_int_equal(got.flash_programs, expected.flash_programs);
    assert_memory_equal(board_flash(e->board), board_flash(reference->board),
                        BOARD_FLASH_BYTES);
}

static void same_inputs_same_run(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_CONFORMANCE, 0);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_like_reference(e);
    evk_free(e);
}

/* One more slice, unless the run has ended. */
static bool run_slice(struct evk *e, bool *ended)
{
    enum board_stop stop =
        *ended ? BOARD_STOP_EXIT : board_run(e->board, SLICE_CYCLES);

    *ended = stop == BOARD_STOP_EXIT;
    assert_true(*ended || stop == BOARD_STOP_TIME);
    return *ended;
}

static void run_in_slices_is_the_same_run(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_CONFORMANCE, 0);
    bool ended = false;

    (void)state;
    board_power_on(e->board);
    for (int i = 0; i < SLICES_MAX && !run_slice(e, &ended); i++) {
    }
    assert_true(ended);
    assert_like_reference(e);
    evk_free(e);
}

static void two_boards_side_by_side_do_not_disturb_each_other(void **state)
{
    struct evk *a = evk_new(NULL, SCENARIO_CONFORMANCE, 0);
    struct evk *b = evk_new(NULL, SCENARIO_CONFORMANCE, 0);
    bool a_ended = false, b_ended = false;

    (void)state;
    board_power_on(a->board);
    board_power_on(b->board);
    board_run(b->board, SLICE_CYCLES / 2); /* out of step */
    for (int i = 0; i < SLICES_MAX && !(a_ended && b_ended); i++) {
        run_slice(a, &a_ended);
        run_slice(b, &b_ended);
    }
    assert_true(a_ended && b_ended);
    assert_like_reference(a);
    assert_like_reference(b);
    evk_free(a);
    evk_free(b);
}

static void trace_does_not_change_the_run(void **state)
{
    struct evk *e =
        evk_new(&(struct board_config){.seed = 1, .trace = "/dev/null"},
                SCENARIO_CONFORMANCE, 0);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_like_reference(e);
    evk_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_inputs_same_run),
        cmocka_unit_test(run_in_slices_is_the_same_run),
        cmocka_unit_test(two_boards_side_by_side_do_not_disturb_each_other),
        cmocka_unit_test(trace_does_not_change_the_run),
    };

    return cmocka_run_group_tests(tests, run_reference, free_reference);
}
