/* template_net.c - one TCP connection that never blocks.
 *
 * No call waits: what is not finished is OTA_ERR_AGAIN and is asked again in
 * the next poll, also the name look-up that open() starts. With lwIP's raw API
 * the callbacks fill a queue of pbufs and recv() drains it (and only then calls
 * tcp_recved(), so that the window is the back-pressure).
 *
 * Bytes that arrived before the peer closed are delivered first;
 * OTA_ERR_CLOSED comes after the last of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/template/template.h"

static ota_err net_open(void *ctx, const char *host, uint16_t port)
{
    (void)ctx;
    (void)host;
    (void)port;
    return OTA_ERR_IO;
}

static ota_err net_send(void *ctx, const void *src, size_t len, size_t *sent)
{
    (void)ctx;
    (void)src;
    (void)len;
    *sent = 0;
    return OTA_ERR_IO;
}

static ota_err net_recv(void *ctx, void *dst, size_t len, size_t *got)
{
    (void)ctx;
    (void)dst;
    (void)len;
    *got = 0;
    return OTA_ERR_IO;
}

static void net_close(void *ctx)
{
    (void)ctx;
}

struct port_net template_net(void)
{
    return (struct port_net){.open = net_open,
                             .send = net_send,
                             .recv = net_recv,
                             .close = net_close};
}
