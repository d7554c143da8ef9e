/* store_token.c - API tokens, by the hash of their text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

static const struct field FIELDS[] = {
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
