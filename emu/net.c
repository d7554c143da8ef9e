/* net.c - the network of the board put together: queue, faults, pcap file,
 * filter, libslirp, and when they get their turn. Start at net_poll().
 *
 *   ENET -> from_guest() -> filter -> libslirp -> sockets
 *   ENET <- deliver() <- queue <- filter <- from_slirp()
 *
 * Time: libslirp lives in virtual time, which is never ahead of host time while
 * the core sleeps, because net_poll() waits. Assumed: a frame that the board
 * has no buffer for waits in the queue, as if the switch had been asked to
 * pause; beyond QUEUE frames the newest is lost. A corrupted frame has one bit
 * wrong behind its Ethernet header and a right check sequence, as from a bad
 * switch: software's checksums have to find it.
 * Tests: test/unit/emu/test_net_slirp.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/net.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "emu/board.h"
#include "emu/enet.h"
#include "emu/ip4.h"
#include "emu/net_filter.h"
#include "emu/net_slirp.h"
#include "emu/pcap.h"

enum {
    QUEUE = 256,
    REFUSALS_MAX = 32, /* told, each once */
    POLL_US_MIN = 50,  /* between polls while the core runs; doubles */
    POLL_US_MAX = 2000,
    READY_US = 5, /* after software has given buffers */
};

struct net {
    struct soc *soc;
    struct enet *enet;
    struct soc_timer *timer;
    struct net_filter filter;
    struct net_slirp *slirp;
    struct pcap *pcap;
    struct net_frame queue[QUEUE]; /* for the guest; first.. */
    size_t first, count;
    uint64_t cycles_before; /* of former power-ons, as far as was seen */
    uint64_t cycles_last;
    uint64_t poll_at; /* when the timer fires; 0: it is stopped */
    unsigned poll_us;
    bool moved; /* a frame went either way since the last poll */
    char refused[REFUSALS_MAX][NET_REFUSAL_MAX];
    size_t refusals;
};

static uint64_t now_ns(void *ctx)
{
    struct net *n = ctx;
    uint64_t now = soc_now(n->soc);

    if (now < n->cycles_last)
        n->cycles_before += n->cycles_last;
    n->cycles_last = now;
    now += n->cycles_before;
    return now / BOARD_HZ * 1000000000u +
           now % BOARD_HZ * 1000000000u / BOARD_HZ;
}

static void arm(struct net *n, unsigned us)
{
    uint64_t at = soc_now(n->soc) + (uint64_t)us * (BOARD_HZ / 1000000);

    if (n->poll_at != 0 && n->poll_at <= at)
        return;
    n->poll_at = at;
    soc_timer_at(n->timer, at);
}

static void record(struct net *n, const struct net_frame *f)
{
    if (n->pcap)
        pcap_write(n->pcap, now_ns(n), f->bytes, f->len);
}

/* False: the frame is lost. */
static bool survives(struct net *n, struct net_frame *f)
{
    switch (soc_frame_fate(n->soc)) {
    case SOC_FRAME_PASS:
        return true;
    case SOC_FRAME_LOSE:
        return false;
    case SOC_FRAME_CORRUPT:
        break;
    }
    if (f->len > ETHER_HEADER_BYTES) {
        uint32_t r = soc_random(n->soc);
        size_t at = r / 8 % (f->len - ETHER_HEADER_BYTES);
        f->bytes[ETHER_HEADER_BYTES + at] ^= (uint8_t)(1u << r % 8);
    }
    return true;
}

/* --- to the guest --------------------------------------------------------- */

static void enqueue(struct net *n, const struct net_frame *f)
{
    struct net_frame *to = &n->queue[(n->first + n->count) % QUEUE];

    n->moved = true;
    if (n->count == QUEUE)
        return;
    *to = *f;
    if (survives(n, to))
        n->count++;
}

static void from_slirp(void *ctx, const uint8_t *frame, size_t len)
{
    struct net *n = ctx;
    struct net_frame f;

    if (len > sizeof f.bytes)
        return;
    memcpy(f.bytes, frame, len);
    f.len = len;
    if (net_filter_in(&n->filter, &f) == NET_PASS)
        enqueue(n, &f);
}

/* True: at least one frame went in. */
static bool deliver(struct net *n)
{
    bool any = false;

    while (n->count > 0) {
        const struct net_frame *f = &n->queue[n->first];
        if (!enet_receive(n->enet, f->bytes, f->len))
            break;
        record(n, f);
        n->first = (n->first + 1) % QUEUE;
        n->count--;
        any = true;
    }
    return any;
}

/* --- from the guest ------------------------------------------------------- */

static void tell_refusal(struct net *n, const char *what)
{
    if (n->refusals == REFUSALS_MAX)
        return;
    for (size_t i = 0; i < n->refusals; i++)
        if (strcmp(n->refused[i], what) == 0)
            return;
    snprintf(n->refused[n->refusals++], NET_REFUSAL_MAX, "%s", what);
    soc_note(n->soc, "network: refused %s: --net does not name it", what);
}

static void from_guest(void *ctx, const uint8_t *frame, size_t len)
{
    struct net *n = ctx;
    struct net_frame f, answer;
    char refusal[NET_REFUSAL_MAX];

    if (len > sizeof f.bytes)
        return;
    memcpy(f.bytes, frame, len);
    f.len = len;
    record(n, &f);
    if (!survives(n, &f))
        return;
    n->moved = true;
    switch (net_filter_out(&n->filter, &f, &answer, refusal)) {
    case NET_PASS:
        net_slirp_input(n->slirp, f.bytes, f.len);
        break;
    case NET_ANSWER:
        enqueue(n, &answer);
        break;
    case NET_DROP:
        break;
    }
    if (refusal[0])
        tell_refusal(n, refusal);
    n->poll_us = POLL_US_MIN;
    arm(n, n->poll_us);
}

/* --- turns ---------------------------------------------------------------- */

static uint64_t host_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t net_poll(struct net *n, uint64_t wait_ns)
{
    uint64_t from = wait_ns > 0 ? host_ns() : 0;

    if (deliver(n)) {
        n->moved = true;
        wait_ns = 0;
    }
    net_slirp_poll(n->slirp, wait_ns);
    deliver(n);
    if (wait_ns == 0)
        return 0;
    uint64_t passed = host_ns() - from;

    return passed < wait_ns ? passed : wait_ns;
}

/* The core sleeps: the wait is as long as virtual time wants to leap. */
static uint64_t on_wait(void *ctx, uint64_t ns)
{
    return net_poll(ctx, ns);
}

/* The core runs: often while frames move, rarely while none do. */
static void on_timer(void *ctx)
{
    struct net *n = ctx;

    n->poll_at = 0;
    net_poll(n, 0);
    if (n->moved)
        n->poll_us = POLL_US_MIN;
    else if (n->poll_us < POLL_US_MAX)
        n->poll_us *= 2;
    n->moved = false;
    arm(n, n->poll_us);
}

static void on_ready(void *ctx)
{
    struct net *n = ctx;

    arm(n, n->count > 0 ? READY_US : n->poll_us);
}

static void on_reset(void *ctx)
{
    struct net *n = ctx;

    n->poll_at = 0; /* the timer runs again once the MAC does */
    n->first = n->count = 0;
}

/* --- life ----------------------------------------------------------------- */

static void ignore_sigpipe(void)
{
    struct sigaction now;

    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

static bool begin(struct net *n, const char *rules, const char *pcap, char *why,
                  size_t why_len)
{
    if (!net_rules_parse(&n->filter.rules, rules, why, why_len))
        return false;
    if (pcap && !(n->pcap = pcap_open(pcap))) {
        snprintf(why, why_len, "cannot write frames to %s: %s", pcap,
                 strerror(errno));
        return false;
    }
    n->slirp = net_slirp_new(&(struct net_slirp_events){n, from_slirp, now_ns});
    if (!n->slirp)
        snprintf(why, why_len, "libslirp could not begin");
    return n->slirp != NULL;
}

struct net *net_new(struct soc *s, struct enet *e, const char *rules,
                    const char *pcap, char *why, size_t why_len)
{
    struct net *n = calloc(1, sizeof *n);

    if (!n) {
        snprintf(why, why_len, "no memory for the network");
        return NULL;
    }
    n->soc = s;
    n->enet = e;
    n->poll_us = POLL_US_MIN;
    if (!begin(n, rules, pcap, why, why_len)) {
        pcap_close(n->pcap);
        free(n);
        return NULL;
    }
    ignore_sigpipe();
    n->timer = soc_timer_new(s, on_timer, n);
    soc_on_wait(s, on_wait, n);
    enet_connect(e, &(struct enet_wire){n, from_guest, on_ready, on_reset});
    return n;
}

void net_free(struct net *n)
{
    if (!n)
        return;
    soc_timer_stop(n->timer);
    soc_on_wait(n->soc, NULL, NULL);
    enet_connect(n->enet, NULL);
    net_slirp_free(n->slirp);
    pcap_close(n->pcap);
    free(n);
}
