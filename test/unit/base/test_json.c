/* test_json.c - what json_check() takes for JSON (RFC 8259), and what not.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* Checks a copy that ends exactly where the text ends, so that ASan sees a
 * read beyond it. */
static ota_err check_len(const char *text, size_t len, struct json *root)
{
    char *copy = malloc(len + 1); /* never 0 bytes */
    ota_err e;

    memcpy(copy + 1, text, len);
    e = json_check(root, copy + 1, len);
    if (e == OTA_OK && root->len > 0)
        root->at = text + (root->at - (copy + 1));
    free(copy);
    return e;
}

static void want(ota_err wanted, const char *const *texts, size_t count)
{
    struct json root;

    for (size_t i = 0; i < count; i++) {
        ota_err e = check_len(texts[i], strlen(texts[i]), &root);

        if (e != wanted)
            fail_msg("%s\ngives: %s", texts[i], ota_err_text(e));
    }
}

#define WANT(wanted, ...)                                                      \
    do {                                                                       \
        static const char *const TEXTS[] = {__VA_ARGS__};                      \
        (void)state;                                                           \
        want(wanted, TEXTS, sizeof TEXTS / sizeof TEXTS[0]);                   \
    } while (0)

static void json_whole_documents_are_accepted(void **state)
{
    WANT(OTA_OK, "{}", "[]", "null", "true", "false", "\"\"", "0", " [ ] ",
         "\t\r\n{ \"a\" : [ 1 , { } , [ ] ] }\n", "{\"a\":1,\"b\":2}",
         "{\"\":0}", "[[],{},\"\",0,null,true,false]",
         "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}", "[{\"a\":1},{\"a\":1}]",
         "{\"a\":\"{\\\"a\\\":1}\",\"b\":\"]}\"}");
}

static void json_incomplete_or_wrong_structure_is_refused(void **state)
{
    WANT(OTA_ERR_SYNTAX, "", " ", "{", "[", "}", "]", "{]", "[}", "[1", "[1,",
         "[1,]", "[,1]", "[,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1",
         "{\"a\":1,", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
         "{1:1}", "{a:1}", "{null:1}", "{[]:1}", "[\"a\":1]", "[:]",
         "{\"a\":1]", "[1}", "{}{}", "[] []", "1 1", "{}x", "[]]", "{}}", ",",
         ":", "1,", "{\"a\"::1}", "{\"a\",\"b\"}", "{\"a\":[}]", "[1]/**/",
         "\v[]", "[\f]", "\xc2\xa0[]", "\xef\xbb\xbf{}", "'a'", "{'a':1}");
}

static void json_words_are_exact(void **state)
{
    WANT(OTA_ERR_SYNTAX, "t", "tru", "truex", "TRUE", "True", "nul", "nulll",
         "NULL", "fals", "falsee", "NaN", "nan", "Infinity", "undefined",
         "[true false]", "[nulltrue]");
}

static void json_numbers_follow_the_grammar(void **state)
{
    WANT(OTA_OK, "0", "-0", "10", "-10", "1.5", "0.0", "-0.10", "1e5", "1E5",
         "1e+5", "1e-5", "0e0", "12.34e-56", "99999999999999999999999999",
         "1e999999");
    WANT(OTA_ERR_SYNTAX, "-", "+1", "01", "00", "-01", "1.", ".5", "-.5",
         "1.e5", "1e", "1e+", "1E-", "1e5.5", "0x10", "1_000", "1a", "--1",
         "1-", "[1e]", "[-]", "1.5.5", "[0 1]", "[01]", "\xd9\xa1");
}

static void json_strings_need_quotes_and_known_escapes(void **state)
{
    WANT(OTA_OK, "\"abc\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\"",
         "\"\\u0000\"", "\"\\uFfFf\"", "\"'\"", "\"\x7f\"");
    WANT(OTA_ERR_SYNTAX, "\"", "\"a", "a\"", "\"\\\"", "\"\\", "\"\\x41\"",
         "\"\\a\"", "\"\\'\"", "\"\\0\"", "\"\\U0041\"", "\"\\u\"",
         "\"\\u004\"", "\"\\u004", "\"\\u00g1\"", "\"\\u 041\"", "\"\\u-041\"",
         "\"a\nb\"", "\"a\tb\"", "\"\x01\"", "\"\x1f\"");
}

static void json_raw_nul_is_refused_everywhere(void **state)
{
    struct json root;

    (void)state;
    assert_int_equal(check_len("\"a\0b\"", 5, &root), OTA_ERR_SYNTAX);
    assert_int_equal(check_len("{}\0", 3, &root), OTA_ERR_SYNTAX);
    assert_int_equal(check_len("\0{}", 3, &root), OTA_ERR_SYNTAX);
    assert_int_equal(check_len("[\0]", 3, &root), OTA_ERR_SYNTAX);
    assert_int_equal(check_len("\"\\\0\"", 4, &root), OTA_ERR_SYNTAX);
}

static void json_surrogates_are_whole_pairs(void **state)
{
    WANT(OTA_OK, "\"\\ud83d\\ude00\"", "\"\\uD800\\uDC00\"",
         "\"\\udbff\\udfff\"", "\"\\ud7ff\\ue000\"");
    WANT(OTA_ERR_SYNTAX, "\"\\ud83d\"", "\"\\ude00\"", "\"\\ude00\\ud83d\"",
         "\"\\ud83dx\"", "\"\\ud83d\\n\"", "\"\\ud83d\\ud83d\"",
         "\"\\ud83d\\u0041\"", "\"\\ud83d\\\"", "\"\\ud83d\\u\"",
         "\"\\ud83d\\ude0\"", "\"\\udbff\\ue000\"", "\"\\udc00\\udc00\"");
}

static void json_utf8_is_shortest_form_and_no_surrogate(void **state)
{
    WANT(OTA_OK, "\"\xc2\x80\"", "\"\xdf\xbf\"", "\"\xe0\xa0\x80\"",
         "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"", "\"\xef\xbf\xbf\"",
         "\"\xf0\x90\x80\x80\"", "\"\xf4\x8f\xbf\xbf\"",
         "{\"\xe5\x9b\xba\":\"\xe4\xbb\xb6\"}");
    WANT(OTA_ERR_SYNTAX, "\"\x80\"", "\"\xbf\"", "\"\xc0\x80\"", "\"\xc1\xbf\"",
         "\"\xc2\"", "\"\xc2\x41\"", "\"\xc2\xc2\"", "\"\xe0\x80\x80\"",
         "\"\xe0\x9f\xbf\"", "\"\xe1\x80\"", "\"\xed\xa0\x80\"",
         "\"\xed\xbf\xbf\"", "\"\xf0\x80\x80\x80\"", "\"\xf0\x8f\xbf\xbf\"",
         "\"\xf1\x80\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"",
         "\"\xf8\x88\x80\x80\x80\"", "\"\xf8\x90\x80\x80\"", "\"\xfe\"",
         "\"\xff\"", "\"\xf0\x9f", "\"\xe2\x82");
}

static void json_a_name_twice_in_one_object_is_refused(void **state)
{
    WANT(OTA_ERR_SYNTAX, "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":3}",
         "{\"\":1,\"\":2}", "{\"x\":[{\"a\":1,\"b\":{},\"a\":2}]}",
         "{\"a\":{\"b\":[1,{}],\"s\":\"}\"},\"a\":2}");
}

static void json_a_name_twice_is_seen_through_escapes(void **state)
{
    WANT(OTA_ERR_SYNTAX, "{\"a\":1,\"\\u0061\":2}", "{\"\\/\":1,\"/\":2}",
         "{\"\\n\":1,\"\\u000a\":2}", "{\"\\u000A\":1,\"\\u000a\":2}",
         "{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}",
         "{\"\\u00e9\":1,\"\xc3\xa9\":2}");
    WANT(OTA_OK, "{\"a\":1,\"A\":2}", "{\"a\":1,\"aa\":2,\"\":3}",
         "{\"\\\\u0061\":1,\"a\":2}");
}

static void json_depth_is_limited(void **state)
{
    WANT(OTA_OK, "[[[[[[[[1]]]]]]]]", "[[[[[[[{\"a\":1}]]]]]],[[]]]");
    WANT(OTA_ERR_RANGE, "[[[[[[[[[", "[[[[[[[[[1]]]]]]]]]",
         "[[[[[[[[{}]]]]]]]]",
         "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}");
}

static void json_a_million_brackets_need_no_stack(void **state)
{
    enum { MANY = 1000000 };
    char *text = malloc(MANY);
    struct json root;

    (void)state;
    memset(text, '[', MANY);
    assert_int_equal(json_check(&root, text, MANY), OTA_ERR_RANGE);
    free(text);
}

static void json_every_cut_of_a_document_is_refused(void **state)
{
    static const char TEXT[] =
        "{\"code\":\"1000\",\"data\":{\"size\":272600,\"f\":-1.5e+3,"
        "\"url\":\"http://h\\u00e9/\xc3\xa9\\ud83d\\ude00\",\"a\":[true,false,"
        "null,{}]},\"id\":1626969597470}";
    struct json root;

    (void)state;
    assert_int_equal(json_check(&root, NULL, 0), OTA_ERR_SYNTAX);
    assert_int_equal(check_len(TEXT, sizeof TEXT - 1, &root), OTA_OK);
    assert_int_equal(root.len, sizeof TEXT - 1);
    for (size_t len = 0; len < sizeof TEXT - 1; len++)
        assert_int_equal(check_len(TEXT, len, &root), OTA_ERR_SYNTAX);
}

static void json_root_is_the_value_without_the_blanks(void **state)
{
    static const struct {
        const char *text;
        enum json_type type;
        const char *value;
    } ROOTS[] = {
        {" {\"a\":1}\n", JSON_OBJECT, "{\"a\":1}"},
        {"\t[1 ] ", JSON_ARRAY, "[1 ]"},
        {" \"s\" ", JSON_STRING, "\"s\""},
        {" -1.5 ", JSON_NUMBER, "-1.5"},
        {"true", JSON_BOOL, "true"},
        {"false ", JSON_BOOL, "false"},
        {" null", JSON_NULL, "null"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ROOTS / sizeof ROOTS[0]; i++) {
        struct json root;

        assert_int_equal(check_len(ROOTS[i].text, strlen(ROOTS[i].text), &root),
                         OTA_OK);
        assert_int_equal(root.type, ROOTS[i].type);
        assert_int_equal(root.len, strlen(ROOTS[i].value));
        assert_memory_equal(root.at, ROOTS[i].value, root.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_whole_documents_are_accepted),
        cmocka_unit_test(json_incomplete_or_wrong_structure_is_refused),
        cmocka_unit_test(json_words_are_exact),
        cmocka_unit_test(json_numbers_follow_the_grammar),
        cmocka_unit_test(json_strings_need_quotes_and_known_escapes),
        cmocka_unit_test(json_raw_nul_is_refused_everywhere),
        cmocka_unit_test(json_surrogates_are_whole_pairs),
        cmocka_unit_test(json_utf8_is_shortest_form_and_no_surrogate),
        cmocka_unit_test(json_a_name_twice_in_one_object_is_refused),
        cmocka_unit_test(json_a_name_twice_is_seen_through_escapes),
        cmocka_unit_test(json_depth_is_limited),
        cmocka_unit_test(json_a_million_brackets_need_no_stack),
        cmocka_unit_test(json_every_cut_of_a_document_is_refused),
        cmocka_unit_test(json_root_is_the_value_without_the_blanks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
