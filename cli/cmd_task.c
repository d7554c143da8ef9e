/* cmd_task.c - `tern task`: single updates of single devices, and the table by
 * which they go. Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/show.h"
#include "server/core/task_step.h"

static const struct view_column COLUMNS[] = {
    {"ID", "id", VIEW_NUMBER},
    {"DEVICE", "device_name", VIEW_TEXT},
    {"PACKAGE", "package_id", VIEW_NUMBER},
    {"STATE", "state", VIEW_TEXT},
    {"STEP", "step", VIEW_NUMBER},
    {"FROM", "source_version", VIEW_TEXT},
    {"CHANGED", "changed_ms", VIEW_TIME},
    {"REASON", "reason", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column FIELDS[] = {
    {"id", "id", VIEW_TEXT},
    {"job", "job_id", VIEW_TEXT},
    {"package", "package_id", VIEW_TEXT},
    {"product key", "product_key", VIEW_TEXT},
    {"device name", "device_name", VIEW_TEXT},
    {"state", "state", VIEW_TEXT},
    {"reason", "reason", VIEW_TEXT},
    {"step", "step", VIEW_TEXT},
    {"pushes", "pushes", VIEW_TEXT},
    {"source version", "source_version", VIEW_TEXT},
    {"created", "created_ms", VIEW_TIME},
    {"changed", "changed_ms", VIEW_TIME},
    {"deadline", "deadline_ms", VIEW_TIME},
    {NULL, NULL, VIEW_TEXT},
};

static int list(struct cli *c)
{
    struct api_path path = api_path("/api/v1/tasks");

    api_path_query(&path, "product_key", c->args.words[0]);
    if (c->args.words[1])
        api_path_query(&path, "device_name", c->args.words[1]);
    return show_list(c, &path, 0, COLUMNS);
}

static int show(struct cli *c)
{
    struct api_path path = api_path("/api/v1/tasks");
    int code = api_path_add_id(c, &path, c->args.words[0]);

    return code == CLI_OK ? show_get(c, &path, FIELDS) : code;
}

static int cancel(struct cli *c)
{
    struct api_path path = api_path("/api/v1/tasks");
    int code = api_path_add_id(c, &path, c->args.words[0]);

    api_path_add(&path, "cancel");
    return code == CLI_OK ? show_post(c, &path, FIELDS) : code;
}

static const struct view_column RULE_COLUMNS[] = {
    {"FROM", "from", VIEW_TEXT}, {"ON", "on", VIEW_TEXT},
    {"TO", "to", VIEW_TEXT},     {"ACTION", "action", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static int diagram(struct cli *c)
{
    size_t count;
    const struct task_rule *rules = task_rules(&count);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s,s:s,s:s}", "from",
                            task_state_name(rules[i].from), "on",
                            task_event_name(rules[i].on), "to",
                            task_state_name(rules[i].to), "action",
                            task_action_name(rules[i].action)));
    if (c->json)
        view_json(list);
    else
        view_list(list, RULE_COLUMNS);
    json_decref(list);
    return CLI_OK;
}

const struct cli_command CMD_TASK[] = {
    {"list", "PK [DN]", "Show the tasks of a product or a device", NULL, list},
    {"show", "ID", "Show one task", NULL, show},
    {"cancel", "ID", "Give a task up", NULL, cancel},
    {"diagram", "", "Print the table of task states", NULL, diagram},
    {NULL, NULL, NULL, NULL, NULL},
};
