/* http_client.h - one HTTP/1.1 GET over port_net: request out, head in, body
 * in pieces. Reads what any server may send, believes little of it.
 *
 * Accepted: header names in any case, LF without CR, any order. Refused:
 * chunked or compressed bodies, folded lines, a length or range given twice,
 * heads beyond AGENT_HEADER_BYTES_MAX. Which status and range are right is the
 * caller's judgement (download.c).
 *
 * Tests: test/unit/agent/test_http_client.c, test/fuzz/fuzz_http.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_HTTP_CLIENT_H
#define TERN_AGENT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent_limits.h"
#include "port/port_log.h"
#include "port/port_net.h"

/* The head of a reply, while it is read and afterwards. */
struct http_reply {
    const struct port_log *log; /* gets each line; may be NULL */
    const char *why;            /* what was refused; constant */
    uint16_t status;            /* 0 until the status line is complete */
    bool has_length;
    bool has_range;
    uint32_t length_bytes; /* Content-Length */
    uint32_t range_first;  /* Content-Range: bytes first-last/total */
    uint32_t range_last;
    uint32_t range_total;
    uint16_t head_bytes;
    uint16_t line_len;
    bool line_cut; /* longer than line[] */
    char line[AGENT_HEADER_LINE_MAX];
};

void http_reply_begin(struct http_reply *r, const struct port_log *log);

/* Read bytes of the head, in whatever portions they come.
 *
 * used  how many belong to the head; the rest is body.
 *
 * Returns OTA_OK         the head is complete
 *         OTA_ERR_AGAIN  all bytes used, more are needed
 *         OTA_ERR_PROTOCOL  refused: r->why */
TERN_MUST_USE ota_err http_reply_feed(struct http_reply *r, const char *bytes,
                                      size_t len, size_t *used);

struct http_client {
    const struct port_net *net;
    size_t sent_bytes;
    uint32_t body_left; /* bytes of Content-Length still to come */
    struct http_reply reply;
};

/* Start to connect. Errors as port_net's open. */
TERN_MUST_USE ota_err http_open(struct http_client *c, const char *host,
                                uint16_t port);

/* Send a request; call again with the same text while it says AGAIN.
 * Returns OTA_OK all of it is sent; else as port_net's send. */
TERN_MUST_USE ota_err http_send(struct http_client *c, const char *request,
                                size_t len);

/* Read the head. Body bytes that came with it end up at buf.
 *
 * buf  scratch for the head as well; cap at least 1.
 * got  body bytes in buf; only with OTA_OK.
 *
 * Returns OTA_OK head complete (see c->reply); OTA_ERR_AGAIN;
 *         OTA_ERR_PROTOCOL; else as port_net's recv. */
TERN_MUST_USE ota_err http_head(struct http_client *c, void *buf, size_t cap,
                                size_t *got);

/* Read body bytes, never more than Content-Length promised.
 * Returns as port_net's recv; OTA_ERR_CLOSED also when the server ended the
 * connection before the promise was kept. */
TERN_MUST_USE ota_err http_body(struct http_client *c, void *buf, size_t cap,
                                size_t *got);

void http_close(struct http_client *c);

#endif
