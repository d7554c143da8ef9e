/* cmd_event.c - `tern event`: what happened, oldest first, or what happens.
 * Tests: test/system/test_cli.py, test_cli_console.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/follow.h"
#include "cli/show.h"

static const struct view_column COLUMNS[] = {
    {"ID", "id", VIEW_NUMBER},
    {"TIME", "at_ms", VIEW_TIME},
    {"ACTOR", "actor", VIEW_TEXT},
    {"KIND", "kind", VIEW_TEXT},
    {"DEVICE", "device_name", VIEW_TEXT},
    {"TASK", "task_id", VIEW_NUMBER},
    {"TEXT", "text", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

/* The filters: option and query have one meaning and two spellings. */
static const struct {
    const char *option, *query;
} FILTERS[] = {
    {"product", "product_key"}, {"device", "device_name"},
    {"package", "package_id"},  {"job", "job_id"},
    {"task", "task_id"},
};

static int follow(struct cli *c, const struct api_path *path)
{
    struct api a;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = follow_events(&a, path);
    api_close(&a);
    return code;
}

static int list(struct cli *c)
{
    bool goes_on = args_has(&c->args, "follow");
    struct api_path path =
        api_path(goes_on ? "/api/v1/stream" : "/api/v1/events");
    uint32_t most = 0;

    if (goes_on && args_has(&c->args, "limit"))
        return cli_usage(c,
                         "--follow shows what comes, so there is no --limit");
    for (size_t i = 0; i < sizeof FILTERS / sizeof FILTERS[0]; i++) {
        const char *value = args_value(&c->args, FILTERS[i].option);
        if (value)
            api_path_query(&path, FILTERS[i].query, value);
    }
    if (goes_on)
        return follow(c, &path);
    int code = cli_number(c, "limit", 1, UINT32_MAX, &most);
    return code == CLI_OK ? show_list(c, &path, most, COLUMNS) : code;
}

static const struct args_option LIST_OPTIONS[] = {
    {"product", "PK", ARGS_MAY, "only about this product"},
    {"device", "DN", ARGS_MAY, "only about devices of this name"},
    {"package", "ID", ARGS_MAY, "only about this package"},
    {"job", "ID", ARGS_MAY, "only about this job"},
    {"task", "ID", ARGS_MAY, "only about this task"},
    {"limit", "N", ARGS_MAY, "only the first N"},
    {"follow", NULL, ARGS_MAY, "what happens from now on, until Ctrl-C"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_EVENT[] = {
    {"list", "", "Show what happened, oldest first", LIST_OPTIONS, list},
    {NULL, NULL, NULL, NULL, NULL},
};
