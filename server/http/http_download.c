/* http_download.c - package files for devices: GET and HEAD of /d/...
 *
 * Start at http_download(). Link SDK reads the reply with a hand-made parser,
 * so it is as plain as can be: Content-Length in canonical case, header lines
 * below 126 characters, never compressed, chunked or redirected, and errors
 * with a body. Spec: spec/device-protocol.md section 8.
 * Tests: test/system/test_http_download.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/http/http_range.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"
#include "server/log.h"

enum { ETAG_MAX = 19 }; /* 16 hex digits in quotes, NUL */

/* Is the link good, and which file does it name? */
static bool link_resolve(struct http_request *r, struct package *p)
{
    char blob_id[LINK_BLOB_ID + 1];
    struct diag why = {""};

    ota_err e = link_check(blob_id, r->path, (uint32_t)time(NULL),
                           r->server->config.link_key);
    if (e == OTA_ERR_TIMEOUT || e == OTA_ERR_SIGNATURE) {
        http_refuse(r, MHD_HTTP_FORBIDDEN, "FORBIDDEN",
                    e == OTA_ERR_TIMEOUT ? "this link has expired"
                                         : "this link was not made here");
        return false;
    }
    if (e == OTA_OK) {
        struct store *reader = http_reader_take(r);
        e = store_package_by_blob(reader, blob_id, p, &why);
        http_reader_give(r, reader);
    } else {
        e = OTA_ERR_NOT_FOUND;
        diag_set(&why, "there is nothing here");
    }
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    return e == OTA_OK;
}

static const char *header(struct http_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* A Range counts only if the file is still the one that If-Range names. */
static struct http_range range_wanted(struct http_request *r, uint64_t size,
                                      const char *etag)
{
    const char *only_if = header(r, "If-Range");
    const char *range = header(r, "Range");

    if (only_if && strcmp(only_if, etag) != 0)
        range = NULL;
    return http_range_parse(range, size);
}

static void refuse_beyond(struct http_request *r, uint64_t size)
{
    char text[64];

    http_refuse(r, MHD_HTTP_RANGE_NOT_SATISFIABLE, "RANGE_NOT_SATISFIABLE",
                "the file has %" PRIu64 " bytes", size);
    snprintf(text, sizeof text, "bytes */%" PRIu64, size);
    http_reply_header(r, "Content-Range", text);
}

/* Takes fd. */
static void reply_file(struct http_request *r, int fd, uint64_t size,
                       const char *etag)
{
    struct http_range range = range_wanted(r, size, etag);
    char text[80];

    if (range.verdict == RANGE_BEYOND) {
        close(fd);
        refuse_beyond(r, size);
        return;
    }
    bool part = range.verdict == RANGE_PART;
    uint64_t length = part ? range.last - range.first + 1 : size;
    r->response = MHD_create_response_from_fd_at_offset64(
        length, fd, part ? range.first : 0);
    if (!r->response) {
        close(fd);
        return;
    }
    r->status = part ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK;
    http_reply_header(r, "Content-Type", "application/octet-stream");
    http_reply_header(r, "Accept-Ranges", "bytes");
    http_reply_header(r, "ETag", etag);
    if (part) {
        snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
                 range.first, range.last, size);
        http_reply_header(r, "Content-Range", text);
    }
}

void http_download(struct http_request *r)
{
    struct package p;
    char etag[ETAG_MAX];
    uint64_t size;

    if (!link_resolve(r, &p))
        return;
    int fd = blob_open(r->server->config.blobs, p.sha256, &size);
    if (fd < 0 || size != p.size_bytes) {
        if (fd >= 0)
            close(fd);
        log_event(LOG_LEVEL_ERROR, "a package file is missing or damaged",
                  "s:I,s:s", "package_id", (json_int_t)p.id, "sha256",
                  p.sha256);
        http_refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE, "UNAVAILABLE",
                    "the server has lost this file; upload it again");
        return;
    }
    snprintf(etag, sizeof etag, "\"%.16s\"", p.sha256);
    reply_file(r, fd, size, etag);
}
