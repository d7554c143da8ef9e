/* http_house.c - is the server there, and how is it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

void http_health(struct http_request *r)
{
    http_reply_json(r, MHD_HTTP_OK, json_pack("{s:s}", "status", "ok"));
}

void http_status(struct http_request *r)
{
    const struct http_server *s = r->server;
    const struct http_house *h = &s->config.house;

    http_reply_json(
        r, MHD_HTTP_OK,
        json_pack("{s:s,s:s,s:I,s:b,s:I,s:s*,s:s*}", "status", "ok", "version",
                  TERN_VERSION, "started_ms", (json_int_t)s->started_ms,
                  "broker_connected", (int)h->broker_connected(h->ctx),
                  "messages_dropped", (json_int_t)h->messages_dropped(h->ctx),
                  "mqtt", h->mqtt[0] ? h->mqtt : NULL, "mqtts",
                  h->mqtts[0] ? h->mqtts : NULL));
}

void http_ca(struct http_request *r)
{
    const struct http_house *h = &r->server->config.house;

    if (h->ca)
        http_reply_json(r, MHD_HTTP_OK, json_pack("{s:s}", "ca", h->ca));
    else
        http_refuse(r, MHD_HTTP_NOT_FOUND, "NOT_FOUND", "%s",
                    h->mqtts[0] ? "the broker's certificate was given to the "
                                  "server: its CA is known to whoever made it"
                                : "the broker does not speak TLS: start ternd "
                                  "with --mqtt-tls ADDR:PORT");
}
