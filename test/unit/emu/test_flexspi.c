/* test_flexspi.c - claims about the IP commands of emu/flexspi.c, with the chip
 * of emu/nor.c behind it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/emu/flexspi_bench.h"

/* --- commands ----------------------------------------------------- */

static void flexspi_driver_erases_programs_and_reads_back(void **state)
{
    struct flexspi_bench *b = *state;
    uint8_t data[256], got[256];

    flexspi_fill(data, sizeof data, 7);
    memset(b->chip + SECTOR, 0, NOR_SECTOR_BYTES);
    flexspi_erase(b, SECTOR);
    assert_int_equal(b->chip[SECTOR], 0xFF);
    assert_int_equal(b->chip[SECTOR + NOR_SECTOR_BYTES - 1], 0xFF);
    flexspi_program(b, SECTOR + 0x100, data, sizeof data);
    flexspi_read_by(b, SEQ_QUAD_READ, SECTOR + 0x100, got, sizeof got);

    assert_memory_equal(got, data, sizeof data);
    assert_int_equal(nor_erases(b->n), 1);
    assert_int_equal(nor_programs(b->n), 1);
    assert_int_equal(b->f.note_count, 0);
}

static void flexspi_program_of_every_size_and_watermark_arrives(void **state)
{
    struct flexspi_bench *b = *state;

    for (uint32_t mark = 8; mark <= 128; mark *= 2)
        for (size_t size = 1; size <= 256; size += 17) {
            uint8_t data[256];
            flexspi_fill(data, size, mark + 3);
            flexspi_set_watermark(b, IPTXFCR, mark);
            memset(b->chip, 0xFF, 512);
            flexspi_program(b, 0x00, data, size);
            assert_memory_equal(b->chip, data, size);
            assert_int_equal(b->chip[size], 0xFF);
        }
}

static void flexspi_read_of_every_size_and_watermark_arrives(void **state)
{
    struct flexspi_bench *b = *state;
    static uint8_t got[2000];

    flexspi_fill(b->chip, 4096, 13);
    for (uint32_t mark = 8; mark <= 128; mark += 8)
        for (size_t size = 1; size <= sizeof got; size += 111) {
            flexspi_set_watermark(b, IPRXFCR, mark);
            memset(got, 0, sizeof got);
            flexspi_read_by(b, SEQ_QUAD_READ, 3, got, size);
            assert_memory_equal(got, b->chip + 3, size);
        }
    assert_int_equal(b->f.note_count, 0);
}

static void flexspi_id_size_comes_from_the_lut_when_ipcr1_has_none(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_start(b, SEQ_ID, 0, 0);

    assert_true(flexspi_get(b, INTR) & DONE);
    assert_int_equal(flexspi_get(b, IPRXFSTS), 1);
    assert_int_equal(flexspi_get(b, RFDR), 0x17709D);
}

static void flexspi_data_may_be_pushed_before_the_trigger(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_command(b, SEQ_WRITE_ENABLE, 0);
    flexspi_put(b, INTR, 0x1F);
    flexspi_or(b, IPTXFCR, 1);
    flexspi_put(b, TFDR, 0x6E726574); /* "tern" */
    flexspi_put(b, INTR, TX_WATERMARK);
    assert_int_equal(flexspi_get(b, IPTXFSTS), 0x10001);
    flexspi_put(b, IPCR0, SECTOR);
    flexspi_put(b, IPCR1, 4 | SEQ_PROGRAM << 16);
    flexspi_put(b, IPCMD, 1);

    assert_true(flexspi_get(b, INTR) & DONE);
    fixture_wait_us(&b->f, 400);
    assert_memory_equal(b->chip + SECTOR, "tern\xFF\xFF\xFF\xFF", 8);
}

static void flexspi_waits_for_data_and_is_busy_meanwhile(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_command(b, SEQ_WRITE_ENABLE, 0);
    flexspi_start(b, SEQ_PROGRAM, SECTOR, 16);
    assert_int_equal(flexspi_get(b, STS0) & 3, 0);
    flexspi_put(b, INTR, TX_WATERMARK);
    assert_false(flexspi_get(b, INTR) & DONE);
    assert_false(nor_busy(b->n));
    flexspi_put(b, INTR, TX_WATERMARK);

    assert_true(flexspi_get(b, INTR) & DONE);
    assert_int_equal(flexspi_get(b, STS0), 3);
    assert_true(nor_busy(b->n));
}

static void flexspi_several_sequences_run_in_one_command(void **state)
{
    struct flexspi_bench *b = *state;

    b->chip[SECTOR] = 0;
    flexspi_put(b, IPCR0, SECTOR);
    flexspi_put(b, IPCR1, SEQ_WRITE_ENABLE << 16 | 1 << 24); /* and SEQ_ERASE */
    flexspi_put(b, IPCMD, 1);
    fixture_wait_us(&b->f, 45000);

    assert_int_equal(b->chip[SECTOR], 0xFF);
}

static void flexspi_command_byte_after_the_opcode_is_data(void **state)
{
    struct flexspi_bench *b = *state;
    uint8_t status;

    flexspi_command(b, SEQ_WRITE_ENABLE, 0);
    flexspi_command(b, SEQ_STATUS_BYTE, 0);
    flexspi_wait_chip(b);
    flexspi_read_by(b, SEQ_STATUS, 0, &status, 1);

    assert_int_equal(status, 0x80);
}

static void flexspi_ip_addresses_are_the_chips_own_under_remap(void **state)
{
    struct flexspi_bench *b = *state;
    uint8_t got;

    b->chip[0x1000] = 0x11;
    b->chip[0x101000] = 0x22;
    soc_remap(b->f.s, 0x60000000, 0x60100000, 0x100000);
    assert_true(soc_dma_read(b->f.s, 0x60001000, &got, 1));
    flexspi_read_by(b, SEQ_QUAD_READ, 0x1000, &got, 1);

    assert_int_equal(got, 0x11);
}

static void flexspi_empty_sequence_does_nothing_and_is_done(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_command(b, SEQ_EMPTY, 0);

    assert_int_equal(b->f.note_count, 0);
}

static void flexspi_disabled_module_ignores_the_trigger(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_or(b, MCR0, 2);
    flexspi_start(b, SEQ_WRITE_ENABLE, 0, 0);

    assert_false(flexspi_get(b, INTR) & DONE);
    assert_true(fixture_noted(&b->f, "MDIS"));
}

static void flexspi_port_without_chip_reads_ones(void **state)
{
    struct flexspi_bench *b = *state;
    uint8_t got = 0;

    b->chip[0] = 0x12;
    flexspi_put(b, FLSHCR0 + 4, 0x2000); /* A2 */
    flexspi_read_by(b, SEQ_QUAD_READ, BOARD_FLASH_BYTES, &got, 1);

    assert_int_equal(got, 0xFF);
    assert_true(fixture_noted(&b->f, "empty"));
}

/* --- errors ------------------------------------------------------- */

static void flexspi_bad_sequences_set_the_error_and_reach_no_chip(void **state)
{
    static const struct {
        enum flexspi_seq seq;
        uint32_t code;
    } bad[] = {{SEQ_JUMP, 2},
               {SEQ_UNKNOWN, 3},
               {SEQ_SDR_DUMMY, 4},
               {SEQ_DDR_DUMMY, 5}};
    struct flexspi_bench *b = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t status;
        flexspi_start(b, bad[i].seq, 0, 0);
        assert_int_equal(flexspi_get(b, INTR) & (DONE | ERROR), DONE | ERROR);
        assert_int_equal(flexspi_get(b, STS1),
                         bad[i].code << 24 | bad[i].seq << 16);
        flexspi_put(b, INTR, ERROR);
        assert_int_equal(flexspi_get(b, STS1), 0);
        flexspi_read_by(b, SEQ_STATUS, 0, &status,
                        1); /* it was a write enable */
        assert_int_equal(status & NOR_STATUS_WEL, 0);
    }
}

static void flexspi_address_beyond_the_flash_size_is_error_6(void **state)
{
    struct flexspi_bench *b = *state;

    flexspi_start(b, SEQ_ERASE, BOARD_FLASH_BYTES, 0);

    assert_int_equal(flexspi_get(b, INTR) & (DONE | ERROR), DONE | ERROR);
    assert_int_equal(flexspi_get(b, STS1), 6u << 24 | SEQ_ERASE << 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLEXSPI_CLAIM(flexspi_driver_erases_programs_and_reads_back),
        FLEXSPI_CLAIM(flexspi_program_of_every_size_and_watermark_arrives),
        FLEXSPI_CLAIM(flexspi_read_of_every_size_and_watermark_arrives),
        FLEXSPI_CLAIM(flexspi_id_size_comes_from_the_lut_when_ipcr1_has_none),
        FLEXSPI_CLAIM(flexspi_data_may_be_pushed_before_the_trigger),
        FLEXSPI_CLAIM(flexspi_waits_for_data_and_is_busy_meanwhile),
        FLEXSPI_CLAIM(flexspi_several_sequences_run_in_one_command),
        FLEXSPI_CLAIM(flexspi_command_byte_after_the_opcode_is_data),
        FLEXSPI_CLAIM(flexspi_ip_addresses_are_the_chips_own_under_remap),
        FLEXSPI_CLAIM(flexspi_empty_sequence_does_nothing_and_is_done),
        FLEXSPI_CLAIM(flexspi_disabled_module_ignores_the_trigger),
        FLEXSPI_CLAIM(flexspi_port_without_chip_reads_ones),
        FLEXSPI_CLAIM(flexspi_bad_sequences_set_the_error_and_reach_no_chip),
        FLEXSPI_CLAIM(flexspi_address_beyond_the_flash_size_is_error_6),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
