/* test_say.c - tests of cli/say.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void cleaned(const char *text, const char *expected)
{
    char copy[64];

    (void)snprintf(copy, sizeof copy, "%s", text);
    say_clean(copy);
    assert_string_equal(copy, expected);
}

static void say_clean_controls_become_question_marks(void **s)
{
    (void)s;
    cleaned("a\x1b[31mred\n\t\x7f", "a?[31mred???");
    cleaned("c1 \xc2\x9b"
            "31m",
            "c1 ??31m");
}

static void say_clean_utf8_stays(void **s)
{
    (void)s;
    cleaned("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\x80",
            "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\x80");
}

static void say_clean_broken_utf8_becomes_question_marks(void **s)
{
    (void)s;
    cleaned("\xc3", "?");           /* cut at the end */
    cleaned("\xe2\x82", "??");      /* likewise */
    cleaned("\x9b x", "? x");       /* no lead byte */
    cleaned("\xc0\x9b", "??");      /* overlong, two bytes */
    cleaned("\xe0\x80\x9b", "???"); /* overlong, three bytes */
    cleaned("\xf0\x80\x80\x9b", "????");
    cleaned("\xff", "?");
}

static void say_width_counts_characters(void **s)
{
    (void)s;
    assert_int_equal(say_width("gr\xc3\xbc\xc3\x9f"), 4);
    assert_int_equal(say_width(""), 0);
}

static void say_size_puts_separators(void **s)
{
    char t[SIZE_TEXT_MAX];

    (void)s;
    say_size(t, 0);
    assert_string_equal(t, "0");
    say_size(t, 999);
    assert_string_equal(t, "999");
    say_size(t, 272600);
    assert_string_equal(t, "272,600");
    say_size(t, UINT64_MAX);
    assert_string_equal(t, "18,446,744,073,709,551,615");
}

static void say_time_is_local_and_zero_is_none(void **s)
{
    char t[TIME_TEXT_MAX];

    (void)s;
    (void)setenv("TZ", "TST-2", 1);
    tzset();
    say_time(t, 1626969597470);
    assert_string_equal(t, "2021-07-22 17:59:57");
    say_time(t, 0);
    assert_string_equal(t, "-");
    say_time(t, INT64_MAX); /* whatever it says, it fits */
    assert_true(strlen(t) < sizeof t);
}

static void say_hex_is_lower_case(void **s)
{
    char t[5];

    (void)s;
    say_hex(t, (const uint8_t[]){0x0f, 0xa0}, 2);
    assert_string_equal(t, "0fa0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(say_clean_controls_become_question_marks),
        cmocka_unit_test(say_clean_utf8_stays),
        cmocka_unit_test(say_clean_broken_utf8_becomes_question_marks),
        cmocka_unit_test(say_width_counts_characters),
        cmocka_unit_test(say_size_puts_separators),
        cmocka_unit_test(say_time_is_local_and_zero_is_none),
        cmocka_unit_test(say_hex_is_lower_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
