/* test_board.c - claims about the whole board: ROM, core, exceptions, time,
 * power, faults. Runs the programs of programs/programs.S.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "emu/board.h"
#include "programs/programs.h"

enum {
    PLENTY = 100000000, /* cycles: each program ends long before */
    FLASH = 0x60000000,
    OCRAM = 0x20200000,
    RECORDS = 0x20018000,
};

struct bench {
    struct board_config config;
    struct board *b;
    struct board_why why;
    unsigned notes;
    char last_note[256];
};

static void keep_note(void *ctx, const char *line)
{
    struct bench *t = ctx;

    t->notes++;
    snprintf(t->last_note, sizeof t->last_note, "%s", line);
}

static int set_up(void **state)
{
    static struct bench t;

    t = (struct bench){.config = {.seed = 5, .note = keep_note}};
    t.config.note_ctx = &t;
    t.b = board_new(&t.config, &t.why);
    *state = &t;
    if (!t.b || !board_load_elf(t.b, PROGRAMS_ELF, &t.why)) {
        print_error("%s\n", t.why.text);
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    board_free(((struct bench *)*state)->b);
    return 0;
}

/* As another board: other settings, the same image. */
static void rebuild(struct bench *t)
{
    board_free(t->b);
    t->b = board_new(&t->config, &t->why);
    assert_non_null(t->b);
    assert_true(board_load_elf(t->b, PROGRAMS_ELF, &t->why));
}

static void choose(struct bench *t, enum program p)
{
    uint32_t number = p;

    memcpy(board_flash(t->b) + PROGRAMS_CHOSEN, &number, sizeof number);
}

static uint32_t mark_of(struct bench *t, enum program p)
{
    uint32_t mark;

    memcpy(&mark, board_flash(t->b) + PROGRAMS_TABLE + (size_t)8 * p + 4,
           sizeof mark);
    return mark;
}

static void start(struct bench *t, enum program p)
{
    board_power_off(t->b);
    choose(t, p);
    board_power_on(t->b);
}

static struct board_stats stats_of(struct bench *t)
{
    struct board_stats s;

    board_stats(t->b, &s);
    return s;
}

/* Runs a program to its exit; its exit code. */
static int result_of(struct bench *t, enum program p)
{
    start(t, p);
    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_EXIT);
    return stats_of(t).exit_code;
}

static struct record record_of(struct bench *t)
{
    struct record r;

    assert_true(board_read(t->b, PROGRAMS_RECORD, &r, sizeof r));
    return r;
}

/* --- start and stop ------------------------------------------------------- */

static void rom_starts_the_image_that_flash_names(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, EXIT_7), 7);
    assert_int_equal(t->notes, 0);
}

static void rom_blank_flash_has_nothing_to_start(void **state)
{
    struct bench *t = *state;

    memset(board_flash(t->b), 0xFF, BOARD_FLASH_BYTES);
    board_power_on(t->b);

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_NO_IMAGE);
    assert_non_null(strstr(t->last_note, "FCFB"));
}

static void rom_image_table_that_lies_is_refused_not_followed(void **state)
{
    struct bench *t = *state;
    uint32_t wild = 0xFFFFFFF0;

    for (unsigned word = 0; word < 8; word++) {
        uint8_t *ivt = board_flash(t->b) + 0x1000 + (size_t)4 * word;
        uint32_t good;
        memcpy(&good, ivt, sizeof good);
        memcpy(ivt, &wild, sizeof wild);
        start(t, EXIT_7);
        enum board_stop stop = board_run(t->b, 1000);
        assert_true(stop == BOARD_STOP_NO_IMAGE || stop == BOARD_STOP_LOCKUP ||
                    stop == BOARD_STOP_EXIT);
        board_power_off(t->b);
        memcpy(ivt, &good, sizeof good);
    }
}

static void load_raw_runs_from_ram_through_its_vector_table(void **state)
{
    struct bench *t = *state;
    /* sp, pc, movs r0,#24; ldr r1,=0x20026; bkpt 0xAB */
    static const uint32_t program[] = {0x20001000, OCRAM + 9, 0x49012018,
                                       0xE7FEBEAB, 0x00020026};
    char file[] = "/tmp/tern-test-raw-XXXXXX";
    int fd = mkstemp(file);

    assert_int_equal(write(fd, program, sizeof program), sizeof program);
    close(fd);
    assert_true(board_load_raw(t->b, file, OCRAM, &t->why));
    unlink(file);
    board_power_on(t->b);

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_EXIT);
    assert_int_equal(stats_of(t).exit_code, 0);
    assert_int_equal(board_reg(t->b, 13), 0x20001000);
}

static void load_refuses_what_is_no_program(void **state)
{
    struct bench *t = *state;

    assert_false(board_load_elf(t->b, "/nonexistent/file", &t->why));
    assert_non_null(strstr(t->why.text, "/nonexistent/file"));
    assert_false(board_load_elf(t->b, "/proc/self/cmdline", &t->why));
    assert_non_null(strstr(t->why.text, "not an executable ELF"));
    assert_false(board_load_raw(t->b, "/proc/self/exe", 0x10000000, &t->why));
    assert_non_null(strstr(t->why.text, "0x10000000"));
}

static void board_that_is_off_does_not_run(void **state)
{
    struct bench *t = *state;

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_CUT);
}

static void board_stop_ends_the_run_at_a_block(void **state)
{
    struct bench *t = *state;

    start(t, SPIN);
    assert_int_equal(board_run(t->b, 10000), BOARD_STOP_TIME);
    board_stop(t->b);

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_BREAK);
    assert_in_range(stats_of(t).cycles, 10000, 10010);
    assert_int_equal(board_run(t->b, 1000), BOARD_STOP_TIME);
}

static void strict_stops_at_the_register_nobody_knows(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, UNKNOWN_REGISTER), 0);
    assert_int_equal(stats_of(t).not_modelled, 1);
    assert_non_null(strstr(t->last_note, "0x403F0010"));
    t->config.strict = true;
    rebuild(t);
    start(t, UNKNOWN_REGISTER);

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_STRICT);
}

/* --- time ----------------------------------------------------------------- */

static void count_is_of_instructions(void **state)
{
    struct bench *t = *state;
    /* reset: 11; the program: 3 + 10 * 3 + 2; exit: 7 with the BKPT. */
    enum { EXPECTED = 11 + 35 + 8 };

    assert_int_equal(result_of(t, COUNT_LOOP), 20);
    assert_int_equal(stats_of(t).instructions, EXPECTED);
}

static void run_in_slices_is_the_same_as_at_once(void **state)
{
    struct bench *t = *state;

    result_of(t, SLEEP_TICKS);
    struct board_stats whole = stats_of(t);

    start(t, SLEEP_TICKS);
    enum board_stop stop = BOARD_STOP_TIME;
    unsigned slices = 0;
    for (; stop == BOARD_STOP_TIME; slices++)
        stop = board_run(t->b, 17);
    struct board_stats sliced = stats_of(t);

    assert_int_equal(stop, BOARD_STOP_EXIT);
    assert_true(slices > 100);
    assert_int_equal(sliced.instructions, whole.instructions);
    assert_int_equal(sliced.cycles, whole.cycles);
}

static void sleep_leaps_to_the_next_timer(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, SLEEP_TICKS), 5);
    assert_in_range(stats_of(t).cycles, 25000, 25200);
    assert_true(stats_of(t).instructions < 200);
}

static void sleep_without_anything_to_wake_is_reported(void **state)
{
    struct bench *t = *state;

    start(t, SLEEP_FOR_EVER);

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_LOCKUP);
}

static void wait_for_event_sees_sev_then_sleeps(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, WAIT_FOR_EVENT), 0x01);
}

/* --- faults --------------------------------------------------------------- */

static void bad_read_names_instruction_address_and_it_state(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, BAD_READ), 5);
    struct record r = record_of(t);

    assert_int_equal(r.pc, mark_of(t, BAD_READ));
    assert_int_equal(r.bfar, 0x1000000C);
    assert_int_equal(r.cfsr, 0x8200);
    /* ITT EQ, second instruction: ITSTATE 08 in bits 15:10 and 26:25. */
    assert_int_equal(r.xpsr & 0x0600FC00, 0x0800);
    assert_int_equal(r.exc_return, 0xFFFFFFF9);
}

static void bad_write_is_imprecise(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, BAD_WRITE), 5);
    assert_int_equal(record_of(t).cfsr, 0x0400);
}

static void division_by_zero_traps_only_where_it_runs(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, DIVIDE), 6);
    assert_int_equal(record_of(t).cfsr, 0x02000000);
    assert_int_equal(record_of(t).pc, mark_of(t, DIVIDE));
}

static void fp_instruction_without_fpu_is_a_usage_fault(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, FP_OFF), 6);
    assert_int_equal(record_of(t).cfsr, 0x00080000);
    assert_int_equal(record_of(t).pc, mark_of(t, FP_OFF));
    assert_int_equal(board_reg(t->b, 0), 0x20); /* semihosting's */
}

static void svc_that_cannot_be_taken_becomes_a_hard_fault(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, SVC_MASKED), 3);
    assert_int_equal(record_of(t).hfsr, 0x40000000);
    assert_int_equal(record_of(t).pc, mark_of(t, SVC_MASKED));
}

static void unprivileged_thread_enters_the_handler_with_privilege(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, UNPRIVILEGED_SVC), 11);
    struct record r = record_of(t);

    assert_int_equal(r.exc_return, 0xFFFFFFFD);
    assert_int_equal(r.pc, mark_of(t, UNPRIVILEGED_SVC));
    assert_int_equal(board_reg(t->b, 18), 0x20012000 - 0x20); /* PSP */
    assert_int_equal(board_reg(t->b, 22), 1);                 /* nPRIV */
}

static void fault_without_a_handler_locks_the_core_up(void **state)
{
    struct bench *t = *state;

    start(t, LOCK_UP);
    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_LOCKUP);
    assert_non_null(strstr(t->last_note, "locked up"));
    board_press_reset(t->b);

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_LOCKUP);
    assert_int_equal(stats_of(t).resets, 1);
}

static void code_that_changes_itself_runs_as_changed(void **state)
{
    assert_int_equal(result_of(*state, PATCH_ITSELF), 0x12);
}

/* --- power and reset ------------------------------------------------------ */

static void reset_keeps_ram_and_starts_again(void **state)
{
    struct bench *t = *state;

    assert_int_equal(result_of(t, RESET_TWICE), 2);
    assert_int_equal(stats_of(t).resets, 2);
}

static void watchdog_resets_a_core_that_is_locked_up(void **state)
{
    struct bench *t = *state;

    start(t, WATCHDOG);

    assert_int_equal(board_run(t->b, BOARD_HZ), BOARD_STOP_EXIT);
    assert_int_equal(stats_of(t).exit_code, 0x11); /* power-on too: sticky */
    assert_int_equal(stats_of(t).resets, 1);
    assert_in_range(stats_of(t).cycles, BOARD_HZ / 2, BOARD_HZ / 2 + 100000);
}

static void power_on_finds_other_noise_each_time_and_the_same_by_seed(
    void **state)
{
    struct bench *t = *state;
    uint32_t first[16], second[16], again[16];

    start(t, EXIT_7);
    assert_true(board_read(t->b, OCRAM, first, sizeof first));
    start(t, EXIT_7);
    assert_true(board_read(t->b, OCRAM, second, sizeof second));
    rebuild(t);
    start(t, EXIT_7);
    assert_true(board_read(t->b, OCRAM, again, sizeof again));

    assert_memory_not_equal(first, second, sizeof first);
    assert_memory_equal(first, again, sizeof first);
}

static void cut_leaves_the_board_off_with_the_flash_torn(void **state)
{
    struct bench *t = *state;

    choose(t, ERASE_TWICE);
    memset(board_flash(t->b) + 0x100000, 0, 0x2000);
    board_cut_at(t->b, &(struct board_cut){2, BOARD_TEAR_FIRST_HALF, 0, 0});
    board_power_on(t->b);
    assert_int_equal(board_run(t->b, UINT64_MAX), BOARD_STOP_CUT);
    const uint8_t *flash = board_flash(t->b);

    assert_int_equal(flash[0x100000], 0xFF);
    assert_int_equal(flash[0x100FFF], 0xFF);
    assert_int_equal(flash[0x101000], 0xFF);
    assert_int_equal(flash[0x1017FF], 0xFF);
    assert_int_equal(flash[0x101800], 0);
    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_CUT);
    board_power_on(t->b); /* no further cut */
    assert_int_equal(board_run(t->b, UINT64_MAX), BOARD_STOP_EXIT);
    assert_int_equal(flash[0x101800], 0xFF);
    assert_int_equal(stats_of(t).flash_erases, 4);
}

static void fork_gives_the_child_a_flash_of_its_own(void **state)
{
    struct bench *t = *state;

    start(t, ERASE_TWICE);
    board_power_off(t->b);
    memset(board_flash(t->b) + 0x100000, 0, 0x2000);
    board_power_on(t->b);
    board_run(t->b, 100);
    pid_t child = fork();
    if (child == 0) {
        board_after_fork(t->b);
        bool exits = board_run(t->b, UINT64_MAX) == BOARD_STOP_EXIT;
        uint32_t word = 0;
        board_read(t->b, FLASH + 0x101000, &word, sizeof word);
        _exit(exits && word == 0xFFFFFFFF ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);

    assert_int_equal(status, 0);
    assert_int_equal(board_flash(t->b)[0x101000], 0);
    assert_int_equal(board_run(t->b, UINT64_MAX), BOARD_STOP_EXIT);
    assert_int_equal(board_flash(t->b)[0x101000], 0xFF);
}

/* --- looking inside ------------------------------------------------------- */

static void breakpoint_stops_before_its_instruction_each_time(void **state)
{
    struct bench *t = *state;
    uint32_t mark = mark_of(t, MARKED_LOOP);

    assert_true(board_breakpoint(t->b, mark, true));
    start(t, MARKED_LOOP);
    for (uint32_t round = 1; round <= 3; round++) {
        assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_BREAK);
        assert_int_equal(board_reg(t->b, 15), mark);
        assert_int_equal(board_reg(t->b, 4), round);
        assert_int_equal(board_reg(t->b, 5), round - 1);
    }
    assert_true(board_breakpoint(t->b, mark, false));

    assert_int_equal(board_run(t->b, PLENTY), BOARD_STOP_EXIT);
    assert_int_equal(stats_of(t).exit_code, 20);
}

static void skip_leaves_out_exactly_the_nth_instruction(void **state)
{
    struct bench *t = *state;

    board_skip_instruction(t->b, mark_of(t, MARKED_LOOP), 3);

    assert_int_equal(result_of(t, MARKED_LOOP), 19);
    assert_int_equal(result_of(t, MARKED_LOOP), 20);
}

static void step_runs_one_instruction_at_a_time(void **state)
{
    struct bench *t = *state;
    unsigned steps = 0;

    result_of(t, COUNT_LOOP);
    uint64_t expected = stats_of(t).instructions;

    start(t, COUNT_LOOP);
    enum board_stop stop = BOARD_STOP_BREAK;
    for (; stop == BOARD_STOP_BREAK && steps < 1000; steps++)
        stop = board_step(t->b);

    assert_int_equal(stop, BOARD_STOP_EXIT);
    assert_int_equal(steps, expected);
    assert_int_equal(stats_of(t).instructions, expected);
    assert_int_equal(stats_of(t).exit_code, 20);
}

static void flipped_bit_in_flash_and_ram_is_seen_by_the_core(void **state)
{
    struct bench *t = *state;

    start(t, EXIT_7);
    /* movs r0, #7 -> movs r0, #5 */
    uint32_t entry;
    memcpy(&entry, board_flash(t->b) + PROGRAMS_TABLE, sizeof entry);
    board_flip_bit(t->b, entry, 1);
    board_run(t->b, PLENTY);
    assert_int_equal(stats_of(t).exit_code, 5);
    uint32_t before, after;
    board_read(t->b, OCRAM, &before, 4);
    board_flip_bit(t->b, OCRAM, 9);
    board_read(t->b, OCRAM, &after, 4);

    assert_int_equal(before ^ after, 1 << 9);
}

static void debugger_reaches_registers_and_devices(void **state)
{
    struct bench *t = *state;
    uint32_t cpuid = 0, value = 0x55;

    start(t, SPIN);
    assert_true(board_read(t->b, 0xE000ED00, &cpuid, 4));
    assert_int_equal(cpuid, 0x411FC271);
    assert_false(board_read(t->b, 0x10000000, &value, 4));
    board_reg_set(t->b, 7, 0x12345678);
    assert_int_equal(board_reg(t->b, 7), 0x12345678);
    board_reg_set(t->b, 33, 0x3F800000);
    assert_int_equal(board_reg(t->b, 33), 0x3F800000);
    assert_int_equal(board_reg(t->b, 32), 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(rom_starts_the_image_that_flash_names),
        CASE(rom_blank_flash_has_nothing_to_start),
        CASE(rom_image_table_that_lies_is_refused_not_followed),
        CASE(load_raw_runs_from_ram_through_its_vector_table),
        CASE(load_refuses_what_is_no_program),
        CASE(board_that_is_off_does_not_run),
        CASE(board_stop_ends_the_run_at_a_block),
        CASE(strict_stops_at_the_register_nobody_knows),
        CASE(count_is_of_instructions),
        CASE(run_in_slices_is_the_same_as_at_once),
        CASE(sleep_leaps_to_the_next_timer),
        CASE(sleep_without_anything_to_wake_is_reported),
        CASE(wait_for_event_sees_sev_then_sleeps),
        CASE(bad_read_names_instruction_address_and_it_state),
        CASE(bad_write_is_imprecise),
        CASE(division_by_zero_traps_only_where_it_runs),
        CASE(fp_instruction_without_fpu_is_a_usage_fault),
        CASE(svc_that_cannot_be_taken_becomes_a_hard_fault),
        CASE(unprivileged_thread_enters_the_handler_with_privilege),
        CASE(fault_without_a_handler_locks_the_core_up),
        CASE(code_that_changes_itself_runs_as_changed),
        CASE(reset_keeps_ram_and_starts_again),
        CASE(watchdog_resets_a_core_that_is_locked_up),
        CASE(power_on_finds_other_noise_each_time_and_the_same_by_seed),
        CASE(cut_leaves_the_board_off_with_the_flash_torn),
        CASE(fork_gives_the_child_a_flash_of_its_own),
        CASE(breakpoint_stops_before_its_instruction_each_time),
        CASE(skip_leaves_out_exactly_the_nth_instruction),
        CASE(step_runs_one_instruction_at_a_time),
        CASE(flipped_bit_in_flash_and_ram_is_seen_by_the_core),
        CASE(debugger_reaches_registers_and_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
