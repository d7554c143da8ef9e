/* http_client.c - one GET over port_net; the head is read by http_reply.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/http_client.h"

#include <string.h>

ota_err http_open(struct http_client *c, const char *host, uint16_t port)
{
    c->sent_bytes = 0;
    c->body_left = 0;
    return c->net->open(c->net->ctx, host, port);
}

ota_err http_send(struct http_client *c, const char *request, size_t len)
{
    size_t n = 0;

    if (c->sent_bytes < len) {
        ota_err e = c->net->send(c->net->ctx, request + c->sent_bytes,
                                 len - c->sent_bytes, &n);
        if (e != OTA_OK)
            return e;
        c->sent_bytes += n;
    }
    return c->sent_bytes < len ? OTA_ERR_AGAIN : OTA_OK;
}

ota_err http_head(struct http_client *c, void *buf, size_t cap, size_t *got)
{
    size_t n = 0, used = 0;

    ota_err e = c->net->recv(c->net->ctx, buf, cap, &n);
    if (e != OTA_OK)
        return e;
    e = http_reply_feed(&c->reply, buf, n, &used);
    if (e != OTA_OK)
        return e;

    size_t body = n - used;
    if (body > c->reply.length_bytes)
        body = c->reply.length_bytes; /* bytes that nobody promised */
    memmove(buf, (const char *)buf + used, body);
    c->body_left = c->reply.length_bytes - (uint32_t)body;
    *got = body;
    return OTA_OK;
}

ota_err http_body(struct http_client *c, void *buf, size_t cap, size_t *got)
{
    if (c->body_left == 0)
        return OTA_ERR_CLOSED;
    if (cap > c->body_left)
        cap = c->body_left;
    ota_err e = c->net->recv(c->net->ctx, buf, cap, got);
    if (e == OTA_OK)
        c->body_left -= (uint32_t)*got;
    return e;
}

void http_close(struct http_client *c)
{
    c->net->close(c->net->ctx);
}
