/* test_connect.c - tests of cli/connect.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/file.h"
#include "test/unit/cli/temp_folder.h"

static struct why why;
static struct connect got;

/* connect_find() with these options; NULL ends them, "" is left out. */
static int find(const char *data, const char *server, const char *token_file)
{
    struct cli c = {0};
    const char *given[] = {"--data", data,           "--server",
                           server,   "--token-file", token_file};
    char *argv[6];
    int argc = 0;

    for (size_t i = 0; i < 6; i += 2)
        if (given[i + 1]) {
            argv[argc++] = (char *)given[i];
            argv[argc++] = (char *)given[i + 1];
        }
    assert_true(args_parse(&c.args, argc, argv, "", NULL, CLI_OPTIONS, &why));
    return connect_find(&c, &got, &why);
}

static void write_text(const char *name, const char *text)
{
    assert_true(file_replace(temp_path(name), text, strlen(text), &why));
}

static void write_data_folder(void)
{
    write_text("runtime.json", "{\"pid\":1,\"http\":\"http://127.0.0.1:4711\","
                               "\"mqtt\":\"127.0.0.1:4712\"}");
    write_text("admin.token", "secret-1\n");
}

static int forget_environment(void **s)
{
    (void)unsetenv("TERN_DATA");
    (void)unsetenv("TERN_SERVER");
    (void)unsetenv("TERN_TOKEN_FILE");
    return temp_folder_empty(s);
}

static void connect_data_folder_gives_all(void **s)
{
    (void)s;
    write_data_folder();
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_OK);
    assert_string_equal(got.url, "http://127.0.0.1:4711");
    assert_string_equal(got.mqtt, "127.0.0.1:4712");
    assert_string_equal(got.token, "secret-1");
    assert_string_equal(got.data, temp_folder);
}

static void connect_server_with_token_file(void **s)
{
    (void)s;
    write_text("t", "secret-2");
    assert_int_equal(find(NULL, "http://tern.example/", temp_path("t")),
                     CLI_OK);
    assert_string_equal(got.url, "http://tern.example");
    assert_string_equal(got.token, "secret-2");
    assert_null(got.data);
}

static void connect_option_beats_the_environment(void **s)
{
    (void)s;
    write_data_folder();
    write_text("t", "other");
    (void)setenv("TERN_SERVER", "http://tern.example", 1);
    (void)setenv("TERN_TOKEN_FILE", temp_path("t"), 1);
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_OK);
    assert_string_equal(got.url, "http://127.0.0.1:4711");
    assert_string_equal(got.token, "secret-1");
    assert_int_equal(find(NULL, NULL, NULL), CLI_OK);
    assert_string_equal(got.url, "http://tern.example");
    assert_string_equal(got.token, "other");
}

static void connect_token_file_may_stand_in_for_the_admins(void **s)
{
    (void)s;
    write_data_folder();
    write_text("t", "viewer-1\r\n");
    assert_int_equal(find(temp_folder, NULL, temp_path("t")), CLI_OK);
    assert_string_equal(got.token, "viewer-1");
}

static void connect_without_any_says_what_to_give(void **s)
{
    (void)s;
    assert_int_equal(find(NULL, NULL, NULL), CLI_USAGE);
    assert_non_null(strstr(why.text, "--data DIR"));
    assert_int_equal(find(NULL, "http://h", NULL), CLI_USAGE);
    assert_non_null(strstr(why.text, "--token-file"));
}

static void connect_no_runtime_means_no_server(void **s)
{
    (void)s;
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_UNREACHABLE);
    assert_non_null(strstr(why.text, "ternd --data"));
}

static void connect_damaged_files_are_refused(void **s)
{
    (void)s;
    write_data_folder();
    write_text("admin.token", "two words\n");
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_REFUSED);
    write_text("admin.token", "a\nInjected: header\n");
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_REFUSED);
    write_text("admin.token", "");
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_REFUSED);
    write_text("runtime.json", "{\"http\":7}");
    assert_int_equal(find(temp_folder, NULL, NULL), CLI_REFUSED);
    assert_non_null(strstr(why.text, "damaged"));
}

static void connect_what_is_no_url_is_refused(void **s)
{
    static const char *const BAD[] = {
        "127.0.0.1:8080", "ftp://h",       "http://",       "http://h:0",
        "http://h:65536", "http://h:x",    "http://h/path", "http://u@h",
        "http://h?q=1",   "http://::1:80",
    };

    (void)s;
    write_text("t", "x");
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(find(NULL, BAD[i], temp_path("t")), CLI_USAGE);
}

static void connect_host_and_port_come_apart(void **s)
{
    char host[CONNECT_TEXT_MAX];
    uint16_t port;

    (void)s;
    assert_true(connect_host_port("[::1]:1883", host, &port));
    assert_string_equal(host, "::1");
    assert_int_equal(port, 1883);
    assert_true(connect_url_host_port("https://h", host, &port));
    assert_int_equal(port, 443);
    assert_true(connect_url_host_port("http://[::1]", host, &port));
    assert_string_equal(host, "::1");
    assert_int_equal(port, 80);
    assert_false(connect_host_port("h:", host, &port));
    assert_false(connect_host_port(":1", host, &port));
    assert_false(connect_host_port("h", host, &port));
}

#define TEST(name) cmocka_unit_test_teardown(name, forget_environment)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(connect_data_folder_gives_all),
        TEST(connect_server_with_token_file),
        TEST(connect_option_beats_the_environment),
        TEST(connect_token_file_may_stand_in_for_the_admins),
        TEST(connect_without_any_says_what_to_give),
        TEST(connect_no_runtime_means_no_server),
        TEST(connect_damaged_files_are_refused),
        TEST(connect_what_is_no_url_is_refused),
        TEST(connect_host_and_port_come_apart),
    };

    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
