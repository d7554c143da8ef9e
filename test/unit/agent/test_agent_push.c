/* test_agent_push.c - pushes, right and wrong.
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

#include <cmocka.h>

#include "agent/push.h"

#define MD5     "00112233445566778899aabbccddeeFF"
#define SIGN    "\"sign\":\"" MD5 "\",\"signMethod\":\"Md5\""
#define HEAD    "\"size\":272600,\"version\":\"1.4.0\""
#define DATA(x) "{\"code\":\"1000\",\"data\":{" x "},\"id\":1626969597470}"

static enum push_kind parse(struct agent_task *t, const char *text,
                            const char **why)
{
    return push_parse(t, text, strlen(text), why);
}

static void push_of_the_spec_is_a_task(void **state)
{
    struct agent_task t;
    const char *why;

    (void)state;
    assert_int_equal(
        parse(&t,
              DATA(HEAD ",\"url\":\"http://10.0.0.7:8080/d/ab/12.bin?a=b&c\","
                        "\"md5\":\"" MD5 "\"," SIGN),
              &why),
        PUSH_TASK);
    assert_int_equal(t.size_bytes, 272600);
    assert_string_equal(t.version_text, "1.4.0");
    assert_string_equal(t.place, "10.0.0.7");
    assert_int_equal(t.port, 8080);
    assert_string_equal(t.place + t.path_at, "/d/ab/12.bin?a=b&c");
    assert_int_equal(t.digest_kind, DIGEST_MD5);
    assert_int_equal(t.digest[15], 0xff);
    assert_int_equal(t.digest[16], 0);
}

static void push_with_blanks_and_default_module_is_a_task(void **state)
{
    struct agent_task t;
    const char *why;

    (void)state;
    assert_int_equal(parse(&t,
                           " { \"data\" : { " SIGN " , \"module\":\"default\","
                           "\"isDiff\":0, " HEAD
                           ",\"url\":\"http:\\/\\/h\\/x\"} } ",
                           &why),
                     PUSH_TASK);
    assert_int_equal(t.port, 0);
    assert_string_equal(t.place, "h");
}

static void push_longest_url_fits_and_one_more_is_bad(void **state)
{
    char text[1024], url[256];
    struct agent_task t;
    const char *why;

    (void)state;
    for (int len = 254; len <= 255; len++) {
        memset(url, 'x', sizeof url);
        memcpy(url, "http://h/", 9);
        url[len] = '\0';
        snprintf(text, sizeof text, DATA(HEAD "," SIGN ",\"url\":\"%s\""), url);
        assert_int_equal(parse(&t, text, &why),
                         len == 254 ? PUSH_TASK : PUSH_BAD);
    }
    assert_string_equal(why, "url is missing or longer than 254 characters");
}

static void push_without_data_members_is_nothing(void **state)
{
    struct agent_task t;
    const char *why;

    (void)state;
    assert_int_equal(parse(&t, "{\"id\":\"3\",\"code\":200,\"data\":{}}", &why),
                     PUSH_NOTHING);
}

static void push_that_is_wrong_is_bad_and_says_why(void **state)
{
    static const struct {
        const char *text, *why;
    } BAD[] = {
        {"", "JSON"},
        {"null", "data"},
        {"[]", "data"},
        {"{\"data\":[]}", "data"},
        {"{\"data\":\"x\"}", "data"},
        {"{\"data\":{}", "JSON"},
        {DATA(HEAD "," SIGN), "url is missing"},
        {DATA("\"version\":\"1.4.0\"," SIGN ",\"url\":\"http://h/x\""), "size"},
        {DATA("\"size\":0,\"version\":\"1.4.0\"," SIGN
              ",\"url\":\"http://h/x\""),
         "size is 0"},
        {DATA("\"size\":-5,\"version\":\"1.4.0\"," SIGN
              ",\"url\":\"http://h/x\""),
         "size"},
        {DATA("\"size\":4294967296,\"version\":\"1.4.0\"," SIGN
              ",\"url\":\"http://h/x\""),
         "size"},
        {DATA("\"size\":1.5,\"version\":\"1.4.0\"," SIGN
              ",\"url\":\"http://h/x\""),
         "size"},
        {DATA("\"size\":5,\"size\":6,\"version\":\"1.4.0\"," SIGN
              ",\"url\":\"http://h/x\""),
         "JSON"},
        {DATA("\"size\":[5],\"version\":\"1.4.0\"," SIGN
              ",\"url\":\"http://h/x\""),
         "size"},
        {DATA("\"size\":5,\"version\":14," SIGN ",\"url\":\"http://h/x\""),
         "version"},
        {DATA("\"size\":5,\"version\":\"v1.4-rc\"," SIGN
              ",\"url\":\"http://h/x\""),
         "major.minor"},
        {DATA("\"size\":5,\"version\":\"1.4.0000000000000000000000000000000"
              "\"," SIGN ",\"url\":\"http://h/x\""),
         "version"},
        {DATA(HEAD ",\"url\":\"http://h/x\",\"sign\":\"" MD5 "\""),
         "signMethod"},
        {DATA(HEAD ",\"url\":\"http://h/x\",\"signMethod\":\"MD5\","
                   "\"sign\":\"" MD5 "\""),
         "neither"},
        {DATA(HEAD ",\"url\":\"http://h/x\",\"signMethod\":\"SHA256\","
                   "\"sign\":\"" MD5 "\""),
         "no digest"},
        {DATA(HEAD ",\"url\":\"http://h/x\",\"signMethod\":\"Md5\","
                   "\"sign\":\"" MD5 MD5 "0\""),
         "sign"},
        {DATA(HEAD ",\"url\":\"http://h/x\",\"signMethod\":\"Md5\","
                   "\"sign\":\"0011223344556677 899aabbccddeeff\""),
         "no digest"},
        {DATA(HEAD "," SIGN ",\"module\":\"MCU\",\"url\":\"http://h/x\""),
         "module"},
        {DATA(HEAD "," SIGN ",\"module\":7,\"url\":\"http://h/x\""), "module"},
        {DATA(HEAD "," SIGN ",\"isDiff\":1,\"url\":\"http://h/x\""),
         "differential"},
        {DATA(HEAD "," SIGN ",\"url\":7"), "url is missing"},
        {DATA(HEAD "," SIGN ",\"url\":\"\""), "http://"},
        {DATA(HEAD "," SIGN ",\"url\":\"https://h/x\""), "http://"},
        {DATA(HEAD "," SIGN ",\"url\":\"ftp://h/x\""), "http://"},
        {DATA(HEAD "," SIGN ",\"url\":\"http:///x\""), "no host"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://:80/x\""), "no host"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://u@h/x\""), "path"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h\""), "path"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h?x\""), "path"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h:0/x\""), "port"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h:70000/x\""), "port"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h:4294967376/x\""), "port"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h:/x\""), "port"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h:80x/x\""), "path"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h/a b\""), "character"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h/a\\r\\nX: y\""), "character"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h/a#b\""), "character"},
        {DATA(HEAD "," SIGN ",\"url\":\"http://h/a\\u0000b\""), "url"},
    };
    struct agent_task t;
    const char *why;

    (void)state;
    for (unsigned i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        why = "";
        if (parse(&t, BAD[i].text, &why) != PUSH_BAD ||
            !strstr(why, BAD[i].why))
            fail_msg("%s: want %s, got %s", BAD[i].text, BAD[i].why, why);
    }
}

static void push_cut_anywhere_is_no_task(void **state)
{
    static const char GOOD[] = DATA(HEAD "," SIGN ",\"url\":\"http://h/x\"");
    struct agent_task t;
    const char *why;

    (void)state;
    for (size_t len = 0; len < sizeof GOOD - 1; len++) {
        char *exact = malloc(len + 1); /* so that a sanitizer sees over-reads */
        memcpy(exact, GOOD, len);
        assert_int_equal(push_parse(&t, exact, len, &why), PUSH_BAD);
        free(exact);
    }
    assert_int_equal(push_parse(&t, GOOD, sizeof GOOD - 1, &why), PUSH_TASK);
}

static void push_longer_than_the_limit_is_bad_unread(void **state)
{
    char *text = calloc(1, 70000);
    struct agent_task t;
    const char *why;

    (void)state;
    assert_int_equal(push_parse(&t, text, 70000, &why), PUSH_BAD);
    assert_string_equal(why, "message is too long");
    free(text);
}

static void push_may_number_its_task(void **state)
{
    static const char *const BAD[] = {"-1", "1.5", "2147483648"};
    struct agent_task t;
    const char *why;
    char text[1024];

    (void)state;
    assert_int_equal(parse(&t,
                           DATA(HEAD "," SIGN ",\"url\":\"http://h/x\""
                                     ",\"task\":2147483647"),
                           &why),
                     PUSH_TASK);
    assert_int_equal(t.number, PUSH_TASK_MAX);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        (void)snprintf(
            text, sizeof text,
            DATA(HEAD "," SIGN ",\"url\":\"http://h/x\",\"task\":%s"), BAD[i]);
        assert_int_equal(parse(&t, text, &why), PUSH_BAD);
        assert_string_equal(why, "task is no number");
    }
}

static void push_same_task_with_other_link_is_the_same(void **state)
{
    struct agent_task a, b;
    const char *why;

    (void)state;
    assert_int_equal(
        parse(&a, DATA(HEAD "," SIGN ",\"url\":\"http://h/x\""), &why),
        PUSH_TASK);
    assert_int_equal(
        parse(&b, DATA(HEAD "," SIGN ",\"url\":\"http://i/y\""), &why),
        PUSH_TASK);
    assert_true(push_is_same(&a, &b));
    b.digest[3] ^= 1;
    assert_false(push_is_same(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(push_of_the_spec_is_a_task),
        cmocka_unit_test(push_may_number_its_task),
        cmocka_unit_test(push_with_blanks_and_default_module_is_a_task),
        cmocka_unit_test(push_longest_url_fits_and_one_more_is_bad),
        cmocka_unit_test(push_without_data_members_is_nothing),
        cmocka_unit_test(push_that_is_wrong_is_bad_and_says_why),
        cmocka_unit_test(push_cut_anywhere_is_no_task),
        cmocka_unit_test(push_longer_than_the_limit_is_bad_unread),
        cmocka_unit_test(push_same_task_with_other_link_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
