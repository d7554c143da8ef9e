/* device_options.h - the three files that make a device: which flash, who it
 * is, whose images it trusts. The board and the program in its slot take the
 * same options.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_DEVICE_OPTIONS_H
#define TERN_DEVICE_OPTIONS_H

#include <limits.h>

enum { DEVICE_EXIT_OK = 0, DEVICE_EXIT_FAILED = 1, DEVICE_EXIT_USAGE = 2 };

struct device_options { /* absolute paths */
    char flash[PATH_MAX];
    char identity[PATH_MAX];
    char key[PATH_MAX];
};

/* Fill o from the command line. --help and --version print and end the
 * process; a mistake prints a sentence on stderr and ends it with
 * DEVICE_EXIT_USAGE.
 *
 * summary  what the program does, for --help; ends in a line feed. */
void device_options_parse(struct device_options *o, int argc, char **argv,
                          const char *summary);

#endif
