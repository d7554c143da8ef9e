/* test_keys.c - the keys file and its follower.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/keys.h"

#define HEADER "tern-keys 1\n"
#define ONE    "+ pk dev-1 secret01\n"

static char folder[] = "/tmp/tern-keys-XXXXXX";
static char path[64], fresh_path[64];
static char reported[4096]; /* every sentence, since file_write() */

static void hear(const char *sentence)
{
    size_t len = strlen(reported);

    (void)snprintf(reported + len, sizeof reported - len, "%s\n", sentence);
}

static void file_put(const char *to, const char *mode, const char *content,
                     size_t len)
{
    FILE *f = fopen(to, mode);

    assert_non_null(f);
    assert_int_equal(fwrite(content, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static void file_write(const char *content)
{
    file_put(path, "w", content, strlen(content));
    reported[0] = '\0';
}

static void file_append(const char *content)
{
    file_put(path, "a", content, strlen(content));
}

static void file_replace(const char *content)
{
    file_put(fresh_path, "w", content, strlen(content));
    assert_int_equal(rename(fresh_path, path), 0);
}

static struct keys *opened(const char *content)
{
    file_write(content);
    struct keys *k = keys_open(path, hear);
    assert_non_null(k);
    return k;
}

static void assert_secret(const struct keys *k, const char *dn,
                          const char *secret)
{
    const char *got = keys_secret(k, "pk", dn);

    if (secret == NULL)
        assert_null(got);
    else
        assert_string_equal(got, secret);
}

static void keys_of_the_file_are_known(void **state)
{
    (void)state;
    struct keys *k = opened(HEADER ONE "+ pk dev-2 secret02\n"
                                       "- pk dev-2\n"
                                       "+ pk dev-1 secret11\n");
    assert_secret(k, "dev-1", "secret11");
    assert_secret(k, "dev-2", NULL);
    assert_null(keys_secret(k, "pk2", "dev-1"));
    assert_null(keys_secret(k, "a-product-key-that-is-much-too-long-to-be-one",
                            "dev-1"));
    assert_string_equal(reported, "");
    keys_close(k);
}

static void keys_appended_are_taken_in_by_a_poll(void **state)
{
    (void)state;
    struct keys *k = opened(HEADER ONE);
    assert_false(keys_poll(k));
    file_append("+ pk dev-2 secret02\n");
    assert_false(keys_poll(k));
    assert_secret(k, "dev-2", "secret02");
    file_append("- pk dev-1\n");
    assert_true(keys_poll(k));
    assert_false(keys_poll(k));
    assert_secret(k, "dev-1", NULL);
    assert_secret(k, "dev-2", "secret02");
    keys_close(k);
}

/* The server may be cut off inside of any line. */
static void keys_appended_byte_by_byte_wait_for_the_line_feed(void **state)
{
    static const char LINE[] = "+ pk dev-2 secret0200000000\n";
    (void)state;
    struct keys *k = opened(HEADER ONE);
    for (size_t i = 0; i < sizeof LINE - 1; i++) {
        char one[2] = {LINE[i], '\0'};
        assert_secret(k, "dev-2", NULL);
        file_append(one);
        assert_false(keys_poll(k));
    }
    assert_secret(k, "dev-2", "secret0200000000");
    assert_string_equal(reported, "");
    keys_close(k);
}

static void keys_of_a_replaced_file_take_the_place_of_the_old(void **state)
{
    (void)state;
    struct keys *k = opened(HEADER ONE);
    file_replace(HEADER "+ pk dev-2 secret02\n");
    assert_true(keys_poll(k));
    assert_secret(k, "dev-1", NULL);
    assert_secret(k, "dev-2", "secret02");
    file_append(ONE);
    assert_false(keys_poll(k));
    assert_secret(k, "dev-1", "secret01");
    keys_close(k);
}

static void keys_of_a_file_cut_short_are_read_anew(void **state)
{
    (void)state;
    struct keys *k = opened(HEADER ONE "+ pk dev-2 secret02\n");
    file_write(HEADER ONE);
    assert_true(keys_poll(k));
    assert_secret(k, "dev-1", "secret01");
    assert_secret(k, "dev-2", NULL);
    keys_close(k);
}

static void keys_stay_while_the_file_is_gone_or_wrong(void **state)
{
    (void)state;
    struct keys *k = opened(HEADER ONE);
    assert_int_equal(unlink(path), 0);
    assert_false(keys_poll(k));
    assert_false(keys_poll(k));
    assert_secret(k, "dev-1", "secret01");
    assert_non_null(strstr(reported, "cannot open keys file"));
    assert_null(strstr(strstr(reported, "cannot") + 1, "cannot"));

    file_replace("no header\n" ONE);
    assert_false(keys_poll(k));
    assert_secret(k, "dev-1", "secret01");

    file_replace(HEADER "+ pk dev-2 secret02\n");
    assert_true(keys_poll(k));
    assert_secret(k, "dev-2", "secret02");

    reported[0] = '\0';
    file_replace("tern-keys 2\n");
    assert_false(keys_poll(k));
    assert_non_null(strstr(reported, "first line must be 'tern-keys 1'"));
    keys_close(k);
}

static void keys_malformed_lines_are_reported_and_skipped(void **state)
{
    static const char *const BAD[] = {
        "",
        " ",
        "+",
        "-",
        "+ pk",
        "+ pk dev-2",
        "+ pk dev-2 short",
        "+ pk dev-2 secret02 more",
        "+ pk dev-2 secret02 ",
        "+  pk dev-2 secret02",
        " + pk dev-2 secret02",
        "+\tpk dev-2 secret02",
        "+ pk dev-2 secret02\r",
        "+ p.k dev-2 secret02",
        "+ pk dev/2 secret02",
        "+ pk dev-2 secret_2",
        "* pk dev-2 secret02",
        "- pk",
        "- pk dev-1 ",
        "- pk dev-1 secret01",
        "tern-keys 1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        char content[256];
        (void)snprintf(content, sizeof content, HEADER ONE "%s\n", BAD[i]);
        struct keys *k = opened(content);
        if (strstr(reported, " line 3 ") == NULL)
            fail_msg("'%s' is not reported", BAD[i]);
        assert_secret(k, "dev-1", "secret01");
        assert_secret(k, "dev-2", NULL);
        file_append("+ pk dev-3 secret03\n");
        assert_false(keys_poll(k));
        assert_secret(k, "dev-3", "secret03");
        keys_close(k);
    }
}

static void keys_line_with_a_nul_is_skipped(void **state)
{
    static const char CONTENT[] = HEADER "+ pk dev-2 secret02\0x\n" ONE;
    (void)state;
    file_put(path, "w", CONTENT, sizeof CONTENT - 1);
    reported[0] = '\0';
    struct keys *k = keys_open(path, hear);
    assert_secret(k, "dev-1", "secret01");
    assert_secret(k, "dev-2", NULL);
    assert_non_null(strstr(reported, " line 2 "));
    keys_close(k);
}

static void keys_line_of_any_length_is_skipped(void **state)
{
    static const size_t LENGTHS[] = {200, 16383, 16384, 16385, 100000};
    (void)state;
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        char *line = malloc(LENGTHS[i] + 1);
        assert_non_null(line);
        memset(line, '+', LENGTHS[i]);
        line[LENGTHS[i]] = '\n';
        struct keys *k = opened(HEADER);
        file_put(path, "a", line, LENGTHS[i]);
        assert_false(keys_poll(k));
        file_put(path, "a", "\n", 1);
        file_append(ONE);
        assert_false(keys_poll(k));
        assert_secret(k, "dev-1", "secret01");
        assert_non_null(strstr(reported, " line 2 "));
        assert_null(strstr(reported, " line 3 "));
        keys_close(k);
        free(line);
    }
}

static void keys_many_bad_lines_are_counted(void **state)
{
    (void)state;
    struct keys *k = opened(HEADER "1\n2\n3\n4\n5\n6\n7\n");
    assert_non_null(strstr(reported, " line 6 "));
    assert_null(strstr(reported, " line 7 "));
    assert_non_null(strstr(reported, "2 more such lines"));
    keys_close(k);
}

static void keys_of_a_large_file_are_all_known(void **state)
{
    enum { DEVICES = 20000 };
    FILE *f = fopen(path, "w");
    char name[16], secret[24];

    (void)state;
    assert_non_null(f);
    (void)fputs(HEADER, f);
    for (int i = 0; i < DEVICES; i++)
        (void)fprintf(f, "+ pk dev%d secret%05d\n", i, i);
    assert_int_equal(fclose(f), 0);
    struct keys *k = keys_open(path, hear);
    assert_non_null(k);
    for (int i = 0; i < DEVICES; i++) {
        (void)snprintf(name, sizeof name, "dev%d", i);
        (void)snprintf(secret, sizeof secret, "secret%05d", i);
        assert_secret(k, name, secret);
    }
    keys_close(k);
}

static void keys_of_no_keys_file_are_refused(void **state)
{
    static const char *const BAD[] = {"",   "tern-keys 1", "tern-keys 12\n",
                                      "\n", ONE,           "tern-keys 1 \n"};
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        file_write(BAD[i]);
        assert_null(keys_open(path, hear));
        assert_non_null(strstr(reported, "is no keys file"));
    }
    reported[0] = '\0';
    assert_null(keys_open("/nonexistent/keys", hear));
    assert_non_null(strstr(reported, "cannot open keys file"));
    reported[0] = '\0';
    assert_null(keys_open("/", hear));
    assert_non_null(strstr(reported, "cannot read keys file"));
}

static int folder_make(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/keys", folder);
    (void)snprintf(fresh_path, sizeof fresh_path, "%s/keys.new", folder);
    return 0;
}

static int folder_remove(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_the_file_are_known),
        cmocka_unit_test(keys_appended_are_taken_in_by_a_poll),
        cmocka_unit_test(keys_appended_byte_by_byte_wait_for_the_line_feed),
        cmocka_unit_test(keys_of_a_replaced_file_take_the_place_of_the_old),
        cmocka_unit_test(keys_of_a_file_cut_short_are_read_anew),
        cmocka_unit_test(keys_stay_while_the_file_is_gone_or_wrong),
        cmocka_unit_test(keys_malformed_lines_are_reported_and_skipped),
        cmocka_unit_test(keys_line_with_a_nul_is_skipped),
        cmocka_unit_test(keys_line_of_any_length_is_skipped),
        cmocka_unit_test(keys_many_bad_lines_are_counted),
        cmocka_unit_test(keys_of_a_large_file_are_all_known),
        cmocka_unit_test(keys_of_no_keys_file_are_refused),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
