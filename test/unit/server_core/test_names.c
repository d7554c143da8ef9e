/* test_names.c - names that people give, and texts that devices send.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/core/model.h"
#include "server/core/names.h"

static void name_of_utf8_without_control_characters_is_ok(void **state)
{
    char longest[MODEL_NAME_MAX + 1];

    (void)state;
    assert_true(name_is_ok("Lamp 2 (kitchen)"));
    assert_true(name_is_ok("\xe7\x81\xaf"));     /* U+706F */
    assert_true(name_is_ok("\xf0\x9f\x92\xa1")); /* U+1F4A1 */
    assert_false(name_is_ok(""));
    assert_false(name_is_ok("a\nb"));
    assert_false(name_is_ok("a\x7f"));
    assert_false(name_is_ok("\xc2\x80"));         /* C1 control */
    assert_false(name_is_ok("\xc0\xaf"));         /* overlong */
    assert_false(name_is_ok("\xed\xa0\x80"));     /* surrogate */
    assert_false(name_is_ok("\xf4\x90\x80\x80")); /* above U+10FFFF */
    assert_false(name_is_ok("\xe7\x81"));         /* cut */
    memset(longest, 'x', sizeof longest);
    longest[MODEL_NAME_MAX - 1] = '\0';
    assert_true(name_is_ok(longest));
    longest[MODEL_NAME_MAX - 1] = 'x';
    longest[MODEL_NAME_MAX] = '\0';
    assert_false(name_is_ok(longest));
}

static void text_clean_never_cuts_a_character(void **state)
{
    char out[6];

    (void)state;
    text_clean(out, sizeof out, "abc\xe7\x81\xaf");
    assert_string_equal(out, "abc");
    text_clean(out, sizeof out, "ab\xe7\x81\xaf");
    assert_string_equal(out, "ab\xe7\x81\xaf");
    text_clean(out, sizeof out, "a\x1b[2J\xff");
    assert_string_equal(out, "a?[2J");
    text_clean(out, sizeof out, "");
    assert_string_equal(out, "");
}

static void module_has_few_characters(void **state)
{
    (void)state;
    assert_true(module_is_ok("default"));
    assert_true(module_is_ok("MCU-2_b"));
    assert_false(module_is_ok(""));
    assert_false(module_is_ok("a b"));
    assert_false(module_is_ok("123456789012345678901234567890123"));
}

static void hex_has_exactly_its_digits(void **state)
{
    (void)state;
    assert_true(is_hex("00ff", 4));
    assert_false(is_hex("00fF", 4));
    assert_false(is_hex("00ff0", 4));
    assert_false(is_hex("", 4));
}

static void random_names_differ_and_use_every_letter(void **state)
{
    char a[2001], b[2001];
    size_t seen[128] = {0}, kinds = 0;

    (void)state;
    assert_true(random_name(a, sizeof a));
    assert_true(random_name(b, sizeof b));
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), sizeof a - 1);
    for (size_t i = 0; a[i]; i++)
        seen[(unsigned char)a[i] & 127]++;
    for (size_t i = 0; i < 128; i++)
        kinds += seen[i] > 0;
    assert_int_equal(kinds, 62);
}

static void role_names_read_back(void **state)
{
    enum role r = ROLE_VIEWER;

    (void)state;
    for (int i = ROLE_VIEWER; i <= ROLE_ADMIN; i++) {
        assert_true(role_parse(role_name((enum role)i), &r));
        assert_int_equal(r, i);
    }
    assert_false(role_parse("root", &r));
    assert_false(role_parse("", &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_of_utf8_without_control_characters_is_ok),
        cmocka_unit_test(text_clean_never_cuts_a_character),
        cmocka_unit_test(module_has_few_characters),
        cmocka_unit_test(hex_has_exactly_its_digits),
        cmocka_unit_test(random_names_differ_and_use_every_letter),
        cmocka_unit_test(role_names_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
