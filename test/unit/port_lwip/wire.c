/* wire.c - see wire.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/port_lwip/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/net_filter.h"
#include "emu/net_slirp.h"
#include "port/lwip/lwip_stack.h"
#include "port/posix/posix_clock.h"

enum { FRAMES_MAX = 256, WAIT_NS = 1000000 };

static struct net_filter filter;
static struct net_slirp *slirp;
static struct net_frame sending;
static struct net_frame inbox[FRAMES_MAX];
static unsigned first, waiting;

static void deliver(const struct net_frame *f)
{
    if (waiting < FRAMES_MAX)
        inbox[(first + waiting++) % FRAMES_MAX] = *f;
}

static void on_frame(void *ctx, const uint8_t *frame, size_t len)
{
    struct net_frame f = {.len = len};

    (void)ctx;
    if (len > sizeof f.bytes)
        return;
    memcpy(f.bytes, frame, len);
    if (net_filter_in(&filter, &f) == NET_PASS)
        deliver(&f);
}

static uint64_t now_ns(void *ctx)
{
    (void)ctx;
    return posix_monotonic_ms() * 1000000;
}

static bool link_is_up(void *ctx)
{
    (void)ctx;
    return slirp != NULL;
}

static uint8_t *send_begin(void *ctx)
{
    (void)ctx;
    return sending.bytes;
}

static void send(void *ctx, size_t len)
{
    struct net_frame answer;
    char refusal[NET_REFUSAL_MAX];

    (void)ctx;
    sending.len = len;
    switch (net_filter_out(&filter, &sending, &answer, refusal)) {
    case NET_PASS:
        net_slirp_input(slirp, sending.bytes, sending.len);
        return;
    case NET_ANSWER:
        deliver(&answer);
        return;
    case NET_DROP:
        return;
    }
}

static const uint8_t *receive(void *ctx, size_t *len)
{
    (void)ctx;
    *len = inbox[first].len;
    return waiting > 0 ? inbox[first].bytes : NULL;
}

static void receive_end(void *ctx)
{
    (void)ctx;
    first = (first + 1) % FRAMES_MAX;
    waiting--;
}

const struct port_frame WIRE = {
    .link_is_up = link_is_up,
    .send_begin = send_begin,
    .send = send,
    .receive = receive,
    .receive_end = receive_end,
};

void wire_begin(uint16_t host_port)
{
    static const struct net_slirp_events EVENTS = {.frame = on_frame,
                                                   .now_ns = now_ns};
    char rules[96], why[200];

    snprintf(rules, sizeof rules, "map=%d:127.0.0.1:%u,host=*.example",
             WIRE_PORT, host_port);
    if (!net_rules_parse(&filter.rules, rules, why, sizeof why))
        abort();
    if (slirp == NULL)
        slirp = net_slirp_new(&EVENTS);
    if (slirp == NULL)
        abort();
}

void wire_poll(void)
{
    (void)net_slirp_poll(slirp, WAIT_NS);
    (void)lwip_poll();
}

void wire_end(void)
{
    net_slirp_free(slirp);
    slirp = NULL;
}
