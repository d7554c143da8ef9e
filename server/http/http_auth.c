/* http_auth.c - who asks, and may they: bearer tokens with a role.
 *
 * Start at http_auth_check(). The database knows a token only by its SHA-256,
 * so looking it up compares no secret byte by byte.
 *
 * SPDX-License-Identifier: MIT
 */
#include <strings.h>

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

bool http_auth_check(struct http_request *r)
{
    struct diag why = {""};

    if (r->route->access == ACCESS_OPEN)
        return true;
    const char *header = MHD_lookup_connection_value(
        r->connection, MHD_HEADER_KIND, "Authorization");
    if (!header)
        return unauthorized(r, "give a token: Authorization: Bearer tern_...");
    if (strncasecmp(header, "Bearer ", 7) != 0 || !token_text_ok(header + 7))
        return unauthorized(r, "Authorization must be: Bearer tern_...");
    ota_err e = token_find(r, header + 7, &why);
    if (e == OTA_ERR_NOT_FOUND)
        return unauthorized(r, "this token is not known to the server");
    if (e != OTA_OK) {
        http_refuse_error(r, e, &why);
        return false;
    }
    if (role_suffices(r->who.role, r->route->access))
        return true;
    http_refuse(r, MHD_HTTP_FORBIDDEN, "FORBIDDEN",
                "this needs the role %s; the token has the role %s",
                access_name(r->route->access), role_name(r->who.role));
    return false;
}
