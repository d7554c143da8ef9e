/* http_auth.c - who asks, and may they: bearer tokens with a role, and the
 * cookies of people who signed in with one.
 *
 * Start at http_auth_check(). The database knows a token and a cookie only by
 * their SHA-256, so looking one up compares no secret byte by byte.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "server/http/http_request.h"
#include "server/token_text.h"

static bool role_suffices(enum role has, enum http_access needs)
{
    switch (needs) {
    case ACCESS_OPEN:
    case ACCESS_VIEWER:
        return true;
    case ACCESS_OPERATOR:
        return has == ROLE_OPERATOR || has == ROLE_ADMIN;
    case ACCESS_ADMIN:
        return has == ROLE_ADMIN;
    }
    return false;
}

static const char *access_name(enum http_access needs)
{
    return needs == ACCESS_ADMIN ? "admin" : "operator";
}

static bool unauthorized(struct http_request *r, const char *sentence)
{
    http_refuse(r, MHD_HTTP_UNAUTHORIZED, "UNAUTHORIZED", "%s", sentence);
    http_reply_header(r, "WWW-Authenticate", "Bearer");
    return false;
}

static ota_err token_find(struct http_request *r, const char *text,
                          struct diag *why)
{
    char hash[65];

    if (!token_text_hash(text, hash))
        return OTA_ERR_IO;
    struct store *reader = http_reader_take(r);
    ota_err e = store_token_by_hash(reader, hash, &r->who, why);
    http_reader_give(r, reader);
    return e;
}

/* --- bearer -----------------------------------------------------------------
 */

static bool bearer_check(struct http_request *r, const char *header)
{
    struct diag why = {""};

    if (strncasecmp(header, "Bearer ", 7) != 0 || !token_text_ok(header + 7))
        return unauthorized(r, "Authorization must be: Bearer tern_...");
    ota_err e = token_find(r, header + 7, &why);
    if (e == OTA_ERR_NOT_FOUND)
        return unauthorized(r, "this token is not known to the server");
    if (e == OTA_OK)
        return true;
    http_refuse_error(r, e, &why);
    return false;
}

/* --- cookie -----------------------------------------------------------------
 */

const char *http_auth_cookie(struct http_request *r)
{
    const char *text = MHD_lookup_connection_value(
        r->connection, MHD_COOKIE_KIND, "tern_session");

    return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64
               ? text
               : NULL;
}

static model_ms now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (model_ms)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

ota_err http_auth_session(struct http_request *r, struct diag *why)
{
    const char *text = http_auth_cookie(r);
    struct session n;
    char hash[65];

    if (!text)
        return OTA_ERR_NOT_FOUND;
    if (!token_text_hash(text, hash))
        return OTA_ERR_IO;
    struct store *reader = http_reader_take(r);
    ota_err e = store_session_by_hash(reader, hash, &n, why);
    if (e == OTA_OK && n.expires_ms <= now_ms())
        e = OTA_ERR_NOT_FOUND;
    if (e == OTA_OK)
        e = store_token_get(reader, n.token_id, &r->who, why);
    http_reader_give(r, reader);
    if (e == OTA_OK)
        r->session = n;
    return e;
}

bool http_auth_still_known(struct http_request *r)
{
    struct diag why;
    struct session n;
    struct token t;
    struct store *reader = http_reader_take(r);
    ota_err e;

    if (r->session.id != 0)
        e = store_session_by_hash(reader, r->session.sha256, &n, &why);
    else
        e = store_token_get(reader, r->who.id, &t, &why);
    http_reader_give(r, reader);
    return e != OTA_ERR_NOT_FOUND;
}

bool http_auth_is_console(struct http_request *r)
{
    const char *mark = MHD_lookup_connection_value(
        r->connection, MHD_HEADER_KIND, "X-Tern-Console");

    if (mark && strcmp(mark, "1") == 0)
        return true;
    http_refuse(r, MHD_HTTP_FORBIDDEN, "FORBIDDEN",
                "a change that a cookie speaks for needs the header "
                "X-Tern-Console: 1");
    return false;
}

/* A session that is used lasts anew; not more often than ten times in its
 * time, because that is a write. */
static void session_use(struct http_request *r)
{
    model_ms all = r->server->config.session_ms;
    struct core_command cmd = {.type = CMD_SESSION_EXTEND};

    if (r->session.expires_ms - now_ms() > all - all / 10)
        return;
    cmd.u.id = r->session.id;
    core_submit(r->server->config.core, &cmd);
    r->cookie_renew = true;
}

static bool cookie_check(struct http_request *r)
{
    struct diag why = {""};

    ota_err e = http_auth_session(r, &why);
    if (e == OTA_ERR_NOT_FOUND)
        return unauthorized(
            r, http_auth_cookie(r)
                   ? "your session is over: sign in again"
                   : "give a token: Authorization: Bearer tern_...");
    if (e != OTA_OK) {
        http_refuse_error(r, e, &why);
        return false;
    }
    if (strcmp(r->route->method, "GET") != 0 && !http_auth_is_console(r))
        return false;
    session_use(r);
    return true;
}

bool http_auth_check(struct http_request *r)
{
    if (r->route->access == ACCESS_OPEN)
        return true;
    const char *header = MHD_lookup_connection_value(
        r->connection, MHD_HEADER_KIND, "Authorization");
    if (header ? !bearer_check(r, header) : !cookie_check(r))
        return false;
    if (role_suffices(r->who.role, r->route->access))
        return true;
    http_refuse(r, MHD_HTTP_FORBIDDEN, "FORBIDDEN",
                "this needs the role %s; the token has the role %s",
                access_name(r->route->access), role_name(r->who.role));
    return false;
}
