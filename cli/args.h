/* args.h - a command line against the options and words that its command takes.
 *
 * Long options only: --name VALUE, --name=VALUE, or a switch. An option that
 * may be given many times also takes several values in a row. `--` ends the
 * options. Tests: test/unit/cli/test_args.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_ARGS_H
#define TERN_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/say.h"

enum { ARGS_WORDS_MAX = 4, ARGS_GIVEN_MAX = 512 };

struct args_option {
    const char *name;  /* without the dashes */
    const char *value; /* what the help calls it; NULL: a switch */
    enum { ARGS_MAY, ARGS_MUST, ARGS_MANY, ARGS_MUST_MANY } kind;
    const char *help;
};

struct args {
    const char *words[ARGS_WORDS_MAX]; /* NULL where left out */
    size_t given_count;
    struct args_given {
        const struct args_option *option;
        const char *value; /* NULL for a switch */
    } given[ARGS_GIVEN_MAX];
};

/* Values are borrowed from argv.
 *
 * argv     argc texts: no program name, no group, no command.
 * words    as in cli_command.args, e.g. "PK [DN]"; at most ARGS_WORDS_MAX.
 * own      the command's options, or NULL; all: those of every command.
 *
 * Returns false, with the reason in why, for anything unknown, repeated,
 * missing or too much. */
bool args_parse(struct args *out, int argc, char **argv, const char *words,
                const struct args_option *own, const struct args_option *all,
                struct why *why);

/* The option's row in own or all, or NULL. len: length of name. */
const struct args_option *args_find(const struct args_option *own,
                                    const struct args_option *all,
                                    const char *name, size_t len);

const char *args_value(const struct args *a, const char *name); /* or NULL */
const char *args_nth(const struct args *a, const char *name, size_t n);
bool args_has(const struct args *a, const char *name);

#endif
