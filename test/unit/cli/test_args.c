/* test_args.c - tests of cli/args.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct args_option OWN[] = {
    {"version", "V", ARGS_MUST, ""},
    {"device", "DN", ARGS_MANY, ""},
    {"wait", NULL, ARGS_MAY, ""},
    {NULL, NULL, ARGS_MAY, NULL},
};
static const struct args_option ALL[] = {
    {"json", NULL, ARGS_MAY, ""},
    {"help", NULL, ARGS_MAY, ""},
    {NULL, NULL, ARGS_MAY, NULL},
};

static struct args got;
static struct why why;

/* Parse a line of texts separated by one blank, as "ID [DN]" with OWN. */
static bool parse(const char *line)
{
    static char copy[1024];
    static char *argv[64];
    int argc = 0;

    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *t = strtok(copy, " "); t; t = strtok(NULL, " "))
        argv[argc++] = t;
    why.text[0] = 0;
    return args_parse(&got, argc, argv, "ID [DN]", OWN, ALL, &why);
}

static void refused(const char *line, const char *reason)
{
    assert_false(parse(line));
    assert_string_equal(why.text, reason);
}

static void args_words_and_options_may_mix(void **s)
{
    (void)s;
    assert_true(parse("--wait 7 --version 1.2.3 dev-01 --json"));
    assert_string_equal(got.words[0], "7");
    assert_string_equal(got.words[1], "dev-01");
    assert_string_equal(args_value(&got, "version"), "1.2.3");
    assert_true(args_has(&got, "wait"));
    assert_true(args_has(&got, "json"));
    assert_false(args_has(&got, "device"));
}

static void args_optional_word_left_out_is_null(void **s)
{
    (void)s;
    assert_true(parse("7 --version=1"));
    assert_string_equal(args_value(&got, "version"), "1");
    assert_null(got.words[1]);
}

static void args_many_takes_runs_and_repeats(void **s)
{
    (void)s;
    assert_true(parse("7 --device a b --version 1 --device=c"));
    assert_string_equal(args_nth(&got, "device", 0), "a");
    assert_string_equal(args_nth(&got, "device", 1), "b");
    assert_string_equal(args_nth(&got, "device", 2), "c");
    assert_null(args_nth(&got, "device", 3));
}

static void args_after_two_dashes_are_words(void **s)
{
    (void)s;
    assert_true(parse("--version 1 -- --wait"));
    assert_string_equal(got.words[0], "--wait");
    assert_false(args_has(&got, "wait"));
}

static void args_help_needs_nothing_else(void **s)
{
    (void)s;
    assert_true(parse("--help"));
}

static void args_unknown_option_is_named(void **s)
{
    (void)s;
    refused("7 --versoin 1", "there is no option --versoin");
    refused("7 --vers=1", "there is no option --vers");
    refused("7 -v", "there is no option -v");
}

static void args_missing_value_is_named(void **s)
{
    (void)s;
    refused("7 --version", "--version needs a value: --version V");
    refused("7 --version --wait", "--version needs a value: --version V");
    refused("7 --wait=yes", "--wait takes no value");
}

static void args_missing_word_or_option_is_named(void **s)
{
    (void)s;
    refused("--version 1", "ID is missing");
    refused("7", "--version V is missing");
}

static void args_word_swallowed_by_a_run_is_explained(void **s)
{
    (void)s;
    refused("--version 1 --device a 7",
            "ID is missing; write it before --device");
}

static void args_too_much_is_refused(void **s)
{
    (void)s;
    refused("--version 1 7 dev-01 more", "'more' is too much here");
    refused("--version 1 7 --version 2", "--version is given twice");
}

static void args_more_options_than_space_are_refused(void **s)
{
    static char *argv[ARGS_GIVEN_MAX + 3];
    size_t n = 0;

    (void)s;
    argv[n++] = "7";
    argv[n++] = "--device";
    while (n < ARGS_GIVEN_MAX + 3)
        argv[n++] = "dev";
    assert_false(args_parse(&got, (int)n, argv, "ID", OWN, ALL, &why));
    assert_string_equal(why.text, "more than 512 options");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(args_words_and_options_may_mix),
        cmocka_unit_test(args_optional_word_left_out_is_null),
        cmocka_unit_test(args_many_takes_runs_and_repeats),
        cmocka_unit_test(args_after_two_dashes_are_words),
        cmocka_unit_test(args_help_needs_nothing_else),
        cmocka_unit_test(args_unknown_option_is_named),
        cmocka_unit_test(args_missing_value_is_named),
        cmocka_unit_test(args_missing_word_or_option_is_named),
        cmocka_unit_test(args_word_swallowed_by_a_run_is_explained),
        cmocka_unit_test(args_too_much_is_refused),
        cmocka_unit_test(args_more_options_than_space_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
