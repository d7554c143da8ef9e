/* main.c - `tern-board`, the emulated i.MX RT1060 board as a program. A run is
 * session.c; a power-cut sweep is sweep.c; the board itself is board.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "emu/options.h"
#include "emu/session.h"
#include "emu/sweep.h"

static int refuse(const struct board_why *why)
{
    (void)fprintf(stderr, "tern-board: %s.\n  `tern-board --help` says more.\n",
                  why->text);
    return SESSION_USAGE;
}

static int run(int argc, char **argv)
{
    struct options_run o;
    struct board_why why = {""};

    switch (options_run_parse(&o, argc, argv, &why)) {
    case OPTIONS_OK:
        return session_run(&o);
    case OPTIONS_HELP:
        options_help(stdout);
        return 0;
    case OPTIONS_USAGE:
        break;
    }
    return refuse(&why);
}

static int sweep(int argc, char **argv)
{
    struct options_sweep o;
    struct board_why why = {""};

    switch (options_sweep_parse(&o, argc, argv, &why)) {
    case OPTIONS_OK:
        return sweep_run(&o);
    case OPTIONS_HELP:
        options_help(stdout);
        return 0;
    case OPTIONS_USAGE:
        break;
    }
    return refuse(&why);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        (void)puts("tern-board " TERN_VERSION);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "sweep") == 0)
        return sweep(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "run") == 0)
        return run(argc - 2, argv + 2);
    return run(argc - 1, argv + 1);
}
