/* test_scenario.c - tests of emu/scenario.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct scenario got;
static struct board_why why;

static bool parse(const char *text)
{
    scenario_free(&got);
    why.text[0] = '\0';
    return scenario_parse(&got, strdup(text), strlen(text), &why);
}

static void refused(const char *text, const char *reason)
{
    assert_false(parse(text));
    assert_string_equal(why.text, reason);
}

static int forget(void **s)
{
    (void)s;
    scenario_free(&got);
    return 0;
}

static void scenario_every_key_reaches_its_place(void **s)
{
    (void)s;
    assert_true(parse("# an update\r\n"
                      "flash = board.flash\r\n"
                      "load=0x1000 sbl.bin # at the start\n"
                      "load = 0x100000 \"my app.bin\"\n"
                      "seed = 7\n"
                      "limit = 2.5\n"
                      "boots = 2\n"
                      "send = \"go\\r\" after \"> \"\n"
                      "send = \"y\" at 0.5\n"
                      "end = \"done\" \"gave up\"\n"
                      "recovered = exit\n"
                      "console = \"v1\" \"v2\"\n"
                      "never = panic \"assert\"\n"
                      "region = 0x100000 old.bin new.bin\n"
                      "exit = 3"));
    assert_string_equal(got.flash, "board.flash");
    assert_int_equal(got.loads, 2);
    assert_int_equal(got.load[0].offset, 0x1000);
    assert_string_equal(got.load[0].file, "sbl.bin");
    assert_string_equal(got.load[1].file, "my app.bin");
    assert_int_equal(got.seed, 7);
    assert_int_equal(got.limit_cycles, BOARD_HZ / 2 * 5);
    assert_int_equal(got.boots, 2);
    assert_int_equal(got.sends, 2);
    assert_memory_equal(got.send[0].text.bytes, "go\r", 4);
    assert_int_equal(got.send[0].text.len, 3);
    assert_string_equal(got.send[0].after.bytes, "> ");
    assert_int_equal(got.send[1].at_cycles, BOARD_HZ / 2);
    assert_int_equal(got.send[1].after.len, 0);
    assert_int_equal(got.end.text.words, 2);
    assert_false(got.end.exit);
    assert_true(got.recovered.exit);
    assert_int_equal(got.console[0].words, 2);
    assert_int_equal(got.never.words, 2);
    assert_int_equal(got.region[0].files, 2);
    assert_string_equal(got.region[0].file[1], "new.bin");
    assert_true(got.checks_exit);
    assert_int_equal(got.exit_code, 3);
}

static void scenario_without_an_end_ends_by_exit(void **s)
{
    (void)s;
    assert_true(parse("elf = a.elf\n"));
    assert_true(got.end.exit && got.recovered.exit);
    assert_int_equal(got.limit_cycles, (uint64_t)60 * BOARD_HZ);
    assert_int_equal(got.boots, 1);
}

static void scenario_recoveries_end_like_the_run_unless_told(void **s)
{
    (void)s;
    assert_true(parse("elf = a.elf\nend = \"ready\"\n"));
    assert_string_equal(got.recovered.text.word[0].bytes, "ready");
    assert_false(got.recovered.exit);
}

static void scenario_escapes_become_their_bytes(void **s)
{
    (void)s;
    assert_true(parse("elf = a\nnever = \"\\x00\\\"\\\\\\n\\t#\" # comment\n"));
    assert_int_equal(got.never.words, 1);
    assert_int_equal(got.never.word[0].len, 6);
    assert_memory_equal(got.never.word[0].bytes, "\0\"\\\n\t#", 6);
}

static void scenario_quoted_exit_is_a_text(void **s)
{
    (void)s;
    assert_true(parse("elf = a\nend = \"exit\"\n"));
    assert_false(got.end.exit);
    assert_string_equal(got.end.text.word[0].bytes, "exit");
}

static void scenario_wrong_lines_are_named(void **s)
{
    (void)s;
    refused("elf = a\n\nsomething\n", "line 3: a line is `key = value`");
    refused("= 3\n", "line 1: a line is `key = value`");
    refused("flush = a\n", "line 1: there is no key 'flush'");
    refused("flash =\n", "line 1: flash wants FILE");
    refused("load = 0x800000 a\n", "line 1: load wants OFFSET FILE");
    refused("limit = 0\n", "line 1: limit wants SECONDS");
    refused("send = \"a\" when \"b\"\n",
            "line 1: send wants \"TEXT\" after \"TEXT\" | at SECONDS");
    refused("send = \"a\" after \"\"\n",
            "line 1: send wants \"TEXT\" after \"TEXT\" | at SECONDS");
    refused("end = \"a\n", "line 1: a quote is not closed");
    refused("end = \"\\q\"\n", "line 1: unknown escape: there are \\n \\r \\t "
                               "\\0 \\\" \\\\ \\xHH");
    refused("exit = 256\n", "line 1: exit wants CODE");
    refused("region = 0 1 2 3 4 5 6 7 8 9\n", "line 1: more than 9 words");
    refused("never = \"\"\n", "line 1: never wants \"TEXT\"...");
}

static void scenario_that_starts_nothing_is_refused(void **s)
{
    (void)s;
    refused("seed = 1\n", "nothing to start: give flash, load, elf or raw");
    refused("elf = a\nraw = 0 b\n",
            "elf and raw both say what to start: give one");
}

static void scenario_exit_code_that_can_never_come_is_refused(void **s)
{
    (void)s;
    refused("elf = a\nend = \"x\"\nexit = 0\n",
            "`exit = CODE` checks how a recovered run ends: it needs "
            "`recovered = exit`");
}

static void scenario_too_many_lines_of_a_key_are_refused(void **s)
{
    char text[2048];
    size_t len = (size_t)snprintf(text, sizeof text, "elf = a\n");

    (void)s;
    for (int i = 0; i < SCENARIO_LINES_MAX; i++)
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "console = \"a\"\n");
    assert_true(parse(text));
    (void)snprintf(text + len, sizeof text - len, "console = \"a\"\n");
    assert_false(parse(text));
}

static void scenario_nul_byte_is_refused(void **s)
{
    char *text = calloc(1, 16);

    (void)s;
    scenario_free(&got);
    (void)snprintf(text, 16, "elf = a");
    text[8] = 'b';
    assert_false(scenario_parse(&got, text, 9, &why));
}

static void scenario_files_are_beside_the_scenario(void **s)
{
    char path[SCENARIO_PATH_MAX];

    (void)s;
    assert_true(parse("elf = a\n"));
    (void)snprintf(got.folder, sizeof got.folder, "dir/sub");
    assert_true(scenario_path(&got, "a", path));
    assert_string_equal(path, "dir/sub/a");
    assert_true(scenario_path(&got, "/a", path));
    assert_string_equal(path, "/a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario_every_key_reaches_its_place),
        cmocka_unit_test(scenario_without_an_end_ends_by_exit),
        cmocka_unit_test(scenario_recoveries_end_like_the_run_unless_told),
        cmocka_unit_test(scenario_escapes_become_their_bytes),
        cmocka_unit_test(scenario_quoted_exit_is_a_text),
        cmocka_unit_test(scenario_wrong_lines_are_named),
        cmocka_unit_test(scenario_that_starts_nothing_is_refused),
        cmocka_unit_test(scenario_exit_code_that_can_never_come_is_refused),
        cmocka_unit_test(scenario_too_many_lines_of_a_key_are_refused),
        cmocka_unit_test(scenario_nul_byte_is_refused),
        cmocka_unit_test(scenario_files_are_beside_the_scenario),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
