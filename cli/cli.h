/* cli.h - one row per command; dispatch and help are made from the rows.
 *
 * Start at cli_main() in cli.c. A command is a function that gets its words
 * and options already checked against its row, prints, and returns the exit
 * code of the program. Tests: test/unit/cli/, test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_H
#define TERN_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/args.h"
#include "cli/say.h"

enum cli_exit {
    CLI_OK = 0,
    CLI_REFUSED = 1,     /* it was understood and did not succeed */
    CLI_USAGE = 2,       /* it was not understood */
    CLI_UNREACHABLE = 3, /* no server answered */
};

struct cli;

struct cli_command {
    const char *name; /* "" if the group is the command, as in `tern status` */
    const char *args; /* words in order, "[DN]" if it may be left out */
    const char *help; /* one line, no full stop */
    const struct args_option *options; /* NULL, or ended by a row of NULLs */
    int (*run)(struct cli *c);
};

struct cli_group {
    const char *name;
    const char *help;
    const struct cli_command *commands; /* ended by a row of NULLs */
};

/* One invocation. */
struct cli {
    const struct cli_group *group;
    const struct cli_command *command;
    struct args args;
    bool json; /* --json: one JSON document on stdout */
};

extern const struct args_option CLI_OPTIONS[]; /* those of every command */

extern const struct cli_command CMD_KEY[], CMD_IMAGE[], CMD_FLASH[],
    CMD_BOARD[], CMD_STATUS[], CMD_PRODUCT[], CMD_DEVICE[], CMD_PACKAGE[],
    CMD_TASK[], CMD_EVENT[], CMD_TOKEN[];

int cli_main(int argc, char **argv);

/* Say on stderr why the command ends, as "tern: group name: sentence.", and
 * give the exit code to return. The sentence needs no full stop at its end.
 * For CLI_USAGE the command's usage is added. */
int cli_end(const struct cli *c, enum cli_exit code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define cli_refuse(c, ...) cli_end((c), CLI_REFUSED, __VA_ARGS__)
#define cli_usage(c, ...)  cli_end((c), CLI_USAGE, __VA_ARGS__)

/* Something the user should know though the command goes on. */
void cli_warn(const struct cli *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* An option that is a number, decimal or 0x.
 *
 * value  holds the default when called; unchanged if the option is absent.
 * Returns CLI_OK, or the exit code after saying what is wrong. */
int cli_number(const struct cli *c, const char *option, uint32_t min,
               uint32_t max, uint32_t *value);

#endif
