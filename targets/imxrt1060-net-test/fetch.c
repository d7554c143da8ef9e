/* fetch.c - see fetch.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-net-test/fetch.h"

#include <string.h>

#include "base/text.h"

enum { LINE_MAX = 160, SLOW_BYTES = 512, SLOW_MS = 10, BODY = 4 };
#define FNV_BASIS 2166136261u /* FNV-1a, 32 bits */
#define FNV_PRIME 16777619u

void fetch_init(struct fetch *f, const struct port_net *net,
                const struct port_clock *clock, const struct port_log *log)
{
    memset(f, 0, sizeof *f);
    f->net = net;
    f->clock = clock;
    f->log = log;
}

static uint32_t now_ms(const struct fetch *f)
{
    return f->clock->now_ms(f->clock->ctx);
}

static void say_end(struct fetch *f, ota_err e)
{
    char line[LINE_MAX];
    struct text t = text_in(line, sizeof line);

    text_format(&t, "fetched %u bytes, hash %u, %u ms: %s", (unsigned)f->bytes,
                (unsigned)f->hash, (unsigned)(now_ms(f) - f->began_ms),
                ota_err_text(e));
    f->log->line(f->log->ctx, line);
}

static void end(struct fetch *f, ota_err e)
{
    f->net->close(f->net->ctx);
    f->active = false;
    say_end(f, e);
}

void fetch_begin(struct fetch *f, const char *host, uint16_t port,
                 const char *path, bool slow)
{
    struct text t = text_in(f->request, sizeof f->request);

    text_format(&t, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
    f->request_len = t.len;
    f->request_sent = 0;
    f->bytes = 0;
    f->hash = FNV_BASIS;
    f->head = 0;
    f->slow = slow;
    f->began_ms = now_ms(f);
    f->read_ms = f->began_ms;
    f->active = true;
    ota_err e = f->net->open(f->net->ctx, host, port);
    if (e != OTA_OK)
        end(f, e);
}

static void take(struct fetch *f, const uint8_t *at, size_t len)
{
    static const char END[] = "\r\n\r\n";

    for (; len > 0 && f->head < BODY; at++, len--) {
        if (*at == (uint8_t)END[f->head])
            f->head++;
        else
            f->head = *at == '\r';
    }
    f->bytes += (uint32_t)len;
    for (; len > 0; at++, len--)
        f->hash = (f->hash ^ *at) * FNV_PRIME;
}

bool fetch_poll(struct fetch *f)
{
    size_t n = 0, most = f->slow ? SLOW_BYTES : sizeof f->piece;
    ota_err e;

    if (!f->active)
        return false;
    if (f->request_sent < f->request_len) {
        e = f->net->send(f->net->ctx, f->request + f->request_sent,
                         f->request_len - f->request_sent, &n);
        f->request_sent += n;
    } else {
        if (f->slow && now_ms(f) - f->read_ms < SLOW_MS)
            return false;
        f->read_ms = now_ms(f);
        e = f->net->recv(f->net->ctx, f->piece, most, &n);
        take(f, f->piece, n);
    }
    if (e != OTA_OK && e != OTA_ERR_AGAIN)
        end(f, e);
    return n > 0;
}
