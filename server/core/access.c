/* access.c - tokens, and the sessions of people who signed in with one.
 *
 * A session lives in the database alone, so it survives a restart, and ends
 * with its token. Its use is noted by CMD_SESSION_EXTEND, which the HTTP side
 * sends now and then, not with each request.
 *
 * Tests: test/unit/server_core/test_core_access.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <string.h>

#include "server/core/names.h"
#include "server/core/turn.h"
#include "server/store/store.h"

enum {
    /* Sessions that end in one tick; the rest ends in the next. */
    DUE_MAX = 256,
};

static ota_err refuse(struct turn *t, ota_err e, const char *sentence)
{
    diag_set(&t->result->why, "%s", sentence);
    return e;
}

ota_err access_token_create(struct turn *t, const struct token *asked)
{
    struct token n = *asked;
    struct event ev = {.id = 0};

    if (!name_is_ok(n.name))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a token's name has 1 to 80 bytes of UTF-8 without "
                      "control characters");
    if (!is_hex(n.sha256, 64))
        return refuse(t, OTA_ERR_SYNTAX, "a digest is not lower-case hex");
    n.created_ms = t->now;
    ota_err e = store_token_add(t->store, &n, &t->result->why);
    return e == OTA_OK
               ? turn_event(t, &ev, "token.created", "token %s, role %s",
                            n.name, role_name(n.role))
               : e;
}

struct admins {
    int64_t but; /* not counting this one */
    bool left;
};

static bool look_for_admin(void *ctx, const struct token *n)
{
    struct admins *a = ctx;

    a->left = n->role == ROLE_ADMIN && n->id != a->but;
    return !a->left;
}

/* Without an admin nobody could ever make one again. */
static ota_err admin_is_left(struct turn *t, int64_t but)
{
    struct admins a = {.but = but};
    struct store_filter f = {.limit = 1000};

    ota_err e = store_tokens(t->store, &f, look_for_admin, &a, &t->result->why);
    if (e != OTA_OK || a.left)
        return e;
    return refuse(t, OTA_ERR_STATE,
                  "this is the last token with the role admin: make another "
                  "one first");
}

ota_err access_token_revoke(struct turn *t, int64_t id)
{
    struct diag *why = &t->result->why;
    struct event ev = {.id = 0};
    struct token n;

    ota_err e = store_token_get(t->store, id, &n, why);
    if (e == OTA_OK && n.role == ROLE_ADMIN)
        e = admin_is_left(t, id);
    if (e == OTA_OK)
        e = store_token_remove(t->store, id, why);
    return e == OTA_OK ? turn_event(t, &ev, "token.revoked", "token %s", n.name)
                       : e;
}

ota_err access_session_begin(struct turn *t, const struct session *asked)
{
    struct session n = {.token_id = asked->token_id,
                        .created_ms = t->now,
                        .expires_ms = t->now + t->config->session_ms};
    struct event ev = {.id = 0};

    if (!is_hex(asked->sha256, 64))
        return refuse(t, OTA_ERR_SYNTAX, "a digest is not lower-case hex");
    memcpy(n.sha256, asked->sha256, sizeof n.sha256);
    ota_err e = store_session_add(t->store, &n, &t->result->why);
    t->result->id = n.id;
    return e == OTA_OK ? turn_event(t, &ev, "session.begun", "signed in") : e;
}

ota_err access_session_extend(struct turn *t, int64_t id)
{
    t->result->id = id;
    return store_session_extend(t->store, id, t->now + t->config->session_ms,
                                &t->result->why);
}

ota_err access_session_end(struct turn *t, int64_t id)
{
    struct event ev = {.id = 0};

    t->result->id = id;
    ota_err e = store_session_remove(t->store, id, &t->result->why);
    return e == OTA_OK ? turn_event(t, &ev, "session.ended", "signed out") : e;
}

static ota_err expire(struct turn *t, const struct session *n)
{
    struct diag *why = &t->result->why;
    struct event ev = {.id = 0};
    struct token owner;

    ota_err e = store_token_get(t->store, n->token_id, &owner, why);
    if (e == OTA_OK)
        e = store_session_remove(t->store, n->id, why);
    return e == OTA_OK ? turn_event(t, &ev, "session.expired",
                                    "the sign-in of %s was not used any more",
                                    owner.name)
                       : e;
}

ota_err access_due(struct turn *t)
{
    for (int i = 0; i < DUE_MAX; i++) {
        struct session n;
        ota_err e = store_session_due(t->store, t->now, &n, &t->result->why);

        if (e == OTA_ERR_NOT_FOUND)
            return OTA_OK;
        if (e == OTA_OK)
            e = expire(t, &n);
        if (e != OTA_OK)
            return e;
    }
    return OTA_OK;
}
