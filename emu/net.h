/* net.h - the world at the other end of the board's Ethernet cable: a private
 * network of one guest, a gateway and a name server, made by libslirp in this
 * process. Made by `--net`, see net_rules.h for what may be reached.
 *
 * Drives itself: it is woken by soc timers while the core runs and by
 * soc_on_wait() while it sleeps. board.c calls net_new() once, with
 * what enet_add() returned, and net_free() before the soc goes away; nothing
 * else.
 *
 * Addresses: guest 10.0.2.15 (by DHCP), gateway 10.0.2.2, names 10.0.2.3.
 * Without a struct net the link is up and frames go nowhere.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NET_H
#define TERN_EMU_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct enet;
struct soc;
struct net;

/* e: of the same soc; is connected to the network until net_free().
 * rules: board_config.net. pcap: a file for every frame, or NULL.
 * NULL: why has a sentence. Ignores SIGPIPE from here on if nobody has chosen
 * what it does: libslirp writes to sockets that their peer may have closed. */
struct net *net_new(struct soc *s, struct enet *e, const char *rules,
                    const char *pcap, char *why, size_t why_len);
void net_free(struct net *n);

/* Move frames both ways; wait for at most wait_ns of host time if nothing
 * moves. Returns how many ns have passed, at most wait_ns. */
uint64_t net_poll(struct net *n, uint64_t wait_ns);

#endif
