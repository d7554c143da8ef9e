/* http_products.c - products: create, list, get, slot size and keys.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/text.h"
#include "server/core/names.h"
#include "server/core/release_keys.h"
#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

#define SLOT_MEMBER(into, must_be)                                             \
    {                                                                          \
        .name = "slot_bytes", .kind = MEMBER_U32, .required = (must_be),       \
        .out = &(into), .must = "a whole number from 4096 to 1000000000",      \
        .min = MODEL_SLOT_MIN, .max = MODEL_SLOT_MAX                           \
    }

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
        SLOT_MEMBER(p->slot_bytes, false),
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

    if (http_members(r, members, 3))
        http_command(r, &cmd, product_created);
}

void http_product_get(struct http_request *r)
{
    const char *key;

    if (http_path_product(r, &key))
        reply_product(r, MHD_HTTP_OK, key);
}

static void product_changed(struct http_request *r)
{
    if (http_result_ok(r))
        reply_product(r, MHD_HTTP_OK, r->result.key);
}

void http_product_slot(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_PRODUCT_SLOT};
    struct product *p = &cmd.u.product;
    const struct http_member member = SLOT_MEMBER(p->slot_bytes, true);
    const char *key;

    if (!http_path_product(r, &key) || !http_members(r, &member, 1))
        return;
    (void)http_text_copy(p->key, sizeof p->key, key);
    http_command(r, &cmd, product_changed);
}

void http_product_keys(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_PRODUCT_KEYS};
    struct product *p = &cmd.u.product;
    char keys[MODEL_KEYS_MAX][MODEL_KEY_TEXT_MAX];
    uint32_t count = 0;
    const struct http_member member = {
        .name = "keys",
        .kind = MEMBER_TEXTS,
        .required = true,
        .out = keys,
        .text_max = sizeof keys[0],
        .ok = release_key_is_ok,
        .must = "a list of up to 4 keys, in lower-case hex digits: a point on "
                "P-256 (04 and 128 of them) or an RSA-2048 modulus (512), as "
                "`tern key show` prints them",
        .max = MODEL_KEYS_MAX,
        .count = &count};
    struct text t = text_in(p->release_keys, sizeof p->release_keys);
    const char *key;

    if (!http_path_product(r, &key) || !http_members(r, &member, 1))
        return;
    (void)http_text_copy(p->key, sizeof p->key, key);
    for (uint32_t i = 0; i < count; i++) {
        text_add(&t, i ? " " : "");
        text_add(&t, keys[i]);
    }
    http_command(r, &cmd, product_changed);
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
