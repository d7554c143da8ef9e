/* test_board_run.c - emu/board.h's promises about running: what starts, what
 * stops it, the console, and looking inside.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/emu/evk.h"

enum { R0 = 0, R1 = 1, PC = 15 };

static struct board_stats stats_of(const struct evk *e)
{
    struct board_stats s;

    board_stats(e->board, &s);
    return s;
}

/* --- what starts ---------------------------------------------------------- */

static void flash_image_starts_and_exits_with_its_code(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 42);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_string_equal(e->console.bytes, "hello 0x0000002A\n");
    assert_int_equal(stats_of(e).exit_code, 42);
    evk_free(e);
}

static void blank_flash_has_no_image(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);

    (void)state;
    memset(board_flash(e->board), 0xFF, BOARD_FLASH_BYTES);

    assert_int_equal(evk_boot(e), BOARD_STOP_NO_IMAGE);
    evk_free(e);
}

static void image_without_ivt_is_not_started(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);

    (void)state;
    board_flash(e->board)[0x1000] = 0;

    assert_int_equal(evk_boot(e), BOARD_STOP_NO_IMAGE);
    evk_free(e);
}

static void elf_for_flash_starts(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);
    struct board_why why;

    (void)state;
    memset(board_flash(e->board), 0xFF, BOARD_FLASH_BYTES);
    assert_true(board_load_elf(e->board, evk_file("conformance.elf"), &why));
    evk_set_scenario(e, SCENARIO_HELLO, 5);

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_int_equal(stats_of(e).exit_code, 5);
    evk_free(e);
}

static void elf_for_ram_starts(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);
    struct board_why why;

    (void)state;
    assert_true(board_load_elf(e->board, evk_file("ram.elf"), &why));

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_string_equal(e->console.bytes, "RAM\n");
    evk_free(e);
}

static void raw_image_starts_at_its_address(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);
    struct board_why why;

    (void)state;
    assert_true(
        board_load_raw(e->board, evk_file("ram.bin"), 0x20210000, &why));

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_string_equal(e->console.bytes, "RAM\n");
    evk_free(e);
}

static void host_image_starts_again_after_power_off(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);
    struct board_why why;

    (void)state;
    assert_true(board_load_elf(e->board, evk_file("ram.elf"), &why));
    evk_boot(e);

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    assert_string_equal(e->console.bytes, "RAM\n");
    evk_free(e);
}

static void file_that_is_not_there_is_refused_by_name(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);
    struct board_why why = {""};

    (void)state;
    assert_false(board_flash_load(e->board, "/no/such/file", &why));
    assert_non_null(strstr(why.text, "/no/such/file"));
    assert_false(board_load_elf(e->board, "/no/such/file", &why));
    assert_false(board_load_raw(e->board, "/no/such/file", 0, &why));
    evk_free(e);
}

static void saved_flash_loads_the_same(void **state)
{
    char name[] = "/tmp/tern-emu-flash-XXXXXX";
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 9);
    struct evk *other = evk_new(NULL, SCENARIO_HELLO, 0);
    struct board_why why;
    int file = mkstemp(name);

    (void)state;
    assert_true(file >= 0);
    close(file);
    assert_true(board_flash_save(e->board, name, &why));
    assert_true(board_flash_load(other->board, name, &why));
    unlink(name);

    assert_memory_equal(board_flash(e->board), board_flash(other->board),
                        BOARD_FLASH_BYTES);
    evk_free(e);
    evk_free(other);
}

/* --- what stops ----------------------------------------------------------- */

static void run_ends_when_its_time_has_passed(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_TICK, 10000);

    (void)state;
    board_power_on(e->board);
    assert_int_equal(board_run(e->board, 1000000), BOARD_STOP_TIME);
    assert_in_range(stats_of(e).cycles, 1000000, 1001000);
    assert_int_equal(board_run(e->board, 1000000), BOARD_STOP_TIME);

    assert_in_range(stats_of(e).cycles, 2000000, 2002000);
    evk_free(e);
}

static void sleep_that_nothing_can_end_is_lockup(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_SLEEP, 0);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_LOCKUP);
    assert_true(evk_said(e, "sleep"));
    evk_free(e);
}

static void fault_in_hardfault_is_lockup(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_LOCKUP, 0);

    (void)state;
    assert_int_equal(evk_boot(e), BOARD_STOP_LOCKUP);
    assert_true(evk_noted(e, "locked up"));
    evk_free(e);
}

static void stop_from_a_callback_stops(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_TICK, 10000);

    (void)state;
    e->stop_at_dot = e->board;
    assert_int_equal(evk_boot(e), BOARD_STOP_BREAK);
    assert_string_equal(e->console.bytes, ".");
    evk_free(e);
}

static void stopped_board_goes_on(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_TICK, 10000);

    (void)state;
    e->stop_at_dot = e->board;
    evk_boot(e);
    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_BREAK);

    assert_string_equal(e->console.bytes, "..");
    evk_free(e);
}

/* --- the console ---------------------------------------------------------- */

static void uart_in_is_read_by_the_firmware(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_ECHO, 0);
    const char text[] = "tern 4";

    (void)state;
    board_power_on(e->board);
    for (size_t i = 0; i < sizeof text - 1; i++) {
        board_uart_in(e->board, &text[i], 1);
        board_run(e->board, EVK_SECOND / 100);
    }
    board_uart_in(e->board, "q", 1);

    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_EXIT);
    assert_string_equal(e->console.bytes, "TERN 4");
    evk_free(e);
}

/* --- looking inside ------------------------------------------------------- */

/* Stands at the first of ten steps; its address in *step. */
static struct evk *evk_at_step(uint32_t *step)
{
    struct evk *e = evk_new(NULL, SCENARIO_COUNT, 0);

    assert_int_equal(evk_boot(e), BOARD_STOP_EXIT);
    *step = evk_number(e, "step ");
    assert_true(board_breakpoint(e->board, *step, true));
    assert_int_equal(evk_boot(e), BOARD_STOP_BREAK);
    return e;
}

static void breakpoint_stops_before_its_instruction_each_time(void **state)
{
    uint32_t step;
    struct evk *e = evk_at_step(&step);

    (void)state;
    for (uint32_t i = 0; i < COUNT_STEPS; i++) {
        assert_int_equal(board_reg(e->board, PC), step);
        assert_int_equal(board_reg(e->board, R0), i);
        board_run(e->board, EVK_SECOND);
    }
    assert_int_equal(evk_number(e, "count "), COUNT_STEPS);
    evk_free(e);
}

static void breakpoint_taken_back_stops_no_more(void **state)
{
    uint32_t step;
    struct evk *e = evk_at_step(&step);

    (void)state;
    board_breakpoint(e->board, step, false);

    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_EXIT);
    assert_int_equal(evk_number(e, "count "), COUNT_STEPS);
    evk_free(e);
}

static void step_runs_one_instruction(void **state)
{
    uint32_t step;
    struct evk *e = evk_at_step(&step);
    uint64_t before = stats_of(e).instructions;

    (void)state;
    assert_int_equal(board_step(e->board), BOARD_STOP_BREAK);
    assert_int_equal(board_reg(e->board, PC), step + 4);
    assert_int_equal(board_reg(e->board, R0), 1);
    assert_int_equal(stats_of(e).instructions, before + 1);
    assert_int_equal(board_step(e->board), BOARD_STOP_BREAK);

    assert_int_equal(board_reg(e->board, R1), COUNT_STEPS - 1);
    evk_free(e);
}

static void register_set_by_the_host_counts(void **state)
{
    uint32_t step;
    struct evk *e = evk_at_step(&step);

    (void)state;
    board_breakpoint(e->board, step, false);
    board_reg_set(e->board, R1, 3); /* steps left */
    board_run(e->board, EVK_SECOND);

    assert_int_equal(evk_number(e, "count "), 3);
    evk_free(e);
}

static void memory_written_by_the_host_is_seen(void **state)
{
    const uint32_t address = SPIN_ADDRESS;
    struct evk *e = evk_new(NULL, SCENARIO_SPIN, 0);
    uint32_t word;

    (void)state;
    board_power_on(e->board);
    evk_run_to(e, "spin\n");
    board_run(e->board, 100000); /* its code is running */
    assert_true(board_read(e->board, address, &word, sizeof word));
    word ^= 0xF00;
    assert_true(board_write(e->board, address, &word, sizeof word));

    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_EXIT);
    assert_int_equal(evk_number(e, "changed "), 0xF00);
    evk_free(e);
}

static void host_reads_core_registers_of_an_unprivileged_thread(void **state)
{
    const uint32_t address = SPIN_ADDRESS, vtor = 0xE000ED08;
    struct evk *e = evk_new(NULL, SCENARIO_SPIN, 1);
    uint32_t word = 0;

    (void)state;
    board_power_on(e->board);
    evk_run_to(e, "spin\n");
    board_run(e->board, 100000);
    assert_true(board_read(e->board, vtor, &word, sizeof word));
    assert_in_range(word, 0x20000000, 0x2001FFFF);
    board_run(e->board, 100000);
    board_flip_bit(e->board, address, 0);

    /* The read is no access of the thread: it does not fault. */
    assert_int_equal(board_run(e->board, EVK_SECOND), BOARD_STOP_EXIT);
    assert_int_equal(evk_number(e, "changed "), 1);
    assert_int_equal(stats_of(e).resets, 0);
    evk_free(e);
}

static void memory_that_is_not_there_is_refused(void **state)
{
    struct evk *e = evk_new(NULL, SCENARIO_HELLO, 0);
    uint32_t word = 0;

    (void)state;
    board_power_on(e->board);
    assert_false(board_read(e->board, 0x30000000, &word, sizeof word));
    assert_false(board_write(e->board, 0x30000000, &word, sizeof word));
    assert_false(board_read(e->board, 0x202BFFFE, &word, sizeof word));
    evk_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flash_image_starts_and_exits_with_its_code),
        cmocka_unit_test(blank_flash_has_no_image),
        cmocka_unit_test(image_without_ivt_is_not_started),
        cmocka_unit_test(elf_for_flash_starts),
        cmocka_unit_test(elf_for_ram_starts),
        cmocka_unit_test(raw_image_starts_at_its_address),
        cmocka_unit_test(host_image_starts_again_after_power_off),
        cmocka_unit_test(file_that_is_not_there_is_refused_by_name),
        cmocka_unit_test(saved_flash_loads_the_same),
        cmocka_unit_test(run_ends_when_its_time_has_passed),
        cmocka_unit_test(sleep_that_nothing_can_end_is_lockup),
        cmocka_unit_test(fault_in_hardfault_is_lockup),
        cmocka_unit_test(stop_from_a_callback_stops),
        cmocka_unit_test(stopped_board_goes_on),
        cmocka_unit_test(uart_in_is_read_by_the_firmware),
        cmocka_unit_test(breakpoint_stops_before_its_instruction_each_time),
        cmocka_unit_test(breakpoint_taken_back_stops_no_more),
        cmocka_unit_test(step_runs_one_instruction),
        cmocka_unit_test(register_set_by_the_host_counts),
        cmocka_unit_test(memory_written_by_the_host_is_seen),
        cmocka_unit_test(host_reads_core_registers_of_an_unprivileged_thread),
        cmocka_unit_test(memory_that_is_not_there_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
