/* net_filter.h - stands between the guest and libslirp, and lets through only
 * what the rules name.
 *
 * Why not libslirp's own means: in restricted mode its DHCP server leaves out
 * the router and the name server, which real firmware needs, and a forward to
 * a function of ours has no notion of more than one connection. So libslirp is
 * unrestricted, but never sees a frame which this filter does not know:
 *
 *   ARP                            to libslirp
 *   DHCP to the gateway            to libslirp
 *   ping of gateway, name server   to libslirp
 *   DNS over UDP, to any address   answered here (net_dns.h)
 *   SNTP to the gateway            answered here if a rule says so (net_time.h)
 *   TCP to the gateway, port in a  its destination becomes the map's; to
 *   map                            libslirp, which connects
 *   any other TCP                  reset
 *   all else                       dropped
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NET_FILTER_H
#define TERN_EMU_NET_FILTER_H

#include "emu/net_rules.h"

enum { NET_FRAME_MAX = 2048 };

struct net_frame {
    uint8_t bytes[NET_FRAME_MAX];
    size_t len;
};

enum net_verdict {
    NET_PASS,   /* the frame, perhaps changed, goes on */
    NET_ANSWER, /* answer goes back to the guest; the frame ends here */
    NET_DROP,
};

struct net_filter {
    struct net_rules rules;
    /* Map that each source port of the guest used last: tells replies apart
     * when two maps lead to the same place. */
    uint8_t last_map[65536];
};

enum { NET_REFUSAL_MAX = 320 };

/* A frame of the guest. refusal: NET_REFUSAL_MAX bytes; a phrase about what was
 * refused and should be told to a person, else empty. */
enum net_verdict net_filter_out(struct net_filter *f, struct net_frame *frame,
                                struct net_frame *answer, char *refusal);
/* A frame of libslirp; the source becomes what the guest spoke to. */
enum net_verdict net_filter_in(struct net_filter *f, struct net_frame *frame);

#endif
