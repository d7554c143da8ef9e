/* store_session.c - people who signed in, by the hash of their cookie.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

static const struct field FIELDS[] = {
    FIELD_OF(session, id, FIELD_I64),
    FIELD_OF(session, token_id, FIELD_I64),
    FIELD_TEXT_OF(session, sha256),
    FIELD_OF(session, created_ms, FIELD_I64),
    FIELD_OF(session, expires_ms, FIELD_I64),
};

static const struct table SESSION = TABLE_OF(session, FIELDS);

ota_err store_session_add(struct store *s, struct session *n, struct diag *why)
{
    return table_add(s, &SESSION, n, &n->id, why);
}

ota_err store_session_by_hash(struct store *s, const char *sha256,
                              struct session *n, struct diag *why)
{
    struct query q = {.count = 0};

    query_text(&q, "sha256 = $?", sha256);
    return table_find(s, &SESSION, &q, "", n, why);
}

ota_err store_session_due(struct store *s, model_ms by, struct session *n,
                          struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "expires_ms <= $?", by);
    return table_find(s, &SESSION, &q, "ORDER BY expires_ms", n, why);
}

ota_err store_session_extend(struct store *s, int64_t id, model_ms expires_ms,
                             struct diag *why)
{
    const struct value v[] = {{NULL, id}, {NULL, expires_ms}};

    return table_run(s, "UPDATE session SET expires_ms = $2 WHERE id = $1", v,
                     2, NULL, why);
}

ota_err store_session_remove(struct store *s, int64_t id, struct diag *why)
{
    const struct value v = {NULL, id};

    return table_run(s, "DELETE FROM session WHERE id = $1", &v, 1, NULL, why);
}
