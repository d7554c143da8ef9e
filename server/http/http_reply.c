/* http_reply.c - answers: JSON, and refusals as one sentence.
 *
 * Start at http_refuse(). Every refusal has a body that is not empty, because
 * Link SDK loops for ever on an empty one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/http_request.h"
#include "server/log.h"

static void reply_set(struct http_request *r, unsigned status,
                      struct MHD_Response *response)
{
    if (r->response)
        MHD_destroy_response(r->response);
    r->status = status;
    r->response = response;
}

void http_reply_header(struct http_request *r, const char *name,
                       const char *value)
{
    if (r->response)
        (void)MHD_add_response_header(r->response, name, value);
}

void http_reply_json(struct http_request *r, unsigned status, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    if (!text) { /* out of memory: no response closes the connection */
        reply_set(r, MHD_HTTP_INTERNAL_SERVER_ERROR, NULL);
        return;
    }
    reply_set(r, status,
              MHD_create_response_from_buffer(strlen(text), text,
                                              MHD_RESPMEM_MUST_FREE));
    http_reply_header(r, "Content-Type", "application/json");
    http_reply_header(r, "Cache-Control", "no-store");
    http_reply_header(r, "X-Content-Type-Options", "nosniff");
}

void http_refuse(struct http_request *r, unsigned status, const char *code,
                 const char *sentence, ...)
{
    char text[512];
    va_list values;

    va_start(values, sentence);
    vsnprintf(text, sizeof text, sentence, values);
    va_end(values);
    json_t *message = json_string(text);
    if (!message) /* cut inside a character, or text of the caller's */
        message = json_string("refused");
    http_reply_json(
        r, status,
        json_pack("{s:{s:s,s:o}}", "error", "code", code, "message", message));
}

void http_reply_empty(struct http_request *r, unsigned status)
{
    reply_set(r, status,
              MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
    http_reply_header(r, "Cache-Control", "no-store");
}

static unsigned error_status(ota_err e, const char **code)
{
    switch (e) {
    case OTA_ERR_NOT_FOUND:
        *code = "NOT_FOUND";
        return MHD_HTTP_NOT_FOUND;
    case OTA_ERR_EXISTS:
        *code = "EXISTS";
        return MHD_HTTP_CONFLICT;
    case OTA_ERR_STATE:
        *code = "CONFLICT";
        return MHD_HTTP_CONFLICT;
    case OTA_ERR_DENIED:
        *code = "FORBIDDEN";
        return MHD_HTTP_FORBIDDEN;
    case OTA_ERR_FULL:
        *code = "DISK_FULL";
        return MHD_HTTP_INSUFFICIENT_STORAGE;
    case OTA_ERR_CORRUPT:
    case OTA_ERR_SIGNATURE:
    case OTA_ERR_ROLLBACK:
    case OTA_ERR_RANGE:
    case OTA_ERR_SYNTAX:
    case OTA_ERR_DOWNGRADE:
    case OTA_ERR_DEPENDENCY:
        *code = "INVALID";
        return MHD_HTTP_UNPROCESSABLE_CONTENT;
    case OTA_OK:
    case OTA_ERR_AGAIN:
    case OTA_ERR_IO:
    case OTA_ERR_PROTOCOL:
    case OTA_ERR_CLOSED:
    case OTA_ERR_TIMEOUT:
    case OTA_ERR_COUNT:
        break;
    }
    *code = "UNAVAILABLE";
    return MHD_HTTP_SERVICE_UNAVAILABLE;
}

static void log_failure(unsigned status, ota_err e, const char *text)
{
    if (status >= 500)
        log_event(LOG_LEVEL_ERROR, "request failed", "s:s,s:s", "error",
                  ota_err_text(e), "why", text);
}

void http_refuse_error(struct http_request *r, ota_err e,
                       const struct diag *why)
{
    const char *code;
    unsigned status = error_status(e, &code);
    const char *text = why->text[0] ? why->text : ota_err_text(e);

    log_failure(status, e, text);
    http_refuse(r, status, code, "%s", text);
}

void http_refuse_with(struct http_request *r, ota_err e, const struct diag *why,
                      const char *name, json_t *json)
{
    const char *code;
    unsigned status = error_status(e, &code);

    log_failure(status, e, why->text);
    http_reply_json(r, status,
                    json_pack("{s:{s:s,s:s,s:o}}", "error", "code", code,
                              "message", why->text, name, json));
}
