/* ip4.c - IPv4 in Ethernet frames. Start at ip4_find().
 *
 * Source: RFC 791, 768, 793, 792; RFC 1071 and 1624 for checksums.
 * Tests: test/unit/emu/test_enet_rx.c, test/unit/emu/test_net_filter.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/ip4.h"

enum {
    ETHER_TYPE_AT = 12,
    ETHER_VLAN = 0x8100,
    VLAN_TAG_BYTES = 4,
    HEADER_MIN = 20,
    FRAGMENT_BITS = 0x3FFF, /* more to come, or an offset */
    TCP_HEADER_MIN = 20,
    UDP_HEADER = 8,
    ICMP_HEADER = 4,
};

bool ip4_find(struct ip4 *out, const uint8_t *frame, size_t len)
{
    size_t at = ETHER_HEADER_BYTES;

    if (len >= at + VLAN_TAG_BYTES &&
        get_u16be(frame + ETHER_TYPE_AT) == ETHER_VLAN)
        at += VLAN_TAG_BYTES;
    if (len < at + HEADER_MIN || get_u16be(frame + at - 2) != ETHER_IPV4)
        return false;

    const uint8_t *p = frame + at;
    size_t header = (size_t)(p[0] & 0xFu) * 4, total = get_u16be(p + 2);

    if (p[0] >> 4 != 4 || header < HEADER_MIN || total < header ||
        len - at < total)
        return false;
    *out = (struct ip4){
        .header = at,
        .header_len = header,
        .payload = at + header,
        .payload_len = total - header,
        .protocol = p[9],
        .fragment = (get_u16be(p + 6) & FRAGMENT_BITS) != 0,
        .source = get_u32be(p + 12),
        .destination = get_u32be(p + 16),
    };
    return true;
}

uint16_t ip4_sum(const uint8_t *bytes, size_t len, uint32_t start)
{
    uint64_t sum = start;

    for (size_t i = 0; i + 1 < len; i += 2)
        sum += get_u16be(bytes + i);
    if (len % 2)
        sum += (uint64_t)bytes[len - 1] << 8;
    while (sum >> 16)
        sum = (sum & 0xFFFFu) + (sum >> 16);
    return (uint16_t)sum;
}

uint16_t ip4_payload_sum(const struct ip4 *ip, const uint8_t *frame)
{
    uint32_t start = 0;

    if (ip->protocol != IP4_ICMP) /* ICMP has no pseudo header */
        start = ip4_sum(frame + ip->header + 12, 8, ip->protocol) +
                (uint32_t)ip->payload_len;
    return ip4_sum(frame + ip->payload, ip->payload_len, start);
}

size_t ip4_payload_checksum_at(const struct ip4 *ip)
{
    if (ip->fragment)
        return 0;
    if (ip->protocol == IP4_TCP && ip->payload_len >= TCP_HEADER_MIN)
        return ip->payload + 16;
    if (ip->protocol == IP4_UDP && ip->payload_len >= UDP_HEADER)
        return ip->payload + 6;
    if (ip->protocol == IP4_ICMP && ip->payload_len >= ICMP_HEADER)
        return ip->payload + 2;
    return 0;
}

void ip4_checksum_adjust(uint8_t *checksum, uint32_t before, uint32_t after)
{
    uint32_t sum = (uint16_t)~get_u16be(checksum);

    sum += (uint16_t) ~(before >> 16);
    sum += (uint16_t)~before;
    sum += after >> 16;
    sum += after & 0xFFFFu;
    while (sum >> 16)
        sum = (sum & 0xFFFFu) + (sum >> 16);
    put_u16be(checksum, (uint16_t)~sum);
}
