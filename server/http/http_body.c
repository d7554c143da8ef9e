/* http_body.c - taking in what a client sends, within limits.
 *
 * Start at http_body_begin(): whatever can be refused from the headers is
 * refused before the body comes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/http/http_request.h"
#include "server/http/http_routes.h"

enum { REFUSED_READ_MAX = 1024 * 1024 };

static const char *header(struct http_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* Content-Type, without what follows a semicolon. */
static bool type_is(struct http_request *r, const char *type)
{
    const char *value = header(r, "Content-Type");

    if (!value)
        return false;
    size_t len = strcspn(value, "; \t");
    return len == strlen(type) && strncasecmp(value, type, len) == 0;
}

static bool too_large(struct http_request *r, const char *limit)
{
    http_refuse(r, MHD_HTTP_CONTENT_TOO_LARGE, "TOO_LARGE",
                "the body is larger than %s", limit);
    return false;
}

static bool wrong_type(struct http_request *r, const char *type)
{
    http_refuse(r, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_TYPE",
                "Content-Type must be %s", type);
    return false;
}

static bool file_begin(struct http_request *r)
{
    if (!header(r, "Content-Length") || header(r, "Transfer-Encoding")) {
        http_refuse(r, MHD_HTTP_LENGTH_REQUIRED, "LENGTH_REQUIRED",
                    "say how long the file is: Content-Length");
        return false;
    }
    if (r->content_length > HTTP_FILE_MAX)
        return too_large(r, "1000 MB");
    if (!type_is(r, "application/octet-stream"))
        return wrong_type(r, "application/octet-stream");
    if (r->content_length == 0) {
        http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                    "the file is empty");
        return false;
    }
    http_package_upload_begin(r);
    return r->response == NULL;
}

bool http_body_begin(struct http_request *r)
{
    switch (r->route->body) {
    case BODY_NONE:
        if (r->content_length > HTTP_JSON_MAX)
            return too_large(r, "it can be: this request has none");
        return true;
    case BODY_JSON:
        if (r->content_length > HTTP_JSON_MAX)
            return too_large(r, "64 KiB");
        if (!type_is(r, "application/json"))
            return wrong_type(r, "application/json");
        return true;
    case BODY_FILE:
        return file_begin(r);
    }
    return false;
}

static void json_take(struct http_request *r, const char *bytes, size_t len)
{
    if (len > HTTP_JSON_MAX - r->body_len) {
        (void)too_large(r, "64 KiB");
        return;
    }
    if (!r->body)
        r->body = malloc(HTTP_JSON_MAX);
    if (!r->body) {
        http_refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE, "UNAVAILABLE",
                    "the server is out of memory; try again");
        return;
    }
    memcpy(r->body + r->body_len, bytes, len);
    r->body_len += len;
}

static void file_take(struct http_request *r, const char *bytes, size_t len)
{
    struct diag why = {""};

    ota_err e = blob_write(r->upload, bytes, len, &why);
    if (e == OTA_OK)
        return;
    blob_writer_discard(r->upload); /* at once: others need the room */
    r->upload = NULL;
    http_refuse_error(r, e, &why);
}

/* It is only read off the line; a chunked one never said how long it is. */
static bool refused_body_is_bearable(const struct http_request *r)
{
    bool file = r->route && r->route->body == BODY_FILE;

    return r->received <= (file ? HTTP_FILE_MAX : REFUSED_READ_MAX);
}

bool http_body_take(struct http_request *r, const char *bytes, size_t len)
{
    r->received += len;
    if (r->response || !r->route)
        return refused_body_is_bearable(r);
    switch (r->route->body) {
    case BODY_NONE:
        if (r->received > HTTP_JSON_MAX)
            (void)too_large(r, "it can be: this request has none");
        break;
    case BODY_JSON:
        json_take(r, bytes, len);
        break;
    case BODY_FILE:
        file_take(r, bytes, len);
        break;
    }
    return true;
}
