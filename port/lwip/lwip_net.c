/* lwip_net.c - one TCP connection over lwIP's own interface.
 *
 * Start at progress(): lwIP's callbacks only take notes; whoever sends or
 * receives moves the connection on. The one rule of lwIP that shapes this: a
 * callback must not destroy its connection, so nothing here does.
 * Tests: test/unit/port_lwip/test_lwip_net.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/lwip_net.h"

#include <lwip/tcp.h>
#include <string.h>

static ota_err fail(struct lwip_net *n, ota_err e)
{
    n->state = LWIP_NET_FAILED;
    n->error = e;
    return e;
}

/* --- lwIP's callbacks ------------------------------------------------------
 */

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct lwip_net *n = arg;

    (void)pcb;
    (void)err; /* always ERR_OK, says lwIP: failures go to on_error() */
    n->state = LWIP_NET_OPEN;
    return ERR_OK;
}

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
                         err_t err)
{
    struct lwip_net *n = arg;

    (void)pcb;
    (void)err;
    if (p == NULL) {
        (void)fail(n, OTA_ERR_CLOSED);
        return ERR_OK;
    }
    if (n->unread == NULL)
        n->unread = p;
    else
        pbuf_cat(n->unread, p); /* a window is less than tot_len can count */
    return ERR_OK;
}

/* lwIP has freed the pcb. */
static void on_error(void *arg, err_t err)
{
    struct lwip_net *n = arg;

    (void)err;
    n->pcb = NULL;
    if (n->state != LWIP_NET_FAILED) /* the first reason counts */
        (void)fail(n, OTA_ERR_IO);
}

/* --- opening and closing ---------------------------------------------------
 */

static void pcb_close(struct lwip_net *n)
{
    struct tcp_pcb *pcb = n->pcb;

    n->pcb = NULL;
    if (pcb == NULL)
        return;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    if (tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}

static void net_close(void *ctx)
{
    struct lwip_net *n = ctx;

    if (n->unread != NULL)
        pbuf_free(n->unread);
    n->unread = NULL;
    pcb_close(n);
    lwip_name_stop(&n->name);
    n->state = LWIP_NET_CLOSED;
}

static ota_err net_open(void *ctx, const char *host, uint16_t port)
{
    struct lwip_net *n = ctx;

    net_close(n);
    n->tcp_port = port;
    ota_err e = lwip_name_ask(&n->name, host);
    if (e == OTA_OK)
        n->state = LWIP_NET_RESOLVING;
    return e;
}

static ota_err connect_begin(struct lwip_net *n)
{
    n->pcb = tcp_new();
    if (n->pcb == NULL)
        return fail(n, OTA_ERR_IO);
    tcp_arg(n->pcb, n);
    tcp_recv(n->pcb, on_received);
    tcp_err(n->pcb, on_error);
    tcp_nagle_disable(n->pcb); /* requests are small and waited for */
    n->state = LWIP_NET_CONNECTING;
    if (tcp_connect(n->pcb, &n->name.address, n->tcp_port, on_connected) !=
        ERR_OK)
        return fail(n, OTA_ERR_IO);
    return OTA_ERR_AGAIN;
}

/* OTA_OK exactly when bytes can be sent and received. */
static ota_err progress(struct lwip_net *n)
{
    ota_err e;

    switch (n->state) {
    case LWIP_NET_CLOSED:
        return OTA_ERR_CLOSED;
    case LWIP_NET_RESOLVING:
        e = lwip_name_poll(&n->name);
        if (e == OTA_ERR_AGAIN)
            return e;
        return e == OTA_OK ? connect_begin(n) : fail(n, e);
    case LWIP_NET_CONNECTING:
        return OTA_ERR_AGAIN;
    case LWIP_NET_OPEN:
        return OTA_OK;
    case LWIP_NET_FAILED:
        return n->error;
    }
    return OTA_ERR_STATE;
}

/* --- sending and receiving -------------------------------------------------
 */

static ota_err net_send(void *ctx, const void *src, size_t len, size_t *sent)
{
    struct lwip_net *n = ctx;

    *sent = 0;
    ota_err e = progress(n);
    if (e != OTA_OK || len == 0)
        return e;
    size_t room = tcp_sndbuf(n->pcb);
    uint16_t count = (uint16_t)(len < room ? len : room);
    if (count == 0 ||
        tcp_write(n->pcb, src, count, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return OTA_ERR_AGAIN; /* no memory now; what was sent gives some back */
    (void)tcp_output(n->pcb); /* what it cannot do now, its timer does */
    *sent = count;
    return OTA_OK;
}

/* What was read opens the window again, unless the peer is gone. */
static ota_err net_recv(void *ctx, void *dst, size_t len, size_t *got)
{
    struct lwip_net *n = ctx;

    *got = 0;
    ota_err e = progress(n);
    if (n->unread == NULL || len == 0)
        return e == OTA_OK && len > 0 ? OTA_ERR_AGAIN : e;
    uint16_t all = n->unread->tot_len;
    uint16_t count = (uint16_t)(len < all ? len : all);
    (void)pbuf_copy_partial(n->unread, dst, count, 0);
    n->unread = pbuf_free_header(n->unread, count);
    if (n->pcb != NULL)
        tcp_recved(n->pcb, count);
    *got = count;
    return OTA_OK;
}

void lwip_net_init(struct lwip_net *n)
{
    memset(n, 0, sizeof *n);
    n->state = LWIP_NET_CLOSED;
    lwip_name_stop(&n->name);
    n->port = (struct port_net){
        .ctx = n,
        .open = net_open,
        .send = net_send,
        .recv = net_recv,
        .close = net_close,
    };
}
