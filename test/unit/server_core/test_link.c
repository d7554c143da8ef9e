/* test_link.c - download links: made, checked, forged, expired.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/core/link.h"

static const uint8_t KEY[LINK_KEY_BYTES] = {0, 1, 2, 3};
static const char BLOB[] =
    "0123456789abcdef0123456789abcdef00000000000000000000000000000000";

static void path_of(char path[LINK_URL_MAX], uint32_t expires)
{
    char url[LINK_URL_MAX];

    assert_int_equal(link_build(url, "h", 0, BLOB, expires, KEY), OTA_OK);
    (void)snprintf(path, LINK_URL_MAX, "%s", url + strlen("http://h"));
}

/* The HMAC was computed with another program (openssl dgst -mac HMAC). */
static void link_has_the_written_form(void **state)
{
    char url[LINK_URL_MAX];

    (void)state;
    assert_int_equal(
        link_build(url, "ota.example", 8080, BLOB, 0x65a0b1c2, KEY), OTA_OK);
    assert_string_equal(url, "http://ota.example:8080/d/"
                             "0123456789abcdef0123456789abcdef/65a0b1c2"
                             "0cf5fd5f751ab3faf5e337cbda3cd7fb.bin");
}

static void link_is_valid_until_it_expires(void **state)
{
    char path[LINK_URL_MAX], id[LINK_BLOB_ID + 1];

    (void)state;
    path_of(path, 1000);
    assert_int_equal(link_check(id, path, 1000, KEY), OTA_OK);
    assert_string_equal(id, "0123456789abcdef0123456789abcdef");
    assert_int_equal(link_check(id, path, 1001, KEY), OTA_ERR_TIMEOUT);
    assert_string_equal(id, "");
}

static void link_with_any_other_character_is_refused(void **state)
{
    char path[LINK_URL_MAX], id[LINK_BLOB_ID + 1];

    (void)state;
    path_of(path, 1000);
    for (size_t i = 0; path[i]; i++) {
        char was = path[i];

        path[i] = was == '1' ? '2' : '1';
        ota_err e = link_check(id, path, 1, KEY);
        assert_true(e == OTA_ERR_SYNTAX || e == OTA_ERR_SIGNATURE);
        assert_string_equal(id, "");
        path[i] = was;
    }
    assert_int_equal(link_check(id, path, 1, KEY), OTA_OK);
}

static void link_of_another_form_is_no_link(void **state)
{
    static const char *const BAD[] = {"", "/", "/d/", "/d/..", "//d/x"};
    char path[LINK_URL_MAX], id[LINK_BLOB_ID + 1];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(link_check(id, BAD[i], 1, KEY), OTA_ERR_SYNTAX);
    path_of(path, 1000);
    len = strlen(path);
    path[4] = 'A'; /* upper case */
    assert_int_equal(link_check(id, path, 1, KEY), OTA_ERR_SYNTAX);
    path_of(path, 1000);
    path[len] = '?';
    path[len + 1] = '\0';
    assert_int_equal(link_check(id, path, 1, KEY), OTA_ERR_SYNTAX);
    path[len - 1] = '\0';
    assert_int_equal(link_check(id, path, 1, KEY), OTA_ERR_SYNTAX);
}

static void link_of_another_key_is_forged(void **state)
{
    static const uint8_t OTHER[LINK_KEY_BYTES] = {9};
    char path[LINK_URL_MAX], id[LINK_BLOB_ID + 1];

    (void)state;
    path_of(path, 1000);
    assert_int_equal(link_check(id, path, 1, OTHER), OTA_ERR_SIGNATURE);
}

static void link_longer_than_254_characters_is_refused(void **state)
{
    char host[256], url[LINK_URL_MAX];
    size_t fits = 254 - strlen("http:///d//.bin") - 32 - 8 - 32;

    (void)state;
    memset(host, 'h', sizeof host);
    host[fits] = '\0';
    assert_int_equal(link_build(url, host, 0, BLOB, 1, KEY), OTA_OK);
    assert_int_equal(strlen(url), 254);
    host[fits] = 'h';
    host[fits + 1] = '\0';
    assert_int_equal(link_build(url, host, 0, BLOB, 1, KEY), OTA_ERR_FULL);
    assert_string_equal(url, "");
    assert_int_equal(link_build(url, "h", 0, "xyz", 1, KEY), OTA_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_has_the_written_form),
        cmocka_unit_test(link_is_valid_until_it_expires),
        cmocka_unit_test(link_with_any_other_character_is_refused),
        cmocka_unit_test(link_of_another_form_is_no_link),
        cmocka_unit_test(link_of_another_key_is_forged),
        cmocka_unit_test(link_longer_than_254_characters_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
