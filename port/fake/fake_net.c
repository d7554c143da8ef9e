/* fake_net.c - an HTTP server in memory; start at net_recv().
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/fake/fake_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "fake_net: %s\n", what);
    abort();
}

static size_t slice(const struct fake_net *n, size_t len)
{
    return n->slice_bytes && len > n->slice_bytes ? n->slice_bytes : len;
}

static ota_err net_open(void *ctx, const char *host, uint16_t port)
{
    struct fake_net *n = ctx;

    n->connections++;
    n->open = true;
    n->replying = false;
    n->request_len = 0;
    n->head_len = n->head_at = 0;
    n->body_at = n->body_end = 0;
    n->served = 0;
    n->surplus = 0;
    n->host_port = port;
    snprintf(n->host, sizeof n->host, "%s", host);
    n->now = n->fault;
    if (n->fault != NET_GOOD && n->fault_count > 0 && --n->fault_count == 0)
        n->fault = NET_GOOD;
    return n->now == NET_NO_SOCKET ? OTA_ERR_IO : OTA_OK;
}

static void reply_file(struct fake_net *n, uint32_t first)
{
    uint32_t total = n->file_bytes, named = first, length;

    n->body_at = first;
    n->body_end = n->file_bytes;
    if (n->now == NET_SHORT_PART && n->body_end - first > n->fault_at)
        n->body_end = first + n->fault_at;
    length = n->body_end - first;
    if (n->now == NET_WRONG_FIRST)
        named++;
    if (n->now == NET_WRONG_TOTAL)
        total += 100;
    if (n->now == NET_LONG_LENGTH)
        length += 100;
    if (n->now == NET_SURPLUS)
        n->surplus = 100;
    n->head_len = (uint32_t)snprintf(
        n->head, sizeof n->head,
        "HTTP/1.1 206 Partial Content\r\nServer: fake\r\n"
        "cOnTeNt-RaNgE: bytes %u-%u/%u\r\nAccept-Ranges: bytes\r\n",
        named, n->body_end - 1, total);
    if (n->now != NET_NO_LENGTH)
        n->head_len += (uint32_t)snprintf(n->head + n->head_len,
                                          sizeof n->head - n->head_len,
                                          "Content-Length: %u\r\n", length);
    n->head_len += (uint32_t)snprintf(n->head + n->head_len,
                                      sizeof n->head - n->head_len, "\r\n");
}

static void reply_plain(struct fake_net *n, unsigned status, const char *extra)
{
    n->head_len = (uint32_t)snprintf(n->head, sizeof n->head,
                                     "HTTP/1.1 %u Something\r\n%s"
                                     "Content-Length: 5\r\n\r\nsorry",
                                     status, extra);
}

static void reply_whole(struct fake_net *n)
{
    n->body_at = 0;
    n->body_end = n->file_bytes;
    n->head_len = (uint32_t)snprintf(n->head, sizeof n->head,
                                     "HTTP/1.1 200 OK\r\n"
                                     "Content-Length: %u\r\n\r\n",
                                     n->file_bytes);
}

static void answer(struct fake_net *n)
{
    const char *range = strstr(n->request, "\r\nRange: bytes=");
    uint32_t first =
        range ? (uint32_t)strtoul(range + sizeof "\r\nRange: bytes=" - 1, NULL,
                                  10)
              : 0;

    must(strncmp(n->request, "GET /", 5) == 0, "request is no GET");
    must(strstr(n->request, "\r\nHost: ") != NULL, "request has no Host");
    if (n->asked_count < FAKE_NET_ASKED_MAX)
        n->asked[n->asked_count] = first;
    n->asked_count++;
    n->replying = true;

    if (n->now == NET_RAW)
        n->head_len =
            (uint32_t)snprintf(n->head, sizeof n->head, "%s", n->fault_text);
    else if (n->now == NET_STATUS)
        reply_plain(n, n->fault_status,
                    n->fault_status / 100 == 3
                        ? "Location: http://elsewhere.test/x\r\n"
                        : "");
    else if (n->now == NET_IGNORE_RANGE || !range)
        reply_whole(n);
    else if (first >= n->file_bytes)
        reply_plain(n, 416, "Content-Range: bytes */1\r\n");
    else
        reply_file(n, first);
}

static ota_err connection(const struct fake_net *n)
{
    if (n->down)
        return OTA_ERR_IO;
    must(n->open, "used while closed");
    if (n->now == NET_NO_NAME)
        return OTA_ERR_NOT_FOUND;
    return n->now == NET_REFUSE ? OTA_ERR_IO : OTA_OK;
}

static ota_err net_send(void *ctx, const void *src, size_t len, size_t *sent)
{
    struct fake_net *n = ctx;

    ota_err e = connection(n);
    if (e != OTA_OK)
        return e;
    len = slice(n, len);
    must(n->request_len + len < sizeof n->request, "request is too long");
    memcpy(n->request + n->request_len, src, len);
    n->request_len += len;
    n->request[n->request_len] = '\0';
    *sent = len;
    if (n->request_len >= 4 &&
        strcmp(n->request + n->request_len - 4, "\r\n\r\n") == 0)
        answer(n);
    return OTA_OK;
}

static size_t recv_head(struct fake_net *n, uint8_t *dst, size_t len)
{
    size_t left = n->head_len - n->head_at;

    if (n->now == NET_CLOSE_HEAD)
        left = n->fault_at > n->head_at ? n->fault_at - n->head_at : 0;
    if (len > left)
        len = left;
    memcpy(dst, n->head + n->head_at, len);
    n->head_at += (uint32_t)len;
    return len;
}

/* Bytes of the file that this connection may still deliver. */
static uint32_t body_left(const struct fake_net *n)
{
    uint32_t left = n->body_end - n->body_at;
    bool stops = n->now == NET_CLOSE_AFTER || n->now == NET_STALL_AFTER;

    if (stops && left > n->fault_at - n->served)
        left = n->fault_at - n->served;
    return left;
}

static size_t recv_body(struct fake_net *n, uint8_t *dst, size_t len)
{
    if (len > body_left(n))
        len = body_left(n);
    if (len == 0)
        return 0;
    memcpy(dst, n->file + n->body_at, len);
    if (n->alter && n->alter_at - n->body_at < len)
        dst[n->alter_at - n->body_at] ^= 0xff;
    n->body_at += (uint32_t)len;
    n->served += (uint32_t)len;
    n->body_bytes += len;
    return len;
}

static size_t recv_surplus(struct fake_net *n, uint8_t *dst, size_t len)
{
    if (len > n->surplus)
        len = n->surplus;
    memset(dst, 0xee, len);
    n->surplus -= (uint32_t)len;
    return len;
}

/* As a real peer's bytes: head, body and what should not be there come without
 * a seam between them. */
static ota_err net_recv(void *ctx, void *dst, size_t len, size_t *got)
{
    struct fake_net *n = ctx;
    uint8_t *to = dst;

    *got = 0;
    ota_err e = connection(n);
    if (e == OTA_OK && (!n->replying || n->now == NET_STALL_HEAD))
        e = OTA_ERR_AGAIN;
    if (e != OTA_OK)
        return e;

    len = slice(n, len);
    *got = recv_head(n, to, len);
    if (n->head_at == n->head_len) {
        *got += recv_body(n, to + *got, len - *got);
        if (n->now != NET_STALL_AFTER)
            *got += recv_surplus(n, to + *got, len - *got);
    }
    if (*got > 0)
        return OTA_OK;
    return n->now == NET_STALL_AFTER ? OTA_ERR_AGAIN : OTA_ERR_CLOSED;
}

static void net_close(void *ctx)
{
    struct fake_net *n = ctx;
    n->open = false;
}

void fake_net_init(struct fake_net *n, const uint8_t *file, uint32_t len)
{
    memset(n, 0, sizeof *n);
    n->file = file;
    n->file_bytes = len;
    n->port.ctx = n;
    n->port.open = net_open;
    n->port.send = net_send;
    n->port.recv = net_recv;
    n->port.close = net_close;
}

void fake_net_fault(struct fake_net *n, enum fake_net_fault fault, uint32_t at,
                    uint32_t count)
{
    n->fault = fault;
    n->fault_at = at;
    n->fault_count = count;
}
