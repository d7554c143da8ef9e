/* http_products.c - products: create, list, get.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/names.h"
#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

static void reply_product(struct http_request *r, unsigned status,
                          const char *key)
{
    struct diag why = {""};
    struct product p;
    struct store *reader = http_reader_take(r);
    ota_err e = store_product_get(reader, key, &p, &why);

    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    else
        http_reply_json(r, status, http_model_product(&p));
}

static void product_created(struct http_request *r)
{
    if (http_result_ok(r))
        reply_product(r, MHD_HTTP_CREATED, r->result.key);
}

void http_product_create(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_PRODUCT_CREATE};
    struct product *p = &cmd.u.product;
    const struct http_member members[] = {
        {.name = "name",
         .kind = MEMBER_TEXT,
         .required = true,
         .out = p->name,
         .text_max = sizeof p->name,
         .ok = name_is_ok,
         .must = "a text of 1 to 80 bytes without control characters"},
        {.name = "product_key",
         .kind = MEMBER_TEXT,
         .out = p->key,
         .text_max = sizeof p->key,
         .ok = identity_product_key_ok,
         .must = "1 to 32 letters and digits"},
    };

    if (http_members(r, members, 2))
        http_command(r, &cmd, product_created);
}

void http_product_get(struct http_request *r)
{
    const char *key;

    if (http_path_product(r, &key))
        reply_product(r, MHD_HTTP_OK, key);
}

static bool add(void *ctx, const struct product *p)
{
    return http_list_add(ctx, p->id, http_model_product(p));
}

static ota_err read_page(struct store *s, const struct store_filter *f,
                         struct http_list *l, struct diag *why)
{
    return store_products(s, f, add, l, why);
}

void http_product_list(struct http_request *r)
{
    http_list(r, &(struct store_filter){0}, read_page);
}
