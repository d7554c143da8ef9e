/* show.c - ask the server and show the answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/show.h"

void show_object(const struct cli *c, const json_t *o,
                 const struct view_column *columns)
{
    if (c->json)
        view_json(o);
    else
        view_one(o, columns);
}

/* body: borrowed. */
static int call(const struct cli *c, const char *method,
                const struct api_path *path, const json_t *body,
                const struct view_column *columns)
{
    struct api a;
    json_t *reply = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_call(&a, method, path, body, &reply);
    if (code == CLI_OK)
        show_object(c, reply, columns);
    json_decref(reply);
    api_close(&a);
    return code;
}

int show_get(const struct cli *c, const struct api_path *path,
             const struct view_column *columns)
{
    return call(c, "GET", path, NULL, columns);
}

int show_post(const struct cli *c, const struct api_path *path,
              const struct view_column *columns)
{
    return call(c, "POST", path, NULL, columns);
}

int show_send(const struct cli *c, const char *method,
              const struct api_path *path, json_t *body,
              const struct view_column *columns)
{
    if (!body)
        return cli_usage(c, "what is given is not UTF-8 text");
    int code = call(c, method, path, body, columns);
    json_decref(body);
    return code;
}

int show_list(const struct cli *c, const struct api_path *path, uint32_t most,
              const struct view_column *columns)
{
    struct api a;
    json_t *items = NULL;
    int code = api_open(&a, c);

    if (code == CLI_OK)
        code = api_list(&a, path, most, &items);
    if (code == CLI_OK && c->json) {
        json_t *o = json_pack("{s:O}", "items", items);
        view_json(o);
        json_decref(o);
    } else if (code == CLI_OK) {
        view_list(items, columns);
    }
    json_decref(items);
    api_close(&a);
    return code;
}
