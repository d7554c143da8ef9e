/* test_nor_status.c - claims about the NOR flash's status registers, power-down
 * and reset commands, and its log.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/emu/nor_bench.h"

/* --- status registers ----------------------------------------------------- */

static void nor_status_register_write_takes_its_time_and_is_kept(void **state)
{
    struct nor_bench *b = *state;

    nor_send(b, NOR_WRITE_ENABLE);
    nor_write_status(b, 0x01, 0x80);
    assert_true(nor_busy(b->n));
    fixture_wait_us(&b->f, 10000);
    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0x80);
    nor_reset(b->n);

    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0x80);
}

static void nor_volatile_status_write_is_immediate_and_lost(void **state)
{
    struct nor_bench *b = *state;

    nor_send(b, 0x50);
    nor_write_status(b, 0x01, 0x80);
    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0x80);
    nor_reset(b->n);

    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0x40);
}

static void nor_quad_enable_is_one_latch_seen_in_both_registers(void **state)
{
    struct nor_bench *b = *state;

    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0x40);
    assert_int_equal(nor_read_one(b, 0x35, 0), 0x02);
    nor_send(b, NOR_WRITE_ENABLE);
    nor_write_status(b, 0x31, 0x00);
    fixture_wait_us(&b->f, 10000);
    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0x00);
    nor_send(b, NOR_WRITE_ENABLE);
    nor_write_status(b, 0x01, 0x40);
    fixture_wait_us(&b->f, 10000);

    assert_int_equal(nor_read_one(b, 0x35, 0), 0x02);
}

static void nor_without_quad_enable_quad_commands_are_ignored(void **state)
{
    struct nor_bench *b = *state;

    nor_send(b, 0x50);
    nor_write_status(b, 0x01, 0x00);
    b->chip[0] = 0x12;
    nor_send(b, NOR_WRITE_ENABLE);
    nor_program_by(b, 0x32, SECTOR, "\0", 1);

    assert_int_equal(nor_read_one(b, 0x6B, 0), 0xFF);
    assert_int_equal(nor_read_one(b, NOR_READ, 0), 0x12);
    assert_false(nor_busy(b->n));
    assert_true(fixture_noted(&b->f, "without quad enable"));
}

static void nor_status_write_of_two_bytes_writes_both_registers(void **state)
{
    struct nor_bench *b = *state;

    nor_send(b, NOR_WRITE_ENABLE);
    nor_program_by(b, 0x01, 0, "\x80\x42", 2);
    fixture_wait_us(&b->f, 10000);

    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0xC0);
    assert_int_equal(nor_read_one(b, 0x35, 0), 0x42);
}

/* --- power-down, reset, the unknown --------------------------------------- */

static void nor_in_power_down_only_release_is_obeyed(void **state)
{
    struct nor_bench *b = *state;

    b->chip[0] = 0x12;
    nor_send(b, 0xB9);
    assert_int_equal(nor_read_one(b, NOR_READ, 0), 0xFF);
    assert_int_equal(nor_read_one(b, NOR_STATUS, 0), 0xFF);
    assert_true(memory_flash_is_busy(soc_memory(b->f.s)));
    nor_send(b, 0xAB);

    assert_int_equal(nor_read_one(b, NOR_READ, 0), 0x12);
    assert_false(memory_flash_is_busy(soc_memory(b->f.s)));
}

static void nor_reset_command_needs_both_halves_in_a_row(void **state)
{
    struct nor_bench *b = *state;

    nor_send(b, NOR_WRITE_ENABLE);
    nor_send(b, 0x66);
    nor_read_one(b, NOR_READ, 0);
    nor_send(b, 0x99);
    assert_true(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WEL);
    nor_send(b, 0x66);
    nor_send(b, 0x99);

    assert_false(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WEL);
}

static void nor_reset_command_while_busy_tears_the_operation(void **state)
{
    struct nor_bench *b = *state;

    memset(b->chip + SECTOR, 0, NOR_SECTOR_BYTES);
    nor_erase_by(b, NOR_ERASE_4K, SECTOR);
    nor_send(b, 0x66);
    nor_send(b, 0x99);

    assert_false(nor_busy(b->n));
    assert_false(all_are(b->chip + SECTOR, NOR_SECTOR_BYTES, 0xFF));
    assert_false(all_are(b->chip + SECTOR, NOR_SECTOR_BYTES, 0));
    assert_true(fixture_noted(&b->f, "torn"));
}

static void nor_unknown_command_is_ignored_and_noted(void **state)
{
    struct nor_bench *b = *state;

    assert_int_equal(nor_read_one(b, 0x77, 0), 0xFF);
    assert_true(fixture_noted(&b->f, "0x77"));
}

static void nor_log_has_one_line_for_each_operation(void **state)
{
    struct nor_bench *b = *state;

    nor_log_begin(b);
    nor_erase_by(b, NOR_ERASE_4K, SECTOR);
    fixture_wait_us(&b->f, 45000);
    nor_program(b, SECTOR + 0xFE0, "0123456789abcdef0123456789abcdef", 32);

    nor_log_assert(b, "0 erase 0x012000 4096\n"
                      "23760000 program 0x012FE0 32\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOR_CLAIM(nor_status_register_write_takes_its_time_and_is_kept),
        NOR_CLAIM(nor_volatile_status_write_is_immediate_and_lost),
        NOR_CLAIM(nor_quad_enable_is_one_latch_seen_in_both_registers),
        NOR_CLAIM(nor_without_quad_enable_quad_commands_are_ignored),
        NOR_CLAIM(nor_status_write_of_two_bytes_writes_both_registers),
        NOR_CLAIM(nor_in_power_down_only_release_is_obeyed),
        NOR_CLAIM(nor_reset_command_needs_both_halves_in_a_row),
        NOR_CLAIM(nor_reset_command_while_busy_tears_the_operation),
        NOR_CLAIM(nor_unknown_command_is_ignored_and_noted),
        NOR_CLAIM(nor_log_has_one_line_for_each_operation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
