/* enet_offload.c - checksums by the Ethernet MAC, for IPv4.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "10/100-Mbps Ethernet MAC
 * (ENET)", section on the protocol accelerator. IPv6 is passed as it is.
 * Tests: test/unit/emu/test_enet.c, test/unit/emu/test_enet_rx.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/enet_offload.h"

#include "emu/ip4.h"

enum { IP_CHECKSUM_AT = 10 };

bool enet_insert_ip(uint8_t *frame, size_t len)
{
    struct ip4 ip;

    if (!ip4_find(&ip, frame, len))
        return true;
    uint8_t *field = frame + ip.header + IP_CHECKSUM_AT;
    bool cleared = get_u16be(field) == 0;

    put_u16be(field, (uint16_t)~ip4_sum(frame + ip.header, ip.header_len, 0));
    return cleared;
}

bool enet_insert_protocol(uint8_t *frame, size_t len)
{
    struct ip4 ip;
    size_t at;

    if (!ip4_find(&ip, frame, len) || (at = ip4_payload_checksum_at(&ip)) == 0)
        return true;
    bool cleared = get_u16be(frame + at) == 0;
    uint16_t sum = (uint16_t)~ip4_payload_sum(&ip, frame);

    if (sum == 0 && ip.protocol == IP4_UDP)
        sum = 0xFFFF; /* zero means: no checksum */
    put_u16be(frame + at, sum);
    return cleared;
}

bool enet_ip_is_right(const uint8_t *frame, size_t len)
{
    struct ip4 ip;

    return !ip4_find(&ip, frame, len) ||
           ip4_sum(frame + ip.header, ip.header_len, 0) == 0xFFFF;
}

bool enet_protocol_is_right(const uint8_t *frame, size_t len)
{
    struct ip4 ip;
    size_t at;

    if (!ip4_find(&ip, frame, len) || (at = ip4_payload_checksum_at(&ip)) == 0)
        return true;
    if (ip.protocol == IP4_UDP && get_u16be(frame + at) == 0)
        return true;
    return ip4_payload_sum(&ip, frame) == 0xFFFF;
}

size_t enet_unpadded(const uint8_t *frame, size_t len)
{
    struct ip4 ip;

    return ip4_find(&ip, frame, len) ? ip.payload + ip.payload_len : len;
}
