/* http_server.h - the HTTP side of ternd: REST API and downloads.
 *
 * Start reading at http_routes.c: one row per route.
 * Spec: spec/http-api.yaml. Tests: test/system/test_http_api.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_HTTP_SERVER_H
#define TERN_SERVER_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "server/blob/blob.h"
#include "server/core/core.h"
#include "server/core/link.h"

struct http_server;

/* What the rest of the house can say about itself. */
struct http_house {
    void *ctx;
    bool (*broker_connected)(void *ctx);
    uint64_t (*messages_dropped)(void *ctx); /* hostile ones, since start */
};

/* Tells readers of /api/v1/stream of new events. It may be told of commits
 * before http_start() and after http_stop(); free it after both. */
struct http_hub;

struct http_hub *http_hub_start(const char *store_url, struct diag *why);
void http_hub_notice(struct http_hub *h); /* any thread; does not wait */
void http_hub_free(struct http_hub *h);   /* NULL is fine */

struct http_config {
    int listen_fd;         /* taken over, also when http_start() fails */
    struct core *core;     /* borrowed, like all that follows */
    const char *store_url; /* for reading */
    struct blob_store *blobs;
    uint8_t link_key[LINK_KEY_BYTES];
    struct http_hub *hub;
    model_ms session_ms; /* as the core has it */
    bool secure_cookie;  /* browsers come by https only */
    const char *console; /* folder of its files; NULL: there is none */
    struct http_house house;
};

struct http_server *http_start(const struct http_config *c, struct diag *why);

/* Take no new connections, let what runs finish (downloads for a few seconds:
 * a device resumes), then free. The core must still be running. */
void http_stop(struct http_server *s); /* NULL is fine */

#endif
