/* cmd_token.c - `tern token`. Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "cli/show.h"

static const struct view_column FIELDS[] = {
    {"token", "token", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static bool role_known(const char *role)
{
    return strcmp(role, "viewer") == 0 || strcmp(role, "operator") == 0 ||
           strcmp(role, "admin") == 0;
}

static int create(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/tokens");
    const char *role = args_value(&c->args, "role");

    if (!role_known(role))
        return cli_usage(c,
                         "there is no role %s; it is viewer, operator or "
                         "admin",
                         role);
    json_t *body =
        json_pack("{s:s,s:s}", "name", c->args.words[0], "role", role);
    return show_send(c, "POST", &path, body, FIELDS);
}

static const struct args_option CREATE_OPTIONS[] = {
    {"role", "R", ARGS_MUST, "viewer, operator or admin"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_TOKEN[] = {
    {"create", "NAME", "Make an API token; it is shown this once",
     CREATE_OPTIONS, create},
    {NULL, NULL, NULL, NULL, NULL},
};
