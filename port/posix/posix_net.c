/* posix_net.c - one TCP connection over a non-blocking socket.
 *
 * Start at progress(): every call first moves the connection on as far as it
 * goes without waiting. All addresses of a name are tried in their order.
 * Tests: test/unit/port_posix/test_posix_net.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_net.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

static void socket_close(struct posix_net *n)
{
    if (n->fd >= 0)
        close(n->fd);
    n->fd = -1;
}

static ota_err fail(struct posix_net *n, ota_err e)
{
    socket_close(n);
    n->state = POSIX_NET_FAILED;
    n->error = e;
    return e;
}

/* Begin to connect to the first address, from n->address on, that does not
 * refuse at once. */
static ota_err connect_begin(struct posix_net *n)
{
    static const int YES = 1;

    for (; n->address < n->resolver.count; n->address++) {
        const struct resolve_address *a = &n->resolver.address[n->address];
        n->fd = socket(a->sa.ss_family,
                       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (n->fd < 0)
            continue;
        /* Requests are small and waited for. A refusal costs only speed. */
        (void)setsockopt(n->fd, IPPROTO_TCP, TCP_NODELAY, &YES, sizeof YES);
        if (connect(n->fd, (const struct sockaddr *)&a->sa, a->len) == 0 ||
            errno == EINPROGRESS) {
            n->state = POSIX_NET_CONNECTING;
            return OTA_ERR_AGAIN;
        }
        socket_close(n);
    }
    return fail(n, OTA_ERR_IO);
}

static ota_err connect_check(struct posix_net *n)
{
    struct pollfd p = {.fd = n->fd, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof error;

    if (poll(&p, 1, 0) <= 0)
        return OTA_ERR_AGAIN;
    if (getsockopt(n->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        return fail(n, OTA_ERR_IO);
    if (error == 0) {
        n->state = POSIX_NET_OPEN;
        return OTA_OK;
    }
    socket_close(n);
    n->address++;
    return connect_begin(n);
}

/* OTA_OK exactly when bytes can be sent and received. */
static ota_err progress(struct posix_net *n)
{
    ota_err e;

    switch (n->state) {
    case POSIX_NET_CLOSED:
        return OTA_ERR_CLOSED;
    case POSIX_NET_RESOLVING:
        e = resolve_poll(&n->resolver);
        if (e == OTA_ERR_AGAIN)
            return e;
        return e == OTA_OK ? connect_begin(n) : fail(n, e);
    case POSIX_NET_CONNECTING:
        return connect_check(n);
    case POSIX_NET_OPEN:
        return OTA_OK;
    case POSIX_NET_FAILED:
        return n->error;
    }
    return OTA_ERR_STATE;
}

static bool is_for_later(int cause)
{
    return cause == EAGAIN || cause == EWOULDBLOCK || cause == EINTR;
}

static void net_close(void *ctx)
{
    struct posix_net *n = ctx;

    socket_close(n);
    resolve_stop(&n->resolver);
    n->state = POSIX_NET_CLOSED;
}

static ota_err net_open(void *ctx, const char *host, uint16_t port)
{
    struct posix_net *n = ctx;

    net_close(n);
    n->address = 0;
    ota_err e = resolve_start(&n->resolver, host, port);
    if (e == OTA_ERR_RANGE) { /* no name can look so: as one unknown */
        (void)fail(n, OTA_ERR_NOT_FOUND);
        return OTA_OK;
    }
    if (e == OTA_OK)
        n->state = POSIX_NET_RESOLVING;
    return e;
}

static ota_err net_send(void *ctx, const void *src, size_t len, size_t *sent)
{
    struct posix_net *n = ctx;

    *sent = 0;
    ota_err e = progress(n);
    if (e != OTA_OK)
        return e;
    ssize_t count = send(n->fd, src, len, MSG_NOSIGNAL);
    if (count >= 0) {
        *sent = (size_t)count;
        return OTA_OK;
    }
    if (is_for_later(errno))
        return OTA_ERR_AGAIN;
    return fail(n, errno == EPIPE ? OTA_ERR_CLOSED : OTA_ERR_IO);
}

static ota_err net_recv(void *ctx, void *dst, size_t len, size_t *got)
{
    struct posix_net *n = ctx;

    *got = 0;
    ota_err e = progress(n);
    if (e != OTA_OK || len == 0) /* recv of 0 bytes would look like an end */
        return e;
    ssize_t count = recv(n->fd, dst, len, 0);
    if (count > 0) {
        *got = (size_t)count;
        return OTA_OK;
    }
    if (count == 0)
        return fail(n, OTA_ERR_CLOSED);
    return is_for_later(errno) ? OTA_ERR_AGAIN : fail(n, OTA_ERR_IO);
}

void posix_net_init(struct posix_net *n)
{
    n->state = POSIX_NET_CLOSED;
    n->error = OTA_OK;
    n->fd = -1;
    n->address = 0;
    resolve_init(&n->resolver);
    n->port = (struct port_net){
        .ctx = n,
        .open = net_open,
        .send = net_send,
        .recv = net_recv,
        .close = net_close,
    };
}
