/* net_filter.c - decide about each frame between guest and libslirp. Start at
 * net_filter_out().
 *
 * Addresses are changed in place and checksums adjusted, never made anew: a
 * guest's wrong checksum stays wrong.
 * Tests: test/unit/emu/test_net_filter.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/net_filter.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "emu/ip4.h"
#include "emu/net_dns.h"
#include "emu/net_time.h"

enum {
    ARP_BYTES = 42,
    IP_HEADER = 20,
    IP_CHECKSUM_AT = 10,
    IP_SOURCE_AT = 12,
    IP_DESTINATION_AT = 16,
    UDP_HEADER = 8,
    UDP_CHECKSUM_AT = 6,
    TCP_HEADER = 20,
    TCP_CHECKSUM_AT = 16,
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_ACK = 0x10,
    ICMP_ECHO = 8,
    ICMP_ECHO_REPLY = 0,
    PORT_DNS = 53,
    PORT_DHCP_SERVER = 67,
    PORT_DHCP_CLIENT = 68,
    PORT_TIME = 123,
    TTL = 64,
};

#define BROADCAST 0xFFFFFFFFu

static void refuse(char *refusal, const char *what, uint32_t address,
                   unsigned port)
{
    snprintf(refusal, NET_REFUSAL_MAX, "%s to %u.%u.%u.%u port %u", what,
             (unsigned)(address >> 24), (unsigned)(address >> 16 & 255),
             (unsigned)(address >> 8 & 255), (unsigned)(address & 255), port);
}

/* Ethernet and IPv4 headers of an answer: back to where `to` came from. */
static uint8_t *answer_begin(struct net_frame *answer,
                             const struct net_frame *to, const struct ip4 *ip,
                             size_t payload_len)
{
    uint8_t *p = answer->bytes, *h = p + ETHER_HEADER_BYTES;

    memset(p, 0, ETHER_HEADER_BYTES + IP_HEADER + payload_len);
    memcpy(p, to->bytes + 6, 6);
    memcpy(p + 6, to->bytes, 6);
    put_u16be(p + 12, ETHER_IPV4);
    h[0] = 0x45;
    put_u16be(h + 2, (uint16_t)(IP_HEADER + payload_len));
    h[8] = TTL;
    h[9] = ip->protocol;
    put_u32be(h + IP_SOURCE_AT, ip->destination);
    put_u32be(h + IP_DESTINATION_AT, ip->source);
    put_u16be(h + IP_CHECKSUM_AT, (uint16_t)~ip4_sum(h, IP_HEADER, 0));
    answer->len = ETHER_HEADER_BYTES + IP_HEADER + payload_len;
    return h + IP_HEADER;
}

static void answer_checksum(struct net_frame *answer, size_t at)
{
    struct ip4 ip;

    if (ip4_find(&ip, answer->bytes, answer->len))
        put_u16be(answer->bytes + ip.payload + at,
                  (uint16_t)~ip4_payload_sum(&ip, answer->bytes));
}

/* --- UDP ------------------------------------------------------------------ */

static enum net_verdict udp_answer(const struct net_frame *frame,
                                   const struct ip4 *ip,
                                   struct net_frame *answer,
                                   const uint8_t *reply, size_t n)
{
    const uint8_t *udp = frame->bytes + ip->payload;
    uint8_t *p = answer_begin(answer, frame, ip, UDP_HEADER + n);

    memcpy(p, udp + 2, 2);
    memcpy(p + 2, udp, 2);
    put_u16be(p + 4, (uint16_t)(UDP_HEADER + n));
    memcpy(p + UDP_HEADER, reply, n);
    answer_checksum(answer, UDP_CHECKSUM_AT);
    return NET_ANSWER;
}

static enum net_verdict dns(struct net_filter *f, const struct net_frame *frame,
                            const struct ip4 *ip, struct net_frame *answer,
                            char *refusal)
{
    const uint8_t *udp = frame->bytes + ip->payload;
    uint8_t reply[NET_DNS_MAX];
    char name[NET_NAME_MAX];
    size_t n =
        net_dns_answer(&f->rules, udp + UDP_HEADER,
                       get_u16be(udp + 4) - (size_t)UDP_HEADER, reply, name);

    if (n == 0)
        return NET_DROP;
    if (name[0])
        snprintf(refusal, NET_REFUSAL_MAX, "the name %s", name);
    return udp_answer(frame, ip, answer, reply, n);
}

static enum net_verdict time_of_day(const struct net_filter *f,
                                    const struct net_frame *frame,
                                    const struct ip4 *ip,
                                    struct net_frame *answer)
{
    const uint8_t *udp = frame->bytes + ip->payload;
    uint64_t now = f->rules.time_seconds;
    uint8_t reply[NET_TIME_BYTES];

    if (f->rules.time == NET_TIME_HOST)
        now = (uint64_t)time(NULL);
    size_t n = net_time_answer(now, udp + UDP_HEADER,
                               get_u16be(udp + 4) - (size_t)UDP_HEADER, reply);
    return n > 0 ? udp_answer(frame, ip, answer, reply, n) : NET_DROP;
}

static enum net_verdict udp_out(struct net_filter *f,
                                const struct net_frame *frame,
                                const struct ip4 *ip, struct net_frame *answer,
                                char *refusal)
{
    const uint8_t *p = frame->bytes + ip->payload;

    if (ip->payload_len < UDP_HEADER || get_u16be(p + 4) < UDP_HEADER ||
        get_u16be(p + 4) > ip->payload_len)
        return NET_DROP;
    if (get_u16be(p + UDP_CHECKSUM_AT) != 0 &&
        ip4_payload_sum(ip, frame->bytes) != 0xFFFF)
        return NET_DROP;
    unsigned port = get_u16be(p + 2);

    if (port == PORT_DNS)
        return dns(f, frame, ip, answer, refusal);
    if (port == PORT_TIME && ip->destination == NET_GATEWAY &&
        f->rules.time != NET_TIME_NONE)
        return time_of_day(f, frame, ip, answer);
    if (port == PORT_DHCP_SERVER &&
        (ip->destination == BROADCAST || ip->destination == NET_GATEWAY))
        return NET_PASS;
    if (ip->destination >> 28 != 0xE && ip->destination != BROADCAST &&
        ip->destination != (NET_ADDRESS | ~(uint32_t)NET_MASK))
        refuse(refusal, "UDP", ip->destination, port);
    return NET_DROP;
}

/* --- TCP ------------------------------------------------------------------ */

/* RFC 793, "Reset Generation", for a connection that does not exist. */
static enum net_verdict reset(const struct net_frame *frame,
                              const struct ip4 *ip, struct net_frame *answer)
{
    const uint8_t *tcp = frame->bytes + ip->payload;
    unsigned flags = tcp[13];
    size_t header = (size_t)(tcp[12] >> 4) * 4;

    if ((flags & TCP_RST) || header < TCP_HEADER || header > ip->payload_len)
        return NET_DROP;
    uint32_t next = get_u32be(tcp + 4) + (uint32_t)(ip->payload_len - header) +
                    ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
    uint8_t *p = answer_begin(answer, frame, ip, TCP_HEADER);

    memcpy(p, tcp + 2, 2);
    memcpy(p + 2, tcp, 2);
    p[12] = TCP_HEADER / 4 << 4;
    p[13] = TCP_RST;
    if (flags & TCP_ACK) {
        memcpy(p + 4, tcp + 8, 4);
    } else {
        put_u32be(p + 8, next);
        p[13] |= TCP_ACK;
    }
    answer_checksum(answer, TCP_CHECKSUM_AT);
    return NET_ANSWER;
}

/* An address and port of the frame become others; at: of the address in the IP
 * header and of the port in the TCP header. */
static void readdress(struct net_frame *frame, const struct ip4 *ip,
                      const size_t at[2], uint32_t address, uint16_t port)
{
    uint8_t *h = frame->bytes + ip->header, *tcp = frame->bytes + ip->payload;
    uint32_t old_address = get_u32be(h + at[0]);
    uint16_t old_port = get_u16be(tcp + at[1]);

    ip4_checksum_adjust(h + IP_CHECKSUM_AT, old_address, address);
    ip4_checksum_adjust(tcp + TCP_CHECKSUM_AT, old_address, address);
    ip4_checksum_adjust(tcp + TCP_CHECKSUM_AT, old_port, port);
    put_u32be(h + at[0], address);
    put_u16be(tcp + at[1], port);
}

static enum net_verdict tcp_out(struct net_filter *f, struct net_frame *frame,
                                const struct ip4 *ip, struct net_frame *answer,
                                char *refusal)
{
    static const size_t destination[2] = {IP_DESTINATION_AT, 2};

    if (ip->payload_len < TCP_HEADER)
        return NET_DROP;
    uint16_t port = get_u16be(frame->bytes + ip->payload + 2);
    const struct net_map *m =
        ip->destination == NET_GATEWAY ? net_rules_map(&f->rules, port) : NULL;

    if (!m) {
        if (frame->bytes[ip->payload + 13] & TCP_SYN)
            refuse(refusal, "TCP", ip->destination, port);
        return reset(frame, ip, answer);
    }
    f->last_map[get_u16be(frame->bytes + ip->payload)] =
        (uint8_t)(m - f->rules.map);
    readdress(frame, ip, destination, m->to_address, m->to_port);
    return NET_PASS;
}

static bool leads_to(const struct net_map *m, uint32_t address, uint16_t port)
{
    return m->to_address == address && m->to_port == port;
}

static enum net_verdict tcp_in(struct net_filter *f, struct net_frame *frame,
                               const struct ip4 *ip)
{
    static const size_t source[2] = {IP_SOURCE_AT, 0};

    if (ip->payload_len < TCP_HEADER)
        return NET_DROP;
    const uint8_t *tcp = frame->bytes + ip->payload;
    uint16_t port = get_u16be(tcp);
    const struct net_map *m = &f->rules.map[f->last_map[get_u16be(tcp + 2)]];

    for (size_t i = 0; i < f->rules.maps && !leads_to(m, ip->source, port); i++)
        m = &f->rules.map[i];
    if (!leads_to(m, ip->source, port))
        return NET_DROP;
    readdress(frame, ip, source, NET_GATEWAY, m->port);
    return NET_PASS;
}

/* --- all ------------------------------------------------------------------ */

static bool is_arp(const struct net_frame *frame)
{
    return frame->len >= ARP_BYTES && get_u16be(frame->bytes + 12) == ETHER_ARP;
}

static bool is_ping(const struct net_frame *frame, const struct ip4 *ip)
{
    return ip->payload_len >= 8 && frame->bytes[ip->payload] == ICMP_ECHO &&
           (ip->destination == NET_GATEWAY ||
            ip->destination == NET_NAME_SERVER);
}

enum net_verdict net_filter_out(struct net_filter *f, struct net_frame *frame,
                                struct net_frame *answer, char *refusal)
{
    struct ip4 ip;

    refusal[0] = '\0';
    if (is_arp(frame))
        return NET_PASS;
    /* A VLAN tag, a fragment, another protocol: nothing that we let pass. */
    if (!ip4_find(&ip, frame->bytes, frame->len) || ip.fragment ||
        ip.header != ETHER_HEADER_BYTES)
        return NET_DROP;
    if (ip4_sum(frame->bytes + ip.header, ip.header_len, 0) != 0xFFFF)
        return NET_DROP;
    frame->len = ip.payload + ip.payload_len; /* padding tells nothing */
    switch (ip.protocol) {
    case IP4_UDP:
        return udp_out(f, frame, &ip, answer, refusal);
    case IP4_TCP:
        return tcp_out(f, frame, &ip, answer, refusal);
    case IP4_ICMP:
        return is_ping(frame, &ip) ? NET_PASS : NET_DROP;
    }
    return NET_DROP;
}

enum net_verdict net_filter_in(struct net_filter *f, struct net_frame *frame)
{
    struct ip4 ip;

    if (is_arp(frame))
        return NET_PASS;
    if (!ip4_find(&ip, frame->bytes, frame->len) || ip.fragment)
        return NET_DROP;
    const uint8_t *p = frame->bytes + ip.payload;

    switch (ip.protocol) {
    case IP4_UDP:
        return ip.payload_len >= UDP_HEADER &&
                       get_u16be(p + 2) == PORT_DHCP_CLIENT
                   ? NET_PASS
                   : NET_DROP;
    case IP4_TCP:
        return tcp_in(f, frame, &ip);
    case IP4_ICMP:
        return ip.payload_len > 0 && p[0] == ICMP_ECHO_REPLY ? NET_PASS
                                                             : NET_DROP;
    }
    return NET_DROP;
}
