/* test_options.c - tests of emu/options.c, emu/parse.c, and terminal keys.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emu/parse.h"
#include "emu/terminal.h"

static struct options_run run;
static struct options_sweep sweep;
static struct board_why why;

static char **split(const char *line, int *argc)
{
    static char copy[1024];
    static char *argv[64];

    *argc = 0;
    why.text[0] = '\0';
    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *t = strtok(copy, " "); t; t = strtok(NULL, " "))
        argv[(*argc)++] = t;
    argv[*argc] = NULL;
    return argv;
}

static enum options_verdict parse_run(const char *line)
{
    int argc;
    char **argv = split(line, &argc);

    return options_run_parse(&run, argc, argv, &why);
}

static enum options_verdict parse_sweep(const char *line)
{
    int argc;
    char **argv = split(line, &argc);

    return options_sweep_parse(&sweep, argc, argv, &why);
}

static void run_flash_alone_gets_the_defaults(void **s)
{
    (void)s;
    assert_int_equal(parse_run("--flash f"), OPTIONS_OK);
    assert_string_equal(run.flash, "f");
    assert_string_equal(run.uart, "-");
    assert_true(run.limit_cycles == UINT64_MAX);
    assert_int_equal(run.pace, OPTIONS_PACE_AUTO);
    assert_false(run.gdb || run.no_save || run.strict || run.cut.at_op);
}

static void run_every_option_reaches_its_place(void **s)
{
    (void)s;
    assert_int_equal(
        parse_run("--raw a@b.bin@0x20200000 --seed 0x12 --time 1.5 "
                  "--uart=tcp:0 --cut 17:bytes=3 --net map=1:127.0.0.1:2 "
                  "--pcap p --lose 10 --flash-log l --trace t --stats "
                  "--strict --gdb 0 --skip 0x60002000:3 --skip 4 "
                  "--flip 0x20000000:7@99 --flip 8:0 --save s --no-pace"),
        OPTIONS_OK);
    assert_string_equal(run.raw, "a@b.bin");
    assert_int_equal(run.raw_address, 0x20200000);
    assert_int_equal(run.seed, 0x12);
    assert_int_equal(run.limit_cycles, BOARD_HZ / 2 * 3);
    assert_string_equal(run.uart, "tcp:0");
    assert_int_equal(run.cut.at_op, 17);
    assert_int_equal(run.cut.tear, BOARD_TEAR_BYTES);
    assert_int_equal(run.cut.bytes, 3);
    assert_int_equal(run.frames_per_million, 10);
    assert_false(run.frames_corrupt);
    assert_true(run.gdb && run.stats && run.strict);
    assert_int_equal(run.skips, 2);
    assert_int_equal(run.skip[0].nth, 3);
    assert_int_equal(run.skip[1].nth, 1);
    assert_int_equal(run.flips, 2);
    assert_int_equal(run.flip[0].bit, 7);
    assert_int_equal(run.flip[0].at_cycles, 99);
    assert_int_equal(run.flip[1].address, 8);
    assert_int_equal(run.pace, OPTIONS_PACE_OFF);
}

static void run_wrong_values_are_refused_by_name(void **s)
{
    static const char *const WRONG[][2] = {
        {"--flash f --cut 0", "--cut wants N[:TEAR], not '0'"},
        {"--flash f --cut 1:half", "--cut wants N[:TEAR], not '1:half'"},
        {"--flash f --cut 1:bytes=", "--cut wants N[:TEAR], not '1:bytes='"},
        {"--flash f --time -1", "--time wants SECONDS, not '-1'"},
        {"--flash f --time 1.", NULL},
        {"--flash f --time .", "--time wants SECONDS, not '.'"},
        {"--raw f", "--raw wants FILE@ADDR, not 'f'"},
        {"--raw f@1x", "--raw wants FILE@ADDR, not 'f@1x'"},
        {"--flash f --flip 1:8", "--flip wants ADDR:BIT[@CYCLE], not '1:8'"},
        {"--flash f --gdb 65536", "--gdb wants PORT, not '65536'"},
        {"--flash f --net x --lose 1000001", "--lose wants PPM, not '1000001'"},
        {"--flash", "--flash needs FILE"},
        {"--flash f --stats=1", "--stats takes no value"},
        {"--flash f --nonsense", "there is no option '--nonsense'"},
        {"--flash f g", "'g' is one word too many"},
    };

    (void)s;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        bool right = WRONG[i][1] == NULL;
        assert_int_equal(parse_run(WRONG[i][0]),
                         right ? OPTIONS_OK : OPTIONS_USAGE);
        assert_string_equal(why.text, right ? "" : WRONG[i][1]);
    }
}

static void run_contradictions_are_refused(void **s)
{
    static const char *const LINES[] = {
        "",
        "--seed 1",
        "--elf e --raw r@0",
        "--flash f --save s --no-save",
        "--flash f --pcap p",
        "--flash f --corrupt 5",
    };

    (void)s;
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        assert_int_equal(parse_run(LINES[i]), OPTIONS_USAGE);
        assert_true(why.text[0] != '\0');
    }
}

static void run_help_wins_over_what_is_missing(void **s)
{
    (void)s;
    assert_int_equal(parse_run("--help"), OPTIONS_HELP);
}

static void sweep_options_reach_their_place(void **s)
{
    (void)s;
    assert_int_equal(parse_sweep("x.scn --jobs 3 --tears nothing,bytes=8 "
                                 "--sample 10 --second 4"),
                     OPTIONS_OK);
    assert_string_equal(sweep.scenario, "x.scn");
    assert_int_equal(sweep.jobs, 3);
    assert_int_equal(sweep.tears, 2);
    assert_int_equal(sweep.tear[1].bytes, 8);
    assert_int_equal(sweep.sample, 10);
    assert_true(sweep.second);
    assert_int_equal(sweep.second_sample, 4);
}

static void sweep_replay_takes_one_cut_or_two(void **s)
{
    (void)s;
    assert_int_equal(parse_sweep("x --replay 17:first"), OPTIONS_OK);
    assert_int_equal(sweep.replays, 1);
    assert_int_equal(parse_sweep("x --replay 17:first,2:random=9 --save f"),
                     OPTIONS_OK);
    assert_int_equal(sweep.replays, 2);
    assert_int_equal(sweep.replay[0].at_op, 17);
    assert_int_equal(sweep.replay[0].tear, BOARD_TEAR_FIRST_HALF);
    assert_int_equal(sweep.replay[1].seed, 9);
}

static void sweep_wrong_lines_are_refused(void **s)
{
    static const char *const LINES[] = {
        "",
        "a b",
        "a --jobs 0",
        "a --tears x",
        "a --tears",
        "a --tears ,",
        "a --second 0",
        "a --sample 0",
        "a --save f",
        "a --replay 0",
        "a --replay 1,",
        "a --flash f",
        "a --replay 1,x",
    };

    (void)s;
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        assert_int_equal(parse_sweep(LINES[i]), OPTIONS_USAGE);
}

static void cut_text_is_what_parse_takes_back(void **s)
{
    static const char *const CUTS[] = {
        "1:nothing",  "2:all",
        "3:first",    "18446744073709551615:second",
        "5:bytes=31", "6:random=4294967295"};
    char text[PARSE_CUT_TEXT_MAX];
    struct board_cut cut;

    (void)s;
    for (size_t i = 0; i < sizeof CUTS / sizeof CUTS[0]; i++) {
        assert_true(parse_cut(CUTS[i], &cut));
        parse_cut_text(&cut, text);
        assert_string_equal(text, CUTS[i]);
    }
}

static void numbers_that_do_not_fit_are_refused(void **s)
{
    static const char *const BAD[] = {"",
                                      "0x",
                                      "x",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "0x1g",
                                      "18446744073709551616",
                                      "0x10000000000000000"};
    uint64_t out = 5;

    (void)s;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(parse_u64(BAD[i], UINT64_MAX, &out));
    assert_false(parse_u64("11", 10, &out));
    assert_int_equal(out, 5);
    assert_true(parse_u64("0xfFfFfFfFfFfFfFfF", UINT64_MAX, &out));
    assert_true(out == UINT64_MAX);
}

static void seconds_are_exact_to_the_cycle(void **s)
{
    uint64_t cycles = 0;

    (void)s;
    assert_true(parse_seconds("0.000000002", &cycles));
    assert_int_equal(cycles, 1); /* 1.056, rounded down */
    assert_true(parse_seconds("3600", &cycles));
    assert_true(cycles == (uint64_t)3600 * BOARD_HZ);
    assert_true(parse_seconds(".5", &cycles));
    assert_int_equal(cycles, BOARD_HZ / 2);
    assert_false(parse_seconds("0.0000000001", &cycles));
    assert_false(parse_seconds("99999999999999999999", &cycles));
}

static void keys_after_ctrl_a_are_for_the_board(void **s)
{
    struct terminal_keys k = {false};

    (void)s;
    assert_int_equal(terminal_key(&k, 'x'), TERMINAL_BYTE);
    assert_int_equal(terminal_key(&k, 1), TERMINAL_NOTHING);
    assert_int_equal(terminal_key(&k, 'x'), TERMINAL_LEAVE);
    assert_int_equal(terminal_key(&k, 1), TERMINAL_NOTHING);
    assert_int_equal(terminal_key(&k, 'r'), TERMINAL_RESET);
    assert_int_equal(terminal_key(&k, 1), TERMINAL_NOTHING);
    assert_int_equal(terminal_key(&k, 'p'), TERMINAL_CUT);
    assert_int_equal(terminal_key(&k, 1), TERMINAL_NOTHING);
    assert_int_equal(terminal_key(&k, 'q'), TERMINAL_NOTHING);
    assert_int_equal(terminal_key(&k, 1), TERMINAL_NOTHING);
    assert_int_equal(terminal_key(&k, 1), TERMINAL_BYTE);
    assert_int_equal(terminal_key(&k, 'r'), TERMINAL_BYTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_flash_alone_gets_the_defaults),
        cmocka_unit_test(run_every_option_reaches_its_place),
        cmocka_unit_test(run_wrong_values_are_refused_by_name),
        cmocka_unit_test(run_contradictions_are_refused),
        cmocka_unit_test(run_help_wins_over_what_is_missing),
        cmocka_unit_test(sweep_options_reach_their_place),
        cmocka_unit_test(sweep_replay_takes_one_cut_or_two),
        cmocka_unit_test(sweep_wrong_lines_are_refused),
        cmocka_unit_test(cut_text_is_what_parse_takes_back),
        cmocka_unit_test(numbers_that_do_not_fit_are_refused),
        cmocka_unit_test(seconds_are_exact_to_the_cycle),
        cmocka_unit_test(keys_after_ctrl_a_are_for_the_board),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
