/* http_server.c - a request's way through libmicrohttpd, and start and stop.
 *
 * Start at on_request(). Two epoll threads serve everybody; nothing in them
 * waits for the core or for fsync (http_wait.c).
 * Tests: test/system/test_http_api.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/http/http_request.h"
#include "server/http/http_routes.h"
#include "server/log.h"

enum {
    CONNECTION_BYTES = 16 * 1024, /* for a request's head and its replies */
    CONNECTIONS_MAX = 12000,
    IDLE_SECONDS = 60,
    DRAIN_MS = 5000, /* a download cut off by a stop resumes elsewhere */
};

static const char *header(struct http_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

static void refuse_stopping(struct http_request *r)
{
    http_refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE, "UNAVAILABLE",
                "the server is stopping; try again soon");
}

static void route_find(struct http_request *r, const char *method)
{
    char allow[HTTP_ALLOW_MAX];

    r->route =
        http_router_find(&HTTP_ROUTES, method, r->path, &r->match, allow);
    if (!r->route && !allow[0] && r->server->console &&
        http_console_owns(r->path) &&
        (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0))
        r->route = &HTTP_CONSOLE_ROUTE;
    if (r->route)
        return;
    if (!allow[0]) {
        http_refuse(r, MHD_HTTP_NOT_FOUND, "NOT_FOUND",
                    "there is nothing here");
        return;
    }
    http_refuse(r, MHD_HTTP_METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED",
                "this path takes %s only", allow);
    http_reply_header(r, "Allow", allow);
}

/* The head is there: everything that can be said without the body. */
static void request_check(struct http_request *r, const char *method)
{
    const char *length = header(r, "Content-Length");

    /* libmicrohttpd has refused what is no number. */
    r->content_length = length ? strtoull(length, NULL, 10) : 0;
    if (r->server->stopping) {
        refuse_stopping(r);
        return;
    }
    route_find(r, method);
    if (r->route && http_auth_check(r) && http_query_check(r) &&
        http_body_begin(r))
        r->next = r->route->handle;
}

static enum MHD_Result reply_send(struct http_request *r)
{
    if (!r->response)
        return MHD_NO; /* out of memory: the connection closes */
    if (r->cookie_renew)
        http_session_cookie(r, http_auth_cookie(r));
    enum MHD_Result sent =
        MHD_queue_response(r->connection, r->status, r->response);
    MHD_destroy_response(r->response);
    r->response = NULL;
    return sent;
}

/* A refusal can go out before the body; then the connection closes, and a
 * client that is still sending may miss it. So a short body is read off, and
 * so is a long one of somebody we know; a stranger's is not worth it. */
static bool refusal_is_urgent(const struct http_request *r)
{
    if (!r->response)
        return false;
    if (r->content_length <= HTTP_JSON_MAX)
        return false;
    return r->who.name[0] == '\0' || r->content_length > HTTP_FILE_MAX;
}

static enum MHD_Result request_begin(struct http_server *s,
                                     struct MHD_Connection *connection,
                                     const char *path, const char *method,
                                     void **slot)
{
    struct http_request *r = calloc(1, sizeof *r);

    if (!r)
        return MHD_NO;
    *slot = r;
    s->active++;
    r->server = s;
    r->connection = connection;
    r->path = path;
    request_check(r, method);
    return refusal_is_urgent(r) ? reply_send(r) : MHD_YES;
}

/* The handler, or what comes after its wait. Count as waiting before looking
 * at `stopping`; http_stop() does it the other way round, so it never misses a
 * request that is about to be suspended. */
static void step(struct http_request *r)
{
    struct http_server *s = r->server;
    void (*next)(struct http_request *) = r->next;

    r->next = NULL;
    if (!next || r->response)
        return;
    s->waiting++;
    if (s->stopping && next == r->route->handle)
        refuse_stopping(r);
    else
        next(r);
    if (!r->next)
        s->waiting--;
}

/* libmicrohttpd calls this for the head, each piece of the body, its end, and
 * again after a wait. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *bytes,
                                  size_t *len, void **slot)
{
    struct http_request *r = *slot;
    (void)version;

    if (!r)
        return request_begin(ctx, connection, path, method, slot);
    r->path = path;
    if (*len > 0) {
        bool more = http_body_take(r, bytes, *len);
        *len = 0;
        return more ? MHD_YES : MHD_NO;
    }
    step(r);
    if (r->next)
        return MHD_YES; /* suspended until there is a result */
    return reply_send(r);
}

static void on_completed(void *ctx, struct MHD_Connection *connection,
                         void **slot, enum MHD_RequestTerminationCode how)
{
    struct http_server *s = ctx;
    struct http_request *r = *slot;
    (void)connection;

    if (!r)
        return;
    if (how != MHD_REQUEST_TERMINATED_COMPLETED_OK && r->upload)
        log_event(LOG_LEVEL_WARN, "an upload broke off", "s:s,s:I", "actor",
                  r->who.name, "announced_bytes",
                  (json_int_t)r->content_length);
    blob_writer_discard(r->upload);
    if (r->response)
        MHD_destroy_response(r->response);
    json_decref(r->json);
    explicit_bzero(r->token_text, sizeof r->token_text);
    free(r->verify);
    free(r->body);
    free(r);
    *slot = NULL;
    s->active--;
}

static void on_log(void *ctx, const char *format, va_list values)
{
    char text[256];
    (void)ctx;

    vsnprintf(text, sizeof text, format, values);
    text[strcspn(text, "\r\n")] = '\0';
    log_event(LOG_LEVEL_WARN, "http", "s:s", "detail", text);
}

static bool parts_start(struct http_server *s, struct diag *why)
{
    const char *console = s->config.console;

    s->readers = http_readers_open(s->config.store_url, why);
    if (!s->readers)
        return false;
    if (console)
        s->console = http_console_load(console, why);
    if (console && !s->console)
        return false;
    s->signins = http_signins_open();
    if (!s->signins) {
        diag_set(why, "out of memory");
        return false;
    }
    s->worker = http_worker_start();
    if (!s->worker)
        diag_set(why, "cannot start a thread");
    return s->worker != NULL;
}

static void parts_stop(struct http_server *s)
{
    http_worker_stop(s->worker);
    http_readers_close(s->readers);
    http_signins_close(s->signins);
    http_console_free(s->console);
    free(s);
}

struct http_server *http_start(const struct http_config *c, struct diag *why)
{
    struct http_server *s = calloc(1, sizeof *s);

    if (!s) {
        close(c->listen_fd);
        return NULL;
    }
    s->config = *c;
    s->started_ms = (model_ms)time(NULL) * 1000;
    if (!parts_start(s, why)) {
        close(c->listen_fd);
        parts_stop(s);
        return NULL;
    }
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, c->listen_fd, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)HTTP_THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_END);
    if (!s->daemon) {
        diag_set(why, "libmicrohttpd does not start");
        close(c->listen_fd);
        parts_stop(s);
        return NULL;
    }
    return s;
}

static int64_t monotonic_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void http_stop(struct http_server *s)
{
    if (!s)
        return;
    const struct timespec tick = {.tv_nsec = 5000000};
    const int64_t until = monotonic_ms() + DRAIN_MS;

    s->stopping = true;
    int listen_fd = MHD_quiesce_daemon(s->daemon);
    http_hub_stop(s->config.hub); /* readers come again when we do */
    while (s->active > 0 && monotonic_ms() < until)
        nanosleep(&tick, NULL);
    /* What waits for the core or the worker is never cut off: both answer. */
    while (s->waiting > 0)
        nanosleep(&tick, NULL);
    MHD_stop_daemon(s->daemon);
    if (listen_fd >= 0)
        close(listen_fd);
    parts_stop(s);
}
