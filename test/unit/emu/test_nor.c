/* test_nor.c - claims about the NOR flash of emu/nor.c, one per sentence that a
 * datasheet has: identity, reading, erase and program, busy time.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/emu/nor_bench.h"

/* --- identity ------------------------------------------------------------- */

static void nor_jedec_id_names_maker_type_and_capacity(void **state)
{
    uint8_t id[3];

    nor_read_by(*state, 0x9F, 0, id, sizeof id);

    assert_memory_equal(id, ((uint8_t[]){0x9D, 0x70, 0x17}), 3);
}

static void nor_release_from_power_down_gives_the_device_id(void **state)
{
    assert_int_equal(nor_read_one(*state, 0xAB, 0), 0x16);
}

static uint32_t sfdp_word(struct nor_bench *b, uint32_t address)
{
    uint8_t raw[4];

    nor_read_by(b, 0x5A, address, raw, sizeof raw);
    return raw[0] | (uint32_t)raw[1] << 8 | (uint32_t)raw[2] << 16 |
           (uint32_t)raw[3] << 24;
}

static void nor_sfdp_leads_to_8_mib_4k_sectors_and_quad(void **state)
{
    struct nor_bench *b = *state;

    assert_int_equal(sfdp_word(b, 0), 0x50444653); /* "SFDP" */
    assert_int_equal(sfdp_word(b, 8) >> 24, 16);   /* words of the table */
    uint32_t table = sfdp_word(b, 12) & 0xFFFFFF;
    uint32_t features = sfdp_word(b, table);

    assert_int_equal(features & 3, 1); /* 4 KiB erase... */
    assert_int_equal(features >> 8 & 0xFF, NOR_ERASE_4K);
    assert_true(features >> 21 & features >> 22 & 1); /* 1-4-4, 1-1-4 */
    assert_int_equal(sfdp_word(b, table + 4) + 1, 8u * BOARD_FLASH_BYTES);
    assert_int_equal(sfdp_word(b, table + 8) >> 8 & 0xFF, 0xEB);
    assert_int_equal(sfdp_word(b, table + 4 * 14) >> 20 & 7, 2); /* QE: bit 6 */
    assert_int_equal(sfdp_word(b, 0x200), 0xFFFFFFFF);
}

/* Typical times of the table, in microseconds, against what the chip takes. */
static void nor_sfdp_times_are_not_below_the_real_ones(void **state)
{
    static const uint32_t unit_us[] = {1000, 16000, 128000, 1000000};
    struct nor_bench *b = *state;
    uint32_t word = sfdp_word(b, 0x30 + 4 * 9);
    uint32_t four = ((word >> 4 & 31) + 1) * unit_us[word >> 9 & 3];
    uint32_t thirty_two = ((word >> 11 & 31) + 1) * unit_us[word >> 16 & 3];
    uint32_t sixty_four = ((word >> 18 & 31) + 1) * unit_us[word >> 23 & 3];
    uint32_t page = ((sfdp_word(b, 0x30 + 4 * 10) >> 8 & 31) + 1) * 64;

    assert_in_range(four, 45000, 60000);
    assert_in_range(thirty_two, 120000, 135000);
    assert_in_range(sixty_four, 150000, 165000);
    assert_in_range(page, 400, 460);
}

/* --- reading -------------------------------------------------------------- */

static void nor_every_read_command_gives_the_array(void **state)
{
    static const uint8_t reads[] = {0x03, 0x0B, 0x3B, 0x6B, 0xBB, 0xEB};
    struct nor_bench *b = *state;

    memcpy(b->chip + 0x1234, "tern", 4);
    for (size_t i = 0; i < sizeof reads; i++) {
        char got[4];
        nor_read_by(b, reads[i], 0x1234, got, sizeof got);
        assert_memory_equal(got, "tern", 4);
    }
    assert_int_equal(b->f.note_count, 0);
}

static void nor_read_over_the_end_goes_on_at_the_start(void **state)
{
    struct nor_bench *b = *state;
    uint8_t got[2];

    b->chip[BOARD_FLASH_BYTES - 1] = 0x11;
    b->chip[0] = 0x22;
    nor_read_by(b, NOR_READ, BOARD_FLASH_BYTES - 1, got, sizeof got);

    assert_int_equal(got[0], 0x11);
    assert_int_equal(got[1], 0x22);
}

static void nor_address_beyond_the_chip_wraps_and_is_noted(void **state)
{
    struct nor_bench *b = *state;

    b->chip[5] = 0x55;

    assert_int_equal(nor_read_one(b, NOR_READ, BOARD_FLASH_BYTES + 5), 0x55);
    assert_true(fixture_noted(&b->f, "beyond the chip"));
}

/* --- write enable --------------------------------------------------------- */

static void nor_erase_or_program_without_write_enable_does_nothing(void **state)
{
    struct nor_bench *b = *state;

    memset(b->chip, 0x5A, BOARD_FLASH_BYTES);
    nor_command(b->n, &(struct nor_command){.opcode = NOR_ERASE_4K});
    nor_program_by(b, NOR_PROGRAM, 0, "\0", 1);
    fixture_wait_us(&b->f, 1000000);

    assert_true(all_are(b->chip, BOARD_FLASH_BYTES, 0x5A));
    assert_int_equal(nor_erases(b->n) + nor_programs(b->n), 0);
    assert_true(fixture_noted(&b->f, "without write enable"));
}

static void nor_write_enable_shows_in_status_and_write_disable_ends_it(
    void **state)
{
    struct nor_bench *b = *state;

    nor_send(b, NOR_WRITE_ENABLE);
    assert_true(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WEL);
    nor_send(b, NOR_WRITE_DISABLE);
    assert_false(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WEL);
}

static void nor_write_enable_lasts_for_one_operation(void **state)
{
    struct nor_bench *b = *state;

    nor_program(b, SECTOR, "\x0F", 1);
    assert_true(nor_read_one(b, NOR_STATUS, 0) &
                NOR_STATUS_WEL); /* until it is over */
    fixture_wait_us(&b->f, 400);
    assert_false(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WEL);
    nor_program_by(b, NOR_PROGRAM, SECTOR + 1, "\x0F", 1);
    fixture_wait_us(&b->f, 400);

    assert_int_equal(b->chip[SECTOR], 0x0F);
    assert_int_equal(b->chip[SECTOR + 1], 0xFF);
}

/* --- program and erase ---------------------------------------------------- */

static void nor_every_program_command_programs(void **state)
{
    static const uint8_t programs[] = {0x02, 0x32, 0x38};
    struct nor_bench *b = *state;

    for (uint32_t i = 0; i < sizeof programs; i++) {
        uint32_t at = SECTOR + NOR_PAGE_BYTES * i;
        nor_send(b, NOR_WRITE_ENABLE);
        nor_program_by(b, programs[i], at, "tern", 4);
        fixture_wait_us(&b->f, 400);
        assert_memory_equal(b->chip + at, "tern", 4);
    }
    assert_int_equal(nor_programs(b->n), 3);
    assert_int_equal(b->f.note_count, 0);
}

static void nor_program_wraps_inside_its_page(void **state)
{
    struct nor_bench *b = *state;

    nor_program(b, SECTOR + 0xFE, "abcd", 4);
    fixture_wait_us(&b->f, 400);

    assert_memory_equal(b->chip + SECTOR + 0xFE, "ab", 2);
    assert_memory_equal(b->chip + SECTOR, "cd", 2);
    assert_int_equal(b->chip[SECTOR + 0x100], 0xFF);
}

static void nor_program_of_more_than_a_page_keeps_the_last_256(void **state)
{
    struct nor_bench *b = *state;
    uint8_t data[300], want[256];

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 % 251);
    /* What a page buffer holds when 300 bytes have gone round in it. */
    for (size_t i = 0; i < sizeof data; i++)
        want[(0x10 + i) % 256] = data[i];
    nor_program(b, SECTOR + 0x10, data, sizeof data);
    fixture_wait_us(&b->f, 400);

    assert_memory_equal(b->chip + SECTOR, want, sizeof want);
}

static void nor_program_only_clears_bits_and_notes_the_rest(void **state)
{
    struct nor_bench *b = *state;

    b->chip[SECTOR] = 0xF0;
    nor_program(b, SECTOR, "\x3C", 1);
    fixture_wait_us(&b->f, 400);

    assert_int_equal(b->chip[SECTOR], 0x30);
    assert_true(fixture_noted(&b->f, "only an erase sets bits"));
}

static void nor_program_without_data_is_ignored(void **state)
{
    struct nor_bench *b = *state;

    nor_program(b, SECTOR, NULL, 0);

    assert_false(nor_busy(b->n));
    assert_true(fixture_noted(&b->f, "without data"));
}

static void nor_erase_commands_erase_their_aligned_block(void **state)
{
    static const struct {
        uint8_t opcode;
        uint32_t bytes, us;
    } kinds[] = {{0x20, 0x1000, 45000},
                 {0xD7, 0x1000, 45000},
                 {0x52, 0x8000, 120000},
                 {0xD8, 0x10000, 150000},
                 {0x60, BOARD_FLASH_BYTES, 20000000},
                 {0xC7, BOARD_FLASH_BYTES, 20000000}};
    struct nor_bench *b = *state;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        uint32_t start = 0x234567 & ~(kinds[i].bytes - 1);
        uint32_t end = start + kinds[i].bytes;
        if (kinds[i].bytes == BOARD_FLASH_BYTES) {
            start = 0;
            end = BOARD_FLASH_BYTES;
        }
        memset(b->chip, 0x5A, BOARD_FLASH_BYTES);
        nor_erase_by(b, kinds[i].opcode, 0x234567);
        fixture_wait_us(&b->f, kinds[i].us - 1);
        assert_true(nor_busy(b->n));
        fixture_wait_us(&b->f, 1);
        assert_false(nor_busy(b->n));
        assert_true(all_are(b->chip, start, 0x5A));
        assert_true(all_are(b->chip + start, end - start, 0xFF));
        assert_true(all_are(b->chip + end, BOARD_FLASH_BYTES - end, 0x5A));
    }
}

static void nor_wear_counts_erases_of_each_sector(void **state)
{
    struct nor_bench *b = *state;

    nor_erase_by(b, NOR_ERASE_4K, 0x3000);
    fixture_wait_us(&b->f, 45000);
    nor_erase_by(b, 0x52, 0x0000);
    fixture_wait_us(&b->f, 120000);

    assert_int_equal(nor_wear(b->n, 0x3FFF), 2);
    assert_int_equal(nor_wear(b->n, 0x2FFF), 1);
    assert_int_equal(nor_wear(b->n, 0x8000), 0);
    assert_int_equal(nor_erases(b->n), 2);
}

/* --- busy ----------------------------------------------------------------- */

static void nor_program_is_busy_for_its_time_then_changes_the_array(
    void **state)
{
    struct nor_bench *b = *state;

    nor_program(b, SECTOR, "\0", 1);
    assert_true(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WIP);
    fixture_wait_us(&b->f, 399);
    assert_true(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WIP);
    assert_int_equal(b->chip[SECTOR], 0xFF);
    fixture_wait_us(&b->f, 1);

    assert_false(nor_read_one(b, NOR_STATUS, 0) & NOR_STATUS_WIP);
    assert_int_equal(b->chip[SECTOR], 0);
}

static void nor_commands_while_busy_are_ignored_and_noted(void **state)
{
    struct nor_bench *b = *state;

    nor_program(b, SECTOR, "\0", 1);
    nor_erase_by(b, NOR_ERASE_4K, SECTOR);
    assert_true(fixture_noted(&b->f, "while busy"));
    fixture_wait_us(&b->f, 1000000);

    assert_int_equal(b->chip[SECTOR], 0);
    assert_int_equal(nor_erases(b->n), 0);
}

static void nor_read_while_busy_gives_noise(void **state)
{
    struct nor_bench *b = *state;
    uint8_t got[64];

    nor_erase_by(b, NOR_ERASE_4K, SECTOR);
    nor_read_by(b, NOR_READ, 0, got, sizeof got);

    assert_false(all_are(got, sizeof got, 0xFF));
    assert_true(fixture_noted(&b->f, "while busy"));
}

static void nor_ahb_window_is_closed_while_busy_and_shows_the_result_after(
    void **state)
{
    struct nor_bench *b = *state;
    uint8_t seen;

    nor_program(b, SECTOR, "\x42", 1);
    assert_true(memory_flash_is_busy(soc_memory(b->f.s)));
    fixture_wait_us(&b->f, 400);
    assert_false(memory_flash_is_busy(soc_memory(b->f.s)));
    assert_true(soc_dma_read(b->f.s, MEMORY_FLASH + SECTOR, &seen, 1));

    assert_int_equal(seen, 0x42);
}

static void nor_goes_on_through_a_reset_of_the_processor(void **state)
{
    struct nor_bench *b = *state;

    b->chip[SECTOR] = 0;
    nor_erase_by(b, NOR_ERASE_4K, SECTOR);
    fixture_wait_us(&b->f, 20000);
    fixture_reset(&b->f, SOC_RESET_SYSTEM);
    nor_soc_reset(b->n);
    assert_true(memory_flash_is_busy(soc_memory(b->f.s)));
    fixture_wait_us(&b->f, 24999);
    assert_true(nor_busy(b->n));
    fixture_wait_us(&b->f, 1);

    assert_false(nor_busy(b->n));
    assert_int_equal(b->chip[SECTOR], 0xFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOR_CLAIM(nor_jedec_id_names_maker_type_and_capacity),
        NOR_CLAIM(nor_release_from_power_down_gives_the_device_id),
        NOR_CLAIM(nor_sfdp_leads_to_8_mib_4k_sectors_and_quad),
        NOR_CLAIM(nor_sfdp_times_are_not_below_the_real_ones),
        NOR_CLAIM(nor_every_read_command_gives_the_array),
        NOR_CLAIM(nor_read_over_the_end_goes_on_at_the_start),
        NOR_CLAIM(nor_address_beyond_the_chip_wraps_and_is_noted),
        NOR_CLAIM(nor_erase_or_program_without_write_enable_does_nothing),
        NOR_CLAIM(nor_write_enable_shows_in_status_and_write_disable_ends_it),
        NOR_CLAIM(nor_write_enable_lasts_for_one_operation),
        NOR_CLAIM(nor_every_program_command_programs),
        NOR_CLAIM(nor_program_wraps_inside_its_page),
        NOR_CLAIM(nor_program_of_more_than_a_page_keeps_the_last_256),
        NOR_CLAIM(nor_program_only_clears_bits_and_notes_the_rest),
        NOR_CLAIM(nor_program_without_data_is_ignored),
        NOR_CLAIM(nor_erase_commands_erase_their_aligned_block),
        NOR_CLAIM(nor_wear_counts_erases_of_each_sector),
        NOR_CLAIM(nor_program_is_busy_for_its_time_then_changes_the_array),
        NOR_CLAIM(nor_commands_while_busy_are_ignored_and_noted),
        NOR_CLAIM(nor_read_while_busy_gives_noise),
        NOR_CLAIM(
            nor_ahb_window_is_closed_while_busy_and_shows_the_result_after),
        NOR_CLAIM(nor_goes_on_through_a_reset_of_the_processor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
