/* cmd_product.c - `tern product`. Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/show.h"

static const struct view_column COLUMNS[] = {
    {"PRODUCT KEY", "product_key", VIEW_TEXT},
    {"NAME", "name", VIEW_TEXT},
    {"CREATED", "created_ms", VIEW_TIME},
    {NULL, NULL, VIEW_TEXT},
};

static int create(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/products");
    json_t *body = json_pack("{s:s,s:s*}", "name", c->args.words[0],
                             "product_key", args_value(&c->args, "key"));

    return show_send(c, "POST", &path, body, COLUMNS);
}

static int list(struct cli *c)
{
    const struct api_path path = api_path("/api/v1/products");

    return show_list(c, &path, 0, COLUMNS);
}

static const struct args_option CREATE_OPTIONS[] = {
    {"key", "PK", ARGS_MAY, "its productKey (one is made up)"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_PRODUCT[] = {
    {"create", "NAME", "Add a product", CREATE_OPTIONS, create},
    {"list", "", "Show all products", NULL, list},
    {NULL, NULL, NULL, NULL, NULL},
};
