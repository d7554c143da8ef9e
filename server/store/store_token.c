/* store_token.c - API tokens, by the hash of their text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

static const struct field FIELDS[] = {
    FIELD_OF(token, id, FIELD_I64),
    FIELD_TEXT_OF(token, name),
    FIELD_ENUM_OF(token, role, ROLE_ADMIN + 1),
    FIELD_TEXT_OF(token, sha256),
    FIELD_OF(token, created_ms, FIELD_I64),
};

static const struct table TOKEN = TABLE_OF(token, FIELDS);

ota_err store_token_add(struct store *s, const struct token *t,
                        struct diag *why)
{
    ota_err e = table_add(s, &TOKEN, t, NULL, why);

    if (e == OTA_ERR_EXISTS)
        diag_set(why, "there is already a token named %s", t->name);
    return e;
}

ota_err store_token_by_hash(struct store *s, const char *sha256,
                            struct token *t, struct diag *why)
{
    struct query q = {.count = 0};

    query_text(&q, "sha256 = $?", sha256);
    return table_find(s, &TOKEN, &q, "", t, why);
}

ota_err store_token_get(struct store *s, int64_t id, struct token *t,
                        struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "id = $?", id);
    ota_err e = table_find(s, &TOKEN, &q, "", t, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no token %lld", (long long)id);
    return e;
}

ota_err store_token_remove(struct store *s, int64_t id, struct diag *why)
{
    const struct value v = {NULL, id};

    ota_err e = table_run(s, "DELETE FROM session WHERE token_id = $1", &v, 1,
                          NULL, why);
    return e == OTA_OK ? table_run(s, "DELETE FROM token WHERE id = $1", &v, 1,
                                   NULL, why)
                       : e;
}

struct each_token {
    bool (*each)(void *, const struct token *);
    void *ctx;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_token *c = ctx;

    return c->each(c->ctx, row);
}

ota_err store_tokens(struct store *s, const struct store_filter *f,
                     bool (*each)(void *, const struct token *), void *ctx,
                     struct diag *why)
{
    struct each_token c = {each, ctx};
    struct query q = {.count = 0};

    return table_list(s, &TOKEN, &q, f, each_row, &c, why);
}
