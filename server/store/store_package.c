/* store_package.c - packages. A column of its own holds the blob's id, because
 * every download begins with a look-up by it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "server/core/link.h"
#include "server/store/store_table.h"

struct package_row {
    struct package package;
    char blob_id[LINK_BLOB_ID + 1];
};

#define NUMBER(member, kind)                                                   \
    {                                                                          \
#member, kind, offsetof(struct package_row, package.member), 0         \
    }
#define TEXT(member)                                                           \
    {                                                                          \
#member, FIELD_TEXT, offsetof(struct package_row, package.member),     \
            sizeof(((struct package_row *)0)->package.member)                  \
    }
#define CHOICE(member, values)                                                 \
    {                                                                          \
#member, FIELD_ENUM, offsetof(struct package_row, package.member),     \
            values                                                             \
    }

static const struct field FIELDS[] = {
    NUMBER(id, FIELD_I64),
    TEXT(product_key),
    TEXT(name),
    TEXT(module),
    TEXT(version),
    CHOICE(state, PACKAGE_VERIFY_FAILED + 1),
    CHOICE(sign_method, SIGN_SHA256 + 1),
    NUMBER(size_bytes, FIELD_U32),
    TEXT(sha256),
    TEXT(md5),
    TEXT(image),
    TEXT(checks),
    NUMBER(created_ms, FIELD_I64),
    FIELD_TEXT_OF(package_row, blob_id),
    NUMBER(row_version, FIELD_I64),
};

static const struct table PACKAGE = {"package", FIELDS,
                                     sizeof FIELDS / sizeof FIELDS[0],
                                     sizeof(struct package_row)};

static struct package_row row_of(const struct package *p)
{
    struct package_row row = {.package = *p};

    (void)snprintf(row.blob_id, sizeof row.blob_id, "%.*s", LINK_BLOB_ID,
                   p->sha256);
    return row;
}

ota_err store_package_add(struct store *s, struct package *p, struct diag *why)
{
    struct package_row row = row_of(p);
    ota_err e = table_add(s, &PACKAGE, &row, &p->id, why);

    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no product %s", p->product_key);
    return e;
}

ota_err store_package_save(struct store *s, struct package *p, struct diag *why)
{
    struct package_row row = row_of(p);
    ota_err e = table_save(s, &PACKAGE, &row, why);

    if (e == OTA_OK)
        *p = row.package;
    return e;
}

static ota_err find(struct store *s, const struct query *q, const char *tail,
                    struct package *p, struct diag *why)
{
    struct package_row row = {.blob_id = ""};
    ota_err e = table_find(s, &PACKAGE, q, tail, &row, why);

    if (e == OTA_OK)
        *p = row.package;
    return e;
}

ota_err store_package_get(struct store *s, int64_t id, struct package *p,
                          struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "id = $?", id);
    ota_err e = find(s, &q, "", p, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no package %lld", (long long)id);
    return e;
}

ota_err store_package_by_blob(struct store *s, const char *blob_id,
                              struct package *p, struct diag *why)
{
    struct query q = {.count = 0};

    query_text(&q, "blob_id = $?", blob_id);
    ota_err e = find(s, &q, "ORDER BY id", p, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no package with a file %.40s", blob_id);
    return e;
}

struct each_package {
    bool (*each)(void *, const struct package *);
    void *ctx;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_package *c = ctx;

    return c->each(c->ctx, &((const struct package_row *)row)->package);
}

ota_err store_packages(struct store *s, const struct store_filter *f,
                       bool (*each)(void *, const struct package *), void *ctx,
                       struct diag *why)
{
    struct each_package c = {each, ctx};
    struct query q = {.count = 0};

    filter_text(&q, "product_key = $?", f->product_key);
    filter_number(&q, "id = $?", f->package_id);
    if (f->state)
        query_number(&q, "state = $?", *f->state);
    return table_list(s, &PACKAGE, &q, f, each_row, &c, why);
}
