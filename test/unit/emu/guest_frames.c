/* guest_frames.c - frames made by hand, see guest_frames.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/guest_frames.h"

#include <string.h>

static const uint8_t STATION[6] = {0x02, 0x12, 0x13, 0x10, 0x15, 0x11};
static const uint8_t GATEWAY_STATION[6] = {0x52, 0x55, 10, 0, 2, 2};
static const uint8_t ALL[6] = {255, 255, 255, 255, 255, 255};

enum { IP = 14, PAYLOAD = 34 };

static void be16(uint8_t *p, size_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void be32(uint8_t *p, uint32_t v)
{
    be16(p, v >> 16);
    be16(p + 2, v & 0xFFFF);
}

static size_t sum(const uint8_t *p, size_t len, size_t start)
{
    for (size_t i = 0; i < len; i++)
        start += (size_t)p[i] << (i % 2 ? 0 : 8);
    while (start > 0xFFFF)
        start = (start >> 16) + (start & 0xFFFF);
    return start;
}

static void ethernet(uint8_t *out, const uint8_t *to, uint16_t type)
{
    memcpy(out, to, 6);
    memcpy(out + 6, STATION, 6);
    be16(out + 12, type);
}

/* Headers around len bytes of payload that stand in their place. */
static size_t ip(uint8_t *out, uint32_t from, uint32_t to, uint8_t protocol,
                 size_t len)
{
    uint8_t *h = out + IP;

    ethernet(out, to == 0xFFFFFFFF ? ALL : GATEWAY_STATION, 0x0800);
    memset(h, 0, 20);
    h[0] = 0x45;
    be16(h + 2, 20 + len);
    h[8] = 64;
    h[9] = protocol;
    be32(h + 12, from);
    be32(h + 16, to);
    be16(h + 10, ~sum(h, 20, 0) & 0xFFFF);
    return PAYLOAD + len;
}

static void payload_checksum(uint8_t *out, size_t at, uint8_t protocol,
                             size_t len)
{
    size_t pseudo = sum(out + IP + 12, 8, protocol + len);

    be16(out + PAYLOAD + at, 0);
    be16(out + PAYLOAD + at, ~sum(out + PAYLOAD, len, pseudo) & 0xFFFF);
}

size_t frame_arp_who_has(uint8_t *out, uint32_t address)
{
    ethernet(out, ALL, 0x0806);
    be16(out + 14, 1);
    be16(out + 16, 0x0800);
    out[18] = 6;
    out[19] = 4;
    be16(out + 20, 1);
    memcpy(out + 22, STATION, 6);
    be32(out + 28, GUEST);
    memset(out + 32, 0, 6);
    be32(out + 38, address);
    return 42;
}

size_t frame_udp(uint8_t *out, uint32_t from, uint32_t to, uint16_t from_port,
                 uint16_t to_port, const void *data, size_t len)
{
    uint8_t *p = out + PAYLOAD;

    be16(p, from_port);
    be16(p + 2, to_port);
    be16(p + 4, 8 + len);
    memcpy(p + 8, data, len);
    size_t n = ip(out, from, to, 17, 8 + len);

    payload_checksum(out, 6, 17, 8 + len);
    return n;
}

size_t frame_dhcp_discover(uint8_t *out)
{
    static const uint8_t options[] = {0x63, 0x82, 0x53, 0x63, 53, 1,
                                      1,    55,   2,    3,    6,  255};
    uint8_t m[300] = {1, 1, 6, 0, 0x12, 0x34, 0x56, 0x78};

    memcpy(m + 28, STATION, 6);
    memcpy(m + 236, options, sizeof options);
    return frame_udp(out, 0, 0xFFFFFFFF, 68, 67, m, sizeof m);
}

size_t frame_dns_query(uint8_t *out, uint32_t server, const char *name,
                       uint16_t type)
{
    uint8_t q[300] = {0xAB, 0xCD, 1, 0, 0, 1};
    size_t at = 12;

    while (*name) {
        size_t label = strcspn(name, ".");
        q[at] = (uint8_t)label;
        memcpy(q + at + 1, name, label);
        at += 1 + label;
        name += label + (name[label] == '.');
    }
    q[at++] = 0;
    be16(q + at, type);
    be16(q + at + 2, 1);
    return frame_udp(out, GUEST, server, 5353, 53, q, at + 4);
}

size_t frame_ping(uint8_t *out, uint32_t to)
{
    uint8_t *p = out + PAYLOAD;

    memset(p, 0, 16);
    p[0] = 8;
    be16(p + 4, 77);
    be16(p + 2, ~sum(p, 16, 0) & 0xFFFF);
    return ip(out, GUEST, to, 1, 16);
}

size_t frame_tcp(uint8_t *out, const struct tcp_segment *s)
{
    uint8_t *p = out + PAYLOAD;

    memset(p, 0, 20);
    be16(p, s->from_port);
    be16(p + 2, s->to_port);
    be32(p + 4, s->seq);
    be32(p + 8, s->ack);
    p[12] = 5 << 4;
    p[13] = s->flags;
    be16(p + 14, 8192);
    if (s->len > 0)
        memcpy(p + 20, s->data, s->len);
    size_t n = ip(out, GUEST, s->to, 6, 20 + s->len);

    payload_checksum(out, 16, 6, 20 + s->len);
    return n;
}
