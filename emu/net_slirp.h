/* net_slirp.h - libslirp: the gateway of the guest's network, with DHCP, ARP
 * and TCP connections of this process. It may reach everything this process
 * can: net_filter.h stands in front.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NET_SLIRP_H
#define TERN_EMU_NET_SLIRP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net_slirp;

struct net_slirp_events {
    void *ctx;
    /* A frame for the guest; called from inside the functions below. */
    void (*frame)(void *ctx, const uint8_t *frame, size_t len);
    uint64_t (*now_ns)(void *ctx); /* virtual, never goes back */
};

/* Copies the events. NULL: libslirp could not begin. */
struct net_slirp *net_slirp_new(const struct net_slirp_events *ev);
void net_slirp_free(struct net_slirp *n);

/* A frame of the guest. */
void net_slirp_input(struct net_slirp *n, const uint8_t *frame, size_t len);
/* Serve the sockets; wait at most wait_ns for one of them to be ready. True:
 * one was. */
bool net_slirp_poll(struct net_slirp *n, uint64_t wait_ns);

#endif
