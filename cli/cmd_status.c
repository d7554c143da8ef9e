/* cmd_status.c - `tern status`. Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/show.h"

static int status(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/status");
    struct api a;
    json_t *reply = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_call(&a, "GET", &path, NULL, &reply);
    if (code == CLI_OK && c->json)
        view_json(reply);
    else if (code == CLI_OK)
        view_members(reply); /* whatever this server says about itself */
    json_decref(reply);
    api_close(&a);
    return code;
}

const struct cli_command CMD_STATUS[] = {
    {"", "", "Show the server's state", NULL, status},
    {NULL, NULL, NULL, NULL, NULL},
};
