/* cmd_token.c - `tern token`. Tests: test/system/test_cli.py,
 * test_cli_console.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "cli/show.h"

static const struct view_column FIELDS[] = {
    {"token", "token", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column COLUMNS[] = {
    {"NAME", "name", VIEW_TEXT},
    {"ROLE", "role", VIEW_TEXT},
    {"CREATED", "created_ms", VIEW_TIME},
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

static int list(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/tokens");

    return show_list(c, &path, 0, COLUMNS);
}

/* People know tokens by name, the API by id. */
static json_int_t id_of(const json_t *tokens, const char *name)
{
    const json_t *t;
    size_t i;

    json_array_foreach(tokens, i, t)
    {
        const char *has = json_string_value(json_object_get(t, "name"));
        if (has && strcmp(has, name) == 0)
            return json_integer_value(json_object_get(t, "id"));
    }
    return 0;
}

static int revoke_open(struct api *a, const char *name)
{
    struct api_path path = api_path("/api/v1/tokens");
    json_t *tokens = NULL;
    char id[24];

    int code = api_list(a, &path, 0, &tokens);
    json_int_t found = code == CLI_OK ? id_of(tokens, name) : 0;
    json_decref(tokens);
    if (code != CLI_OK)
        return code;
    if (found == 0)
        return cli_refuse(a->cli, "there is no token named %s", name);
    (void)snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, found);
    api_path_add(&path, id);
    return api_delete(a, &path);
}

static int revoke(struct cli *c)
{
    const char *name = c->args.words[0];
    struct api a;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = revoke_open(&a, name);
    if (code == CLI_OK && c->json) {
        json_t *o = json_pack("{s:s}", "revoked", name);
        view_json(o);
        json_decref(o);
    }
    api_close(&a);
    return code;
}

static const struct args_option CREATE_OPTIONS[] = {
    {"role", "R", ARGS_MUST, "viewer, operator or admin"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_TOKEN[] = {
    {"create", "NAME", "Make an API token; it is shown this once",
     CREATE_OPTIONS, create},
    {"list", "", "Show who has a token", NULL, list},
    {"revoke", "NAME", "End a token and its sign-ins", NULL, revoke},
    {NULL, NULL, NULL, NULL, NULL},
};
