/* test_json_read.c - members, numbers and texts of a checked document.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/json.h"

static struct json root_of(const char *text)
{
    struct json root;

    assert_int_equal(json_check(&root, text, strlen(text)), OTA_OK);
    return root;
}

static void assert_is(struct json v, enum json_type type, const char *text)
{
    assert_int_equal(v.type, type);
    assert_int_equal(v.len, strlen(text));
    assert_memory_equal(v.at, text, v.len);
}

static void json_get_finds_each_member_whatever_stands_before(void **state)
{
    struct json o = root_of("{ \"a\" : [ {\"z\":\"]}\"} , 2 ] ,\n"
                            "\"b\":{\"a\":\"inner\"},\"c\":\"x\\\"y\","
                            "\"d\":-1.5e3, \"e\":true,\"f\":null}");

    (void)state;
    assert_is(json_get(o, "a"), JSON_ARRAY, "[ {\"z\":\"]}\"} , 2 ]");
    assert_is(json_get(o, "b"), JSON_OBJECT, "{\"a\":\"inner\"}");
    assert_is(json_get(json_get(o, "b"), "a"), JSON_STRING, "\"inner\"");
    assert_is(json_get(o, "c"), JSON_STRING, "\"x\\\"y\"");
    assert_is(json_get(o, "d"), JSON_NUMBER, "-1.5e3");
    assert_is(json_get(o, "e"), JSON_BOOL, "true");
    assert_is(json_get(o, "f"), JSON_NULL, "null");
}

static void json_get_name_is_compared_whole_and_decoded(void **state)
{
    struct json o = root_of("{\"si\":1,\"sizes\":2,\"\\u0073ize\":3,\"\":4}");

    (void)state;
    assert_is(json_get(o, "size"), JSON_NUMBER, "3");
    assert_is(json_get(o, ""), JSON_NUMBER, "4");
    assert_int_equal(json_get(o, "s").type, JSON_NONE);
    assert_int_equal(json_get(o, "Size").type, JSON_NONE);
}

static void json_get_of_what_is_no_object_is_none(void **state)
{
    struct json none = {JSON_NONE, NULL, 0};

    (void)state;
    assert_int_equal(json_get(root_of("{}"), "a").type, JSON_NONE);
    assert_int_equal(json_get(root_of("[\"a\",1]"), "a").type, JSON_NONE);
    assert_int_equal(json_get(root_of("\"{\\\"a\\\":1}\""), "a").type,
                     JSON_NONE);
    assert_int_equal(json_get(root_of("1"), "a").type, JSON_NONE);
    assert_int_equal(json_get(none, "a").type, JSON_NONE);
    assert_int_equal(json_get(json_get(root_of("{\"a\":1}"), "a"), "b").type,
                     JSON_NONE);
}

static void json_u32_takes_numbers_and_strings_of_digits(void **state)
{
    static const struct {
        const char *text;
        uint32_t want;
    } GOOD[] = {{"0", 0},
                {"272600", 272600},
                {"4294967295", 4294967295},
                {"\"35\"", 35},
                {"\"0\"", 0},
                {"\"4294967295\"", 4294967295},
                {"\"\\u0031\\u0032\"", 12}};

    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        uint32_t got = 0;

        assert_true(json_u32(root_of(GOOD[i].text), &got));
        assert_int_equal(got, GOOD[i].want);
    }
}

static void json_u32_refuses_everything_else_and_keeps_out(void **state)
{
    static const char *const BAD[] = {"-1",
                                      "-0",
                                      "1.0",
                                      "1e3",
                                      "4294967296",
                                      "18446744073709551617",
                                      "99999999999999999999999999999999",
                                      "\"\"",
                                      "\"-1\"",
                                      "\"+1\"",
                                      "\" 1\"",
                                      "\"1 \"",
                                      "\"1.0\"",
                                      "\"0x1\"",
                                      "\"4294967296\"",
                                      "\"\\u0660\"",
                                      "null",
                                      "true",
                                      "[1]",
                                      "{}",
                                      "\"one\""};
    struct json none = {JSON_NONE, NULL, 0};
    uint32_t got = 77;

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        if (json_u32(root_of(BAD[i]), &got))
            fail_msg("%s was taken for %u", BAD[i], got);
    }
    assert_false(json_u32(none, &got));
    assert_int_equal(got, 77);
}

static void json_text_resolves_every_escape(void **state)
{
    char out[64];

    (void)state;
    assert_int_equal(
        json_text(root_of("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), out, sizeof out),
        OTA_OK);
    assert_string_equal(out, "\"\\/\b\f\n\r\t");
    assert_int_equal(json_text(root_of("\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00"
                                       "\xc3\xa9\xe2\x82\xac\""),
                               out, sizeof out),
                     OTA_OK);
    assert_string_equal(out, "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
                             "\xc3\xa9\xe2\x82\xac");
}

static void json_text_fits_exactly_or_not_at_all(void **state)
{
    char out[8] = "???????";

    (void)state;
    assert_int_equal(json_text(root_of("\"abc\""), out, 4), OTA_OK);
    assert_string_equal(out, "abc");
    assert_int_equal(json_text(root_of("\"abc\""), out, 3), OTA_ERR_FULL);
    assert_string_equal(out, "");
    assert_int_equal(json_text(root_of("\"ab\\u00e9\""), out, 4),
                     OTA_ERR_FULL); /* no half character */
    assert_string_equal(out, "");
    assert_int_equal(json_text(root_of("\"\""), out, 1), OTA_OK);
    assert_string_equal(out, "");
    assert_int_equal(json_text(root_of("\"\""), out, 0), OTA_ERR_FULL);
}

static void json_text_refuses_nul_and_what_is_no_string(void **state)
{
    static const char *const BAD[] = {
        "\"a\\u0000b\"", "\"\\u0000\"", "1", "null", "{}", "[\"a\"]"};
    struct json none = {JSON_NONE, NULL, 0};
    char out[8];

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        strcpy(out, "old");
        assert_int_equal(json_text(root_of(BAD[i]), out, sizeof out),
                         OTA_ERR_SYNTAX);
        assert_string_equal(out, "");
    }
    assert_int_equal(json_text(none, out, sizeof out), OTA_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_get_finds_each_member_whatever_stands_before),
        cmocka_unit_test(json_get_name_is_compared_whole_and_decoded),
        cmocka_unit_test(json_get_of_what_is_no_object_is_none),
        cmocka_unit_test(json_u32_takes_numbers_and_strings_of_digits),
        cmocka_unit_test(json_u32_refuses_everything_else_and_keeps_out),
        cmocka_unit_test(json_text_resolves_every_escape),
        cmocka_unit_test(json_text_fits_exactly_or_not_at_all),
        cmocka_unit_test(json_text_refuses_nul_and_what_is_no_string),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
