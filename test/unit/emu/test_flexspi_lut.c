/* test_flexspi_lut.c - claims about emu/flexspi_lut.c: sequences that flash
 * drivers use, and each that the manual calls an error.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "emu/flexspi_lut.h"

/* Two instructions in a word: opcode, pads (0: one, 2: four), operand. */
#define LUT(op0, pads0, value0, op1, pads1, value1)                            \
    ((uint32_t)((op0) << 10 | (pads0) << 8 | (value0)) |                       \
     (uint32_t)((op1) << 10 | (pads1) << 8 | (value1)) << 16)

static struct flexspi_sequence decode(uint32_t first, uint32_t second)
{
    const uint32_t words[FLEXSPI_SEQUENCE_WORDS] = {first, second, 0, 0};
    struct flexspi_sequence q;

    flexspi_decode(&q, words);
    return q;
}

static void decode_command_alone_has_neither_address_nor_data(void **state)
{
    (void)state;
    struct flexspi_sequence q = decode(LUT(0x01, 0, 0x06, 0, 0, 0), 0);

    assert_int_equal(q.sent_len, 1);
    assert_int_equal(q.sent[0], 0x06);
    assert_false(q.has_address);
    assert_int_equal(q.data, FLEXSPI_DATA_NONE);
    assert_int_equal(q.error, FLEXSPI_ERROR_NONE);
    assert_null(q.odd);
}

static void decode_quad_read_finds_address_and_data(void **state)
{
    (void)state;
    struct flexspi_sequence q =
        decode(LUT(0x01, 0, 0xEB, 0x02, 2, 24), LUT(0x0C, 2, 6, 0x09, 2, 4));

    assert_int_equal(q.sent[0], 0xEB);
    assert_true(q.has_address);
    assert_int_equal(q.data, FLEXSPI_DATA_READ);
    assert_int_equal(q.data_bytes, 4);
    assert_null(q.odd);
}

static void decode_program_finds_the_write(void **state)
{
    (void)state;
    struct flexspi_sequence q =
        decode(LUT(0x01, 0, 0x32, 0x02, 0, 24), LUT(0x08, 2, 0, 0, 0, 0));

    assert_int_equal(q.data, FLEXSPI_DATA_WRITE);
    assert_int_equal(q.data_bytes, 0);
}

static void decode_stop_hides_what_follows(void **state)
{
    (void)state;
    struct flexspi_sequence q =
        decode(LUT(0x01, 0, 0x04, 0, 0, 0), LUT(0x1F, 0, 0, 0x15, 0, 0));

    assert_int_equal(q.error, FLEXSPI_ERROR_NONE);
}

static void decode_second_command_byte_is_data(void **state)
{
    (void)state;
    struct flexspi_sequence q = decode(LUT(0x01, 0, 0x01, 0x01, 0, 0x40), 0);

    assert_int_equal(q.sent_len, 2);
    assert_int_equal(q.sent[1], 0x40);
}

static void decode_uses_all_eight_instructions(void **state)
{
    (void)state;
    const uint32_t command = LUT(0x01, 0, 0xA5, 0x01, 0, 0xA5);
    const uint32_t words[FLEXSPI_SEQUENCE_WORDS] = {command, command, command,
                                                    command};
    struct flexspi_sequence q;

    flexspi_decode(&q, words);

    assert_int_equal(q.sent_len, 8);
}

static void decode_errors_are_those_of_the_manual(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, second;
        enum flexspi_error error;
    } cases[] = {
        {LUT(0x01, 0, 0x03, 0x1F, 0, 0), 0, FLEXSPI_ERROR_JMP_ON_CS},
        {LUT(0x01, 0, 0x03, 0x10, 0, 0), 0, FLEXSPI_ERROR_UNKNOWN},
        {LUT(0x01, 0, 0x03, 0x20, 0, 0), 0, FLEXSPI_ERROR_UNKNOWN},
        {LUT(0x01, 0, 0x03, 0x3F, 0, 0), 0, FLEXSPI_ERROR_UNKNOWN},
        {LUT(0x21, 3, 0xEE, 0x22, 3, 32), LUT(0x0C, 3, 6, 0x29, 3, 4),
         FLEXSPI_ERROR_SDR_DUMMY},
        {LUT(0x21, 3, 0xEE, 0x22, 3, 32), LUT(0x0D, 3, 6, 0x29, 3, 4),
         FLEXSPI_ERROR_SDR_DUMMY},
        {LUT(0x01, 0, 0x0B, 0x02, 0, 24), LUT(0x2C, 0, 8, 0x09, 0, 4),
         FLEXSPI_ERROR_DDR_DUMMY},
        {LUT(0x01, 0, 0x0B, 0x02, 0, 24), LUT(0x2D, 0, 8, 0x09, 0, 4),
         FLEXSPI_ERROR_DDR_DUMMY},
        {LUT(0x01, 0, 0x0B, 0x02, 0, 24), LUT(0x0C, 0, 8, 0x09, 0, 4),
         FLEXSPI_ERROR_NONE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(decode(cases[i].first, cases[i].second).error,
                         cases[i].error);
}

/* Every opcode value is an instruction of the manual's list, or an error. */
static void decode_knows_exactly_the_opcodes_of_the_manual(void **state)
{
    (void)state;
    for (unsigned op = 1; op < 64; op++) {
        bool sdr = op >= 0x01 && op <= 0x0D, ddr = op >= 0x21 && op <= 0x2D;
        /* After a DDR instruction a DDR dummy is fine, and so on. */
        unsigned lead = ddr ? 0x21 : 0x01;
        enum flexspi_error error = decode(LUT(lead, 0, 0, op, 0, 0), 0).error;
        enum flexspi_error want = op == 0x1F   ? FLEXSPI_ERROR_JMP_ON_CS
                                  : sdr || ddr ? FLEXSPI_ERROR_NONE
                                               : FLEXSPI_ERROR_UNKNOWN;
        assert_int_equal(error, want);
    }
}

static void decode_says_what_is_not_modelled(void **state)
{
    (void)state;
    assert_non_null(decode(LUT(0x01, 0, 0x0C, 0x02, 0, 32), 0).odd);
    assert_non_null(decode(LUT(0x01, 0, 0xEB, 0x07, 2, 0xA0), 0).odd);
    assert_null(decode(LUT(0x01, 0, 0xEB, 0x07, 2, 0xF0), 0).odd);
    assert_non_null(decode(LUT(0x21, 0, 0xEE, 0x29, 0, 4), 0).odd);
    assert_non_null(decode(LUT(0x01, 0, 0x03, 0x03, 0, 16), 0).odd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_command_alone_has_neither_address_nor_data),
        cmocka_unit_test(decode_quad_read_finds_address_and_data),
        cmocka_unit_test(decode_program_finds_the_write),
        cmocka_unit_test(decode_stop_hides_what_follows),
        cmocka_unit_test(decode_second_command_byte_is_data),
        cmocka_unit_test(decode_uses_all_eight_instructions),
        cmocka_unit_test(decode_errors_are_those_of_the_manual),
        cmocka_unit_test(decode_knows_exactly_the_opcodes_of_the_manual),
        cmocka_unit_test(decode_says_what_is_not_modelled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
