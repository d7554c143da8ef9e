/* test_crc32.c - base/crc32.c against published values.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/crc32.h"

static void crc32_check_string_gives_the_published_value(void **state)
{
    (void)state;
    assert_int_equal(crc32("123456789", 9), 0xcbf43926);
}

static void crc32_known_texts_give_known_values(void **state)
{
    static const uint8_t FF[32] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    (void)state;
    assert_int_equal(crc32("a", 1), 0xe8b7be43);
    assert_int_equal(crc32("abc", 3), 0x352441c2);
    assert_int_equal(crc32(FF, sizeof FF), 0xff6cab0b);
}

static void crc32_nothing_is_zero(void **state)
{
    (void)state;
    assert_int_equal(crc32(NULL, 0), 0);
}

static void crc32_one_flipped_bit_changes_it(void **state)
{
    uint8_t bytes[16] = {0};
    uint32_t before = crc32(bytes, sizeof bytes);

    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] = (uint8_t)(1u << bit % 8);
        assert_int_not_equal(crc32(bytes, sizeof bytes), before);
        bytes[bit / 8] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_check_string_gives_the_published_value),
        cmocka_unit_test(crc32_known_texts_give_known_values),
        cmocka_unit_test(crc32_nothing_is_zero),
        cmocka_unit_test(crc32_one_flipped_bit_changes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
