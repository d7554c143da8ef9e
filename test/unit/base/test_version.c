/* test_version.c - base/version.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/version.h"

static void version_good_texts_parse_and_format_back(void **state)
{
    static const struct {
        const char *text;
        struct version v;
    } GOOD[] = {
        {"0.0.0", {0, 0, 0, 0}},
        {"1.4.0", {1, 4, 0, 0}},
        {"1.4.0+7", {1, 4, 0, 7}},
        {"10.20.30+40", {10, 20, 30, 40}},
        {"255.255.65535+4294967295", {255, 255, 65535, 4294967295}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct version v;
        char text[VERSION_TEXT_MAX];

        assert_int_equal(version_parse(&v, GOOD[i].text, strlen(GOOD[i].text)),
                         OTA_OK);
        assert_int_equal(version_compare(&v, &GOOD[i].v), 0);
        version_format(&v, text);
        assert_string_equal(text, GOOD[i].text);
    }
}

static void version_build_zero_is_left_out_of_the_text(void **state)
{
    struct version v;
    char text[VERSION_TEXT_MAX];

    (void)state;
    assert_int_equal(version_parse(&v, "1.4.0+0", 7), OTA_OK);
    version_format(&v, text);
    assert_string_equal(text, "1.4.0");
}

static void version_only_len_bytes_are_read(void **state)
{
    struct version v;

    (void)state;
    assert_int_equal(version_parse(&v, "1.2.34", 5), OTA_OK);
    assert_int_equal(v.revision, 3);
}

static void version_bad_texts_are_refused_and_out_is_kept(void **state)
{
    static const struct {
        const char *text;
        ota_err want;
    } BAD[] = {
        {"", OTA_ERR_SYNTAX},
        {"1", OTA_ERR_SYNTAX},
        {"1.", OTA_ERR_SYNTAX},
        {"1.4", OTA_ERR_SYNTAX},
        {"1.4.", OTA_ERR_SYNTAX},
        {".1.4.0", OTA_ERR_SYNTAX},
        {"1..0", OTA_ERR_SYNTAX},
        {"1.4.0.", OTA_ERR_SYNTAX},
        {"1.4.0.1", OTA_ERR_SYNTAX},
        {"1.4.0+", OTA_ERR_SYNTAX},
        {"1.4.0-1", OTA_ERR_SYNTAX},
        {"1.4.0 ", OTA_ERR_SYNTAX},
        {" 1.4.0", OTA_ERR_SYNTAX},
        {"v1.4.0", OTA_ERR_SYNTAX},
        {"01.4.0", OTA_ERR_SYNTAX},
        {"1.04.0", OTA_ERR_SYNTAX},
        {"1.4.00", OTA_ERR_SYNTAX},
        {"1.4.0+07", OTA_ERR_SYNTAX},
        {"-1.4.0", OTA_ERR_SYNTAX},
        {"+1.4.0", OTA_ERR_SYNTAX},
        {"1.4.0+1+1", OTA_ERR_SYNTAX},
        {"1,4,0", OTA_ERR_SYNTAX},
        {"256.0.0", OTA_ERR_RANGE},
        {"0.256.0", OTA_ERR_RANGE},
        {"0.0.65536", OTA_ERR_RANGE},
        {"0.0.0+4294967296", OTA_ERR_RANGE},
        {"99999999999999999999999999999999.0.0", OTA_ERR_RANGE},
        {"0.0.0+18446744073709551617", OTA_ERR_RANGE},
    };
    const struct version KEPT = {9, 8, 7, 6};

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct version v = KEPT;
        ota_err e = version_parse(&v, BAD[i].text, strlen(BAD[i].text));

        if (e != BAD[i].want)
            fail_msg("\"%s\": %s", BAD[i].text, ota_err_text(e));
        assert_int_equal(version_compare(&v, &KEPT), 0);
    }
}

static void version_order_is_by_part_from_the_left(void **state)
{
    static const struct version UP[] = {
        {0, 0, 0, 0}, {0, 0, 0, 4294967295}, {0, 0, 1, 0},  {0, 0, 65535, 0},
        {0, 1, 0, 0}, {0, 255, 65535, 9},    {1, 0, 0, 0},  {1, 0, 0, 1},
        {2, 0, 0, 0}, {10, 0, 0, 0},         {255, 0, 0, 0}};

    (void)state;
    for (size_t a = 0; a < sizeof UP / sizeof UP[0]; a++) {
        for (size_t b = 0; b < sizeof UP / sizeof UP[0]; b++) {
            int got = version_compare(&UP[a], &UP[b]);

            assert_int_equal((got > 0) - (got < 0), (a > b) - (a < b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_good_texts_parse_and_format_back),
        cmocka_unit_test(version_build_zero_is_left_out_of_the_text),
        cmocka_unit_test(version_only_len_bytes_are_read),
        cmocka_unit_test(version_bad_texts_are_refused_and_out_is_kept),
        cmocka_unit_test(version_order_is_by_part_from_the_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
