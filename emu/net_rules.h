/* net_rules.h - what a guest may reach, as written after `--net`:
 *
 *   map=443:127.0.0.1:1883,map=80:127.0.0.1:8080,host=*.example.com
 *
 * map=PORT:ADDRESS:PORT  TCP to the gateway's PORT goes to that IPv4 address
 *                        and port, as this process sees them.
 * host=NAME              this name, or with `*.` in front each name below it,
 *                        or `*` any, has the gateway's address. No other name
 *                        exists.
 * time=now, time=SECONDS the gateway tells the time by SNTP: this computer's,
 * or always the same one, in seconds since 1970. Everything else is refused.
 * Pure: no network in here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NET_RULES_H
#define TERN_EMU_NET_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NET_MAPS_MAX = 32,
    NET_HOSTS_MAX = 32,
    NET_NAME_MAX = 254, /* bytes, with the ending NUL */

    NET_GATEWAY = 0x0A000202,     /* 10.0.2.2 */
    NET_NAME_SERVER = 0x0A000203, /* 10.0.2.3 */
    NET_GUEST = 0x0A00020F,       /* 10.0.2.15 */
    NET_ADDRESS = 0x0A000200,
    NET_MASK = (int)0xFFFFFF00,
};

struct net_map {
    uint16_t port;
    uint32_t to_address; /* host byte order */
    uint16_t to_port;
};

enum net_time { NET_TIME_NONE, NET_TIME_HOST, NET_TIME_FIXED };

struct net_rules {
    enum net_time time;
    uint32_t time_seconds; /* of NET_TIME_FIXED, since 1970 */
    struct net_map map[NET_MAPS_MAX];
    size_t maps;
    char host[NET_HOSTS_MAX][NET_NAME_MAX]; /* lower case */
    size_t hosts;
};

/* text: "" allows nothing. False: why says which part and what is right. */
bool net_rules_parse(struct net_rules *r, const char *text, char *why,
                     size_t why_len);
/* The map of a guest's port, or NULL. */
const struct net_map *net_rules_map(const struct net_rules *r, uint16_t port);
/* name: in either case, without the root's dot. */
bool net_rules_has_host(const struct net_rules *r, const char *name);

#endif
