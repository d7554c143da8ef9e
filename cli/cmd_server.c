/* cmd_server.c - `tern server`: what devices have to know of the server.
 * Tests: test/system/test_tls.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "cli/file.h"
#include "cli/show.h"

static int ca_save(const struct cli *c, const char *path, const char *pem)
{
    struct why why;

    if (!file_replace(path, pem, strlen(pem), &why))
        return cli_refuse(c, "%s", why.text);
    if (!c->json)
        (void)printf("%s: the CA; `tern device create ... --identity FILE --ca "
                     "%s` makes a device trust it\n",
                     path, path);
    return CLI_OK;
}

static int ca(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/ca");
    struct api a;
    json_t *reply = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_call(&a, "GET", &path, NULL, &reply);
    const char *pem = json_string_value(json_object_get(reply, "ca"));
    if (code == CLI_OK && !pem)
        code = cli_refuse(c, "the server's answer lacks the CA");
    if (code == CLI_OK && pem && c->args.words[0])
        code = ca_save(c, c->args.words[0], pem);
    if (code == CLI_OK && c->json)
        view_json(reply);
    else if (code == CLI_OK && !c->args.words[0])
        (void)fputs(pem, stdout);
    json_decref(reply);
    api_close(&a);
    return code;
}

const struct cli_command CMD_SERVER[] = {
    {"ca", "[FILE]", "Show or save the CA of the broker's TLS certificate",
     NULL, ca},
    {NULL, NULL, NULL, NULL, NULL},
};
