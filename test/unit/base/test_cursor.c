/* test_cursor.c - base/cursor.c and base/bytes.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/cursor.h"

static const uint8_t BYTES[] = {0x01, 0x02, 0x03, 0x04, 0x85, 0x86, 0x87};

static void cursor_fields_are_read_little_endian_in_order(void **state)
{
    struct cursor c = cur_over(BYTES, sizeof BYTES);

    (void)state;
    assert_int_equal(cur_u8(&c), 0x01);
    assert_int_equal(cur_u16le(&c), 0x0302);
    assert_int_equal(cur_u32le(&c), 0x87868504);
    assert_int_equal(cur_left(&c), 0);
    assert_false(c.bad);
}

static void cursor_read_past_the_end_gives_zero_and_stays_bad(void **state)
{
    struct cursor c = cur_over(BYTES, 3);

    (void)state;
    assert_int_equal(cur_u32le(&c), 0);
    assert_true(c.bad);
    assert_int_equal(cur_left(&c), 0);
    assert_int_equal(cur_u8(&c), 0); /* the bytes are there, but too late */
    assert_int_equal(cur_u16le(&c), 0);
    assert_null(cur_take(&c, 0));
    assert_true(c.bad);
}

static void cursor_take_gives_a_slice_and_moves(void **state)
{
    struct cursor c = cur_over(BYTES, sizeof BYTES);

    (void)state;
    assert_ptr_equal(cur_take(&c, 3), BYTES);
    assert_ptr_equal(cur_take(&c, 0), BYTES + 3);
    assert_int_equal(cur_left(&c), 4);
    assert_null(cur_take(&c, SIZE_MAX));
    assert_true(c.bad);
}

static void cursor_over_nothing_is_empty_and_good(void **state)
{
    struct cursor c = cur_over(NULL, 0);

    (void)state;
    assert_int_equal(cur_left(&c), 0);
    assert_false(c.bad);
    assert_int_equal(cur_u8(&c), 0);
    assert_true(c.bad);
}

static void bytes_put_is_the_opposite_of_get(void **state)
{
    uint8_t b[5];

    (void)state;
    put_u32le(b + 1, 0xdeadbeef); /* odd address on purpose */
    assert_int_equal(b[1], 0xef);
    assert_int_equal(b[4], 0xde);
    assert_int_equal(get_u32le(b + 1), 0xdeadbeef);
    put_u16le(b + 1, 0x8001);
    assert_int_equal(b[1], 0x01);
    assert_int_equal(get_u16le(b + 1), 0x8001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cursor_fields_are_read_little_endian_in_order),
        cmocka_unit_test(cursor_read_past_the_end_gives_zero_and_stays_bad),
        cmocka_unit_test(cursor_take_gives_a_slice_and_moves),
        cmocka_unit_test(cursor_over_nothing_is_empty_and_good),
        cmocka_unit_test(bytes_put_is_the_opposite_of_get),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
