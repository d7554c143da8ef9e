/* cli.c - find the row, check the words, run it; and the help, made from the
 * same rows. Start at cli_main(). Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

enum { LEFT_COLUMN = 38 };

static const struct cli_group GROUPS[] = {
    {"key", "signing keys", CMD_KEY},
    {"image", "sign and inspect firmware images", CMD_IMAGE},
    {"flash", "a device's flash file: record and slots", CMD_FLASH},
    {"board", "the flash file of an emulated board", CMD_BOARD},
    {"status", "is the server up, and what does it do", CMD_STATUS},
    {"product", "kinds of devices", CMD_PRODUCT},
    {"device", "single devices", CMD_DEVICE},
    {"package", "firmware that is uploaded and verified", CMD_PACKAGE},
    {"task", "one update of one device", CMD_TASK},
    {"event", "what happened", CMD_EVENT},
    {"token", "who may use the API", CMD_TOKEN},
};
enum { GROUP_COUNT = sizeof GROUPS / sizeof GROUPS[0] };

const struct args_option CLI_OPTIONS[] = {
    {"data", "DIR", ARGS_MAY, "data folder of a ternd on this machine"},
    {"server", "URL", ARGS_MAY, "a server elsewhere, with --token-file"},
    {"token-file", "FILE", ARGS_MAY, "file that holds the API token"},
    {"json", NULL, ARGS_MAY, "print JSON"},
    {"help", NULL, ARGS_MAY, "show this help"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static void complain(const struct cli *c, const char *what, char *text)
{
    size_t len = strlen(text);
    const char *stop = len > 0 && strchr(".!?", text[len - 1]) ? "" : ".";

    say_clean(text);
    (void)fflush(stdout);
    (void)fprintf(stderr, "tern: ");
    if (c->group)
        (void)fprintf(stderr, "%s", c->group->name);
    if (c->command && c->command->name[0])
        (void)fprintf(stderr, " %s", c->command->name);
    (void)fprintf(stderr, "%s%s%s%s\n", c->group ? ": " : "", what, text, stop);
}

void cli_warn(const struct cli *c, const char *format, ...)
{
    char text[WHY_MAX];
    va_list ap;

    va_start(ap, format);
    (void)vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    complain(c, "note: ", text);
}

static void print_usage_line(FILE *to, const struct cli *c)
{
    (void)fprintf(to, "tern %s", c->group ? c->group->name : "GROUP");
    if (!c->command) {
        (void)fprintf(to, " COMMAND ...\n");
        return;
    }
    if (c->command->name[0])
        (void)fprintf(to, " %s", c->command->name);
    for (const struct args_option *o = c->command->options; o && o->name; o++) {
        bool must = o->kind == ARGS_MUST || o->kind == ARGS_MUST_MANY;
        if (must)
            (void)fprintf(to, " --%s %s", o->name, o->value);
    }
    (void)fprintf(to, " [OPTIONS]");
    if (c->command->args[0])
        (void)fprintf(to, " %s", c->command->args);
    (void)fprintf(to, "\n");
}

static void print_usage(const struct cli *c)
{
    if (c->command) {
        (void)fprintf(stderr, "  usage: ");
        print_usage_line(stderr, c);
    }
    (void)fprintf(stderr, "  `tern%s%s%s%s --help` says more.\n",
                  c->group ? " " : "", c->group ? c->group->name : "",
                  c->command && c->command->name[0] ? " " : "",
                  c->command ? c->command->name : "");
}

int cli_end(const struct cli *c, enum cli_exit code, const char *format, ...)
{
    char text[WHY_MAX];
    va_list ap;

    va_start(ap, format);
    (void)vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    complain(c, "", text);
    if (code == CLI_USAGE)
        print_usage(c);
    return (int)code;
}

int cli_number(const struct cli *c, const char *option, uint32_t min,
               uint32_t max, uint32_t *value)
{
    const char *text = args_value(&c->args, option);
    char *end;

    if (!text)
        return CLI_OK;
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    errno = 0;
    unsigned long long n = strtoull(text, &end, hex ? 16 : 10);
    if (text[0] < '0' || text[0] > '9' || *end != 0 || (hex && !text[2]))
        return cli_usage(c,
                         "--%s %s is not a number; write it like 1024 or "
                         "0x400",
                         option, text);
    if (errno != 0 || n < min || n > max)
        return cli_usage(c, "--%s %s is outside %u..%u", option, text, min,
                         max);
    *value = (uint32_t)n;
    return CLI_OK;
}

static void print_options(FILE *to, const struct args_option *o)
{
    for (; o && o->name; o++) {
        char left[64];
        bool many = o->kind == ARGS_MANY || o->kind == ARGS_MUST_MANY;
        (void)snprintf(left, sizeof left, "--%s%s%s%s", o->name,
                       o->value ? " " : "", o->value ? o->value : "",
                       many ? "..." : "");
        (void)fprintf(to, "  %-*s %s\n", LEFT_COLUMN - 16, left, o->help);
    }
}

static void print_row(FILE *to, const struct cli_group *g,
                      const struct cli_command *r)
{
    char left[80];

    (void)snprintf(left, sizeof left, "%s%s%s%s%s", g->name,
                   r->name[0] ? " " : "", r->name, r->args[0] ? " " : "",
                   r->args);
    (void)fprintf(to, "  tern %-*s %s\n", LEFT_COLUMN - 6, left, r->help);
}

/* Help for as much as is known: all, one group, or one command. */
static void print_help(FILE *to, const struct cli *c)
{
    if (c->command) {
        (void)fprintf(to, "%s.\n\n  ", c->command->help);
        print_usage_line(to, c);
        (void)fprintf(to, "\n");
        print_options(to, c->command->options);
        (void)fprintf(to, "\nOptions of every command:\n");
        print_options(to, CLI_OPTIONS);
        return;
    }
    (void)fprintf(to, "tern %s - firmware updates over the air\n\n",
                  TERN_VERSION);
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        const struct cli_group *g = c->group ? c->group : &GROUPS[i];
        (void)fprintf(to, "%s: %s\n", g->name, g->help);
        for (const struct cli_command *r = g->commands; r->name; r++)
            print_row(to, g, r);
        if (c->group)
            return;
    }
    (void)fprintf(to, "\nOptions of every command:\n");
    print_options(to, CLI_OPTIONS);
    (void)fprintf(
        to, "\nTERN_DATA, TERN_SERVER and TERN_TOKEN_FILE say the same as the "
            "first three.\n"
            "Exit code: 0 done, 1 refused or failed, 2 wrong usage, 3 no "
            "server.\n");
}

static const struct cli_group *group_find(const char *name)
{
    for (size_t i = 0; i < GROUP_COUNT; i++)
        if (strcmp(GROUPS[i].name, name) == 0)
            return &GROUPS[i];
    return NULL;
}

static const struct cli_command *command_find(const struct cli_group *g,
                                              const char *name)
{
    for (const struct cli_command *r = g->commands; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

/* Take the first word that is no option (nor the value of one that every
 * command has) out of argv. NULL if there is none. */
static const char *word_take(int *argc, char **argv)
{
    for (int i = 0; i < *argc; i++) {
        const char *text = argv[i];
        if (text[0] != '-') {
            memmove(&argv[i], &argv[i + 1],
                    (size_t)(*argc - i) * sizeof argv[0]);
            (*argc)--;
            return text;
        }
        const struct args_option *o =
            strncmp(text, "--", 2) == 0
                ? args_find(NULL, CLI_OPTIONS, text + 2, strlen(text + 2))
                : NULL;
        if (!o)
            return NULL;
        if (o->value)
            i++;
    }
    return NULL;
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int no_command(const struct cli *c, int argc, char **argv)
{
    if (asks_help(argc, argv)) {
        print_help(stdout, c);
        return CLI_OK;
    }
    for (int i = 0; i < argc; i++)
        if (argv[i][0] == '-' &&
            !args_find(NULL, CLI_OPTIONS, argv[i] + 2, strlen(argv[i]) - 2))
            return cli_usage(c, "there is no option %s here", argv[i]);
    print_help(stderr, c);
    return CLI_USAGE;
}

static int help_about(struct cli *c, int argc, char **argv)
{
    const char *name = word_take(&argc, argv);

    if (name && !(c->group = group_find(name)))
        return cli_usage(c, "there is no command '%s'", name);
    name = name ? word_take(&argc, argv) : NULL;
    if (name && !(c->command = command_find(c->group, name)))
        return cli_usage(c, "there is no command '%s'", name);
    print_help(stdout, c);
    return CLI_OK;
}

static int run(struct cli *c, int argc, char **argv)
{
    const char *name = word_take(&argc, argv);
    struct why why;

    if (!name)
        return no_command(c, argc, argv);
    if (strcmp(name, "help") == 0)
        return help_about(c, argc, argv);
    if (!(c->group = group_find(name)))
        return cli_usage(c, "there is no command '%s'", name);
    c->command = command_find(c->group, "");
    if (!c->command) {
        name = word_take(&argc, argv);
        if (!name)
            return no_command(c, argc, argv);
        if (!(c->command = command_find(c->group, name)))
            return cli_usage(c, "there is no command '%s'", name);
    }
    if (asks_help(argc, argv)) {
        print_help(stdout, c);
        return CLI_OK;
    }
    if (!args_parse(&c->args, argc, argv, c->command->args, c->command->options,
                    CLI_OPTIONS, &why))
        return cli_usage(c, "%s", why.text);
    c->json = args_has(&c->args, "json");
    return c->command->run(c);
}

int cli_main(int argc, char **argv)
{
    struct cli c = {0};

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return cli_refuse(&c, "the HTTP library does not start");
    int code = run(&c, argc - 1, argv + 1);
    curl_global_cleanup();
    if (fflush(stdout) != 0 && code == CLI_OK)
        return cli_refuse(&c, "cannot write the output: %s", strerror(errno));
    return code;
}
