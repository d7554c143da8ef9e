/* store_product.c - products.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

static const struct field FIELDS[] = {
    FIELD_OF(product, id, FIELD_I64),
    FIELD_TEXT_OF(product, key),
    FIELD_TEXT_OF(product, name),
    FIELD_OF(product, slot_bytes, FIELD_U32),
    FIELD_TEXT_OF(product, release_keys),
    FIELD_OF(product, created_ms, FIELD_I64),
    FIELD_OF(product, row_version, FIELD_I64),
};

static const struct table PRODUCT = TABLE_OF(product, FIELDS);

ota_err store_product_add(struct store *s, const struct product *p,
                          struct diag *why)
{
    ota_err e = table_add(s, &PRODUCT, p, NULL, why);

    if (e == OTA_ERR_EXISTS)
        diag_set(why, "there is already a product %s", p->key);
    return e;
}

ota_err store_product_save(struct store *s, struct product *p, struct diag *why)
{
    return table_save(s, &PRODUCT, p, why);
}

ota_err store_product_get(struct store *s, const char *key, struct product *p,
                          struct diag *why)
{
    struct query q = {.count = 0};

    query_text(&q, "key = $?", key);
    ota_err e = table_find(s, &PRODUCT, &q, "", p, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no product %s", key);
    return e;
}

struct each_product {
    bool (*each)(void *, const struct product *);
    void *ctx;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_product *c = ctx;

    return c->each(c->ctx, row);
}

ota_err store_products(struct store *s, const struct store_filter *f,
                       bool (*each)(void *, const struct product *), void *ctx,
                       struct diag *why)
{
    struct each_product c = {each, ctx};
    struct query q = {.count = 0};

    filter_text(&q, "key = $?", f->product_key);
    return table_list(s, &PRODUCT, &q, f, each_row, &c, why);
}
