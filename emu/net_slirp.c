/* net_slirp.c - libslirp and the host's sockets. Start at net_slirp_poll().
 *
 * Tests: test/unit/emu/test_net_slirp.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/net_slirp.h"

#include <poll.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <time.h>

#include "emu/net_rules.h"

enum { FRAME_MAX = 65535 };

struct net_slirp {
    Slirp *slirp;
    struct net_slirp_events events;
    struct pollfd *fd;
    size_t fds, room;
};

/* --- what libslirp calls -------------------------------------------------- */

static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
    struct net_slirp *n = opaque;

    n->events.frame(n->events.ctx, buf, len);
    return (ssize_t)len;
}

/* The guest's bad packets are the guest's business. */
static void guest_error(const char *msg, void *opaque)
{
    (void)msg;
    (void)opaque;
}

static int64_t clock_get_ns(void *opaque)
{
    struct net_slirp *n = opaque;

    return (int64_t)n->events.now_ns(n->events.ctx);
}

/* The descriptors are asked for anew before each poll. */
static void poll_fd_changed(int fd, void *opaque)
{
    (void)fd;
    (void)opaque;
}

/* Nothing else sleeps in poll() on another thread. */
static void notify(void *opaque)
{
    (void)opaque;
}

/* timer_*: only IPv6 router advertisements use them, and IPv6 is off. */
static const SlirpCb CALLBACKS = {
    .send_packet = send_packet,
    .guest_error = guest_error,
    .clock_get_ns = clock_get_ns,
    .register_poll_fd = poll_fd_changed,
    .unregister_poll_fd = poll_fd_changed,
    .notify = notify,
};

/* --- polling -------------------------------------------------------------- */

static const struct {
    int slirp;
    short host;
} EVENTS[] = {
    {SLIRP_POLL_IN, POLLIN},   {SLIRP_POLL_OUT, POLLOUT},
    {SLIRP_POLL_PRI, POLLPRI}, {SLIRP_POLL_ERR, POLLERR},
    {SLIRP_POLL_HUP, POLLHUP},
};

enum { EVENT_COUNT = sizeof EVENTS / sizeof EVENTS[0] };

static bool grow(struct net_slirp *n)
{
    size_t room = n->room ? 2 * n->room : 16;
    struct pollfd *wider = realloc(n->fd, room * sizeof *wider);

    if (!wider)
        return false;
    n->fd = wider;
    n->room = room;
    return true;
}

static int add_poll(int fd, int events, void *opaque)
{
    struct net_slirp *n = opaque;
    short wanted = 0;

    if (n->fds == n->room && !grow(n))
        return -1;
    for (size_t i = 0; i < EVENT_COUNT; i++)
        if (events & EVENTS[i].slirp)
            wanted = (short)(wanted | EVENTS[i].host);
    n->fd[n->fds] = (struct pollfd){.fd = fd, .events = wanted};
    return (int)n->fds++;
}

static int get_revents(int idx, void *opaque)
{
    struct net_slirp *n = opaque;
    int events = 0;

    if (idx < 0 || (size_t)idx >= n->fds)
        return 0;
    for (size_t i = 0; i < EVENT_COUNT; i++)
        if (n->fd[idx].revents & EVENTS[i].host)
            events |= EVENTS[i].slirp;
    return events;
}

bool net_slirp_poll(struct net_slirp *n, uint64_t wait_ns)
{
    uint64_t wait_ms = wait_ns / 1000000;
    uint32_t limit_ms = wait_ms < UINT32_MAX ? (uint32_t)wait_ms : UINT32_MAX;
    uint32_t timeout_ms = limit_ms;
    int ready = 0;

    n->fds = 0;
    slirp_pollfds_fill(n->slirp, &timeout_ms, add_poll, n);
    if (timeout_ms < limit_ms) /* one of its timers comes first */
        wait_ns = (uint64_t)timeout_ms * 1000000;
    struct timespec t = {.tv_sec = (time_t)(wait_ns / 1000000000u),
                         .tv_nsec = (long)(wait_ns % 1000000000u)};

    if (n->fds > 0 || wait_ns > 0)
        ready = ppoll(n->fd, n->fds, &t, NULL);
    slirp_pollfds_poll(n->slirp, ready < 0, get_revents, n);
    return ready > 0;
}

void net_slirp_input(struct net_slirp *n, const uint8_t *frame, size_t len)
{
    if (len <= FRAME_MAX)
        slirp_input(n->slirp, frame, (int)len);
}

static struct in_addr address(uint32_t host_order)
{
    return (struct in_addr){htonl(host_order)};
}

struct net_slirp *net_slirp_new(const struct net_slirp_events *ev)
{
    struct net_slirp *n = calloc(1, sizeof *n);
    SlirpConfig config = {
        .version = 1,
        .in_enabled = true,
        .vnetwork = address(NET_ADDRESS),
        .vnetmask = address((uint32_t)NET_MASK),
        .vhost = address(NET_GATEWAY),
        .vdhcp_start = address(NET_GUEST),
        .vnameserver = address(NET_NAME_SERVER),
        .disable_host_loopback = true, /* only a map leads there */
    };

    if (!n)
        return NULL;
    n->events = *ev;
    n->slirp = slirp_new(&config, &CALLBACKS, n);
    if (!n->slirp) {
        free(n);
        return NULL;
    }
    return n;
}

void net_slirp_free(struct net_slirp *n)
{
    if (!n)
        return;
    slirp_cleanup(n->slirp);
    free(n->fd);
    free(n);
}
