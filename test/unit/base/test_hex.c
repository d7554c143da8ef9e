/* test_hex.c - base/hex.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/hex.h"

static void hex_both_cases_decode(void **state)
{
    static const uint8_t WANT[] = {0x00, 0x9f, 0xAB, 0xcd, 0xff};
    uint8_t got[5];

    (void)state;
    assert_true(hex_decode(got, 5, "009fABcdFf", 10));
    assert_memory_equal(got, WANT, 5);
    assert_true(hex_decode(got, 0, "", 0));
}

static void hex_wrong_length_is_refused(void **state)
{
    uint8_t got[4];

    (void)state;
    assert_false(hex_decode(got, 4, "0011223", 7));
    assert_false(hex_decode(got, 3, "0011223", 7));
    assert_false(hex_decode(got, 4, "001122", 6));
    assert_false(hex_decode(got, 4, "0011223344", 10));
    assert_false(hex_decode(got, SIZE_MAX / 2 + 1, "", 0)); /* 2 * len wraps */
}

static void hex_every_other_character_is_refused(void **state)
{
    uint8_t got[1];

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char high[2] = {(char)c, '0'}, low[2] = {'0', (char)c};
        bool digit = c != 0 && strchr("0123456789abcdefABCDEF", c) != NULL;

        assert_int_equal(hex_decode(got, 1, high, 2), digit);
        assert_int_equal(hex_decode(got, 1, low, 2), digit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_both_cases_decode),
        cmocka_unit_test(hex_wrong_length_is_refused),
        cmocka_unit_test(hex_every_other_character_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
