/* device_options.c - the three files that make a device.
 *
 * Start at device_options_parse(). Tests: test/system/test_device.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/posix-device/device_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char OPTIONS_HELP[] =
    "  --flash FILE     the device's NOR flash (`tern flash create`)\n"
    "  --identity FILE  who it is and where its server is, JSON\n"
    "                   (`tern device create ... --identity FILE`)\n"
    "  --key FILE       public key that signs its images, 65 bytes\n"
    "                   (`tern key show KEY --point FILE`)\n"
    "  --help, --version\n";

static _Noreturn void usage_error(const char *program, const char *what,
                                  const char *about)
{
    (void)fprintf(stderr, "%s: %s%s; see `%s --help`\n", program, what, about,
                  program);
    exit(DEVICE_EXIT_USAGE);
}

/* realpath() needs PATH_MAX bytes; a path that does not exist keeps its words,
 * and whoever opens it says so better. */
static void path_take(char out[PATH_MAX], const char *program, const char *path)
{
    if (realpath(path, out) != NULL)
        return;
    if (errno == ENAMETOOLONG || strlen(path) >= PATH_MAX)
        usage_error(program, "this path is too long: ", path);
    memcpy(out, path, strlen(path) + 1);
}

static void need(const char *program, const char *value, const char *option)
{
    if (value[0] == '\0')
        usage_error(program, "needed and not given: ", option);
}

void device_options_parse(struct device_options *o, int argc, char **argv,
                          const char *summary)
{
    static const struct option OPTIONS[] = {
        {"flash", required_argument, NULL, 'f'},
        {"identity", required_argument, NULL, 'i'},
        {"key", required_argument, NULL, 'k'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };
    int c;

    memset(o, 0, sizeof *o);
    while ((c = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
        switch (c) {
        case 'f':
            path_take(o->flash, argv[0], optarg);
            break;
        case 'i':
            path_take(o->identity, argv[0], optarg);
            break;
        case 'k':
            path_take(o->key, argv[0], optarg);
            break;
        case 'h':
            (void)printf("usage: %s --flash FILE --identity FILE --key FILE\n"
                         "\n%s\n%s",
                         argv[0], summary, OPTIONS_HELP);
            exit(DEVICE_EXIT_OK);
        case 'v':
            (void)printf("Tern %s\n", TERN_VERSION);
            exit(DEVICE_EXIT_OK);
        default: /* getopt_long has said what is wrong */
            usage_error(argv[0], "this command line is not understood", "");
        }
    }
    if (optind < argc)
        usage_error(argv[0], "not understood: ", argv[optind]);
    need(argv[0], o->flash, "--flash FILE");
    need(argv[0], o->identity, "--identity FILE");
    need(argv[0], o->key, "--key FILE");
}
