/* test_text.c - base/text.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"

static void text_parts_are_joined(void **state)
{
    static const uint8_t BYTES[] = {0x0a, 0xbc, 0xff};
    char buf[64];
    struct text t = text_in(buf, sizeof buf);

    (void)state;
    text_add(&t, "n=");
    text_add_u32(&t, 0);
    text_add_len(&t, ",xyz", 2);
    text_add_hex(&t, BYTES, 3, false);
    text_add(&t, " ");
    text_add_hex(&t, BYTES, 3, true);
    assert_false(t.bad);
    assert_string_equal(buf, "n=0,x0abcff 0ABCFF");
    assert_int_equal(t.len, strlen(buf));
}

static void text_numbers_at_their_limits(void **state)
{
    char buf[64];
    struct text t = text_in(buf, sizeof buf);

    (void)state;
    text_format(&t, "%u %d %d %d", UINT32_MAX, INT32_MIN, INT32_MAX, -1);
    assert_string_equal(buf, "4294967295 -2147483648 2147483647 -1");
}

static void text_format_puts_each_argument_in_its_place(void **state)
{
    char buf[64];
    struct text t = text_in(buf, sizeof buf);

    (void)state;
    text_format(&t, "%s: %u%% of %s, step %d", "download", 35u, "", -4);
    assert_string_equal(buf, "download: 35% of , step -4");
    text_format(&t, "%s", "!");
    assert_string_equal(buf, "download: 35% of , step -4!");
}

static void text_format_too_long_is_cut_and_stays_bad(void **state)
{
    char buf[8];
    struct text t = text_in(buf, sizeof buf);

    (void)state;
    text_format(&t, "ab%scd%u", "123", 45u);
    assert_true(t.bad);
    assert_string_equal(buf, "ab123cd");
}

static void text_too_long_is_cut_and_stays_bad(void **state)
{
    char buf[8] = "???????";
    struct text t = text_in(buf, 5);

    (void)state;
    text_add(&t, "abcd");
    assert_false(t.bad); /* exactly full */
    text_add(&t, "");
    assert_false(t.bad);
    text_add(&t, "e");
    assert_true(t.bad);
    assert_string_equal(buf, "abcd");
    assert_memory_equal(buf + 5, "??", 3); /* nothing beyond cap */
}

static void text_nothing_follows_a_cut(void **state)
{
    char buf[6];
    struct text t = text_in(buf, sizeof buf);

    (void)state;
    text_add_u32(&t, 1234567);
    text_add(&t, "");
    text_add(&t, "x");
    assert_true(t.bad);
    assert_string_equal(buf, "12345");
}

static void text_one_byte_buffer_holds_only_the_nul(void **state)
{
    char buf[2] = "?";
    struct text t = text_in(buf, 1);

    (void)state;
    assert_string_equal(buf, "");
    text_add(&t, "a");
    assert_true(t.bad);
    assert_string_equal(buf, "");
    assert_int_equal(t.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_parts_are_joined),
        cmocka_unit_test(text_numbers_at_their_limits),
        cmocka_unit_test(text_format_puts_each_argument_in_its_place),
        cmocka_unit_test(text_format_too_long_is_cut_and_stays_bad),
        cmocka_unit_test(text_too_long_is_cut_and_stays_bad),
        cmocka_unit_test(text_nothing_follows_a_cut),
        cmocka_unit_test(text_one_byte_buffer_holds_only_the_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
