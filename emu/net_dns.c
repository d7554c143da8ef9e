/* net_dns.c - answer the guest's DNS queries. Start at net_dns_answer().
 *
 * Source: RFC 1035 section 4. One question per query; compressed names do not
 * occur in it and are refused; additional records (EDNS) are left out of the
 * answer, as old servers do.
 * Tests: test/unit/emu/test_net_filter.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/net_dns.h"

#include <string.h>

#include "emu/be.h"

enum {
    HEADER_BYTES = 12,
    FLAG_REPLY = 0x8000,
    FLAG_AUTHORITY = 0x0400,
    FLAG_RECURSION_WANTED = 0x0100,
    FLAG_RECURSION = 0x0080,
    OPCODE_MASK = 0x7800,
    OK = 0,
    FORMAT_ERROR = 1,
    NO_SUCH_NAME = 3,
    NOT_IMPLEMENTED = 4,
    TYPE_A = 1,
    TYPE_ANY = 255,
    CLASS_INTERNET = 1,
    ANSWER_BYTES = 16,
    TTL_S = 60,
};

/* Text of the name at *at, which moves behind it. */
static bool name_read(const uint8_t *q, size_t len, size_t *at, char *name)
{
    size_t n = 0;

    while (*at < len && q[*at] != 0) {
        size_t label = q[*at];
        if (label > 63 || *at + 1 + label > len ||
            n + label + 1 >= NET_NAME_MAX)
            return false;
        if (n > 0)
            name[n++] = '.';
        for (size_t i = 0; i < label; i++) {
            uint8_t c = q[*at + 1 + i];
            /* What no host name has would only confuse those who read it. */
            name[n++] = (char)(c > ' ' && c < 127 && c != '.' ? c : '?');
        }
        *at += 1 + label;
    }
    name[n] = '\0';
    return (*at)++ < len;
}

static size_t finish(const uint8_t *query, uint8_t *reply, size_t end,
                     unsigned code)
{
    unsigned flags = get_u16be(query + 2);

    flags = FLAG_REPLY | FLAG_AUTHORITY | FLAG_RECURSION |
            (flags & (OPCODE_MASK | FLAG_RECURSION_WANTED)) | code;
    memcpy(reply, query, 2);
    put_u16be(reply + 2, (uint16_t)flags);
    put_u16be(reply + 4, end > HEADER_BYTES ? 1 : 0);
    memset(reply + 6, 0, 6);
    return end;
}

static size_t answer_address(uint8_t *reply, size_t end)
{
    uint8_t *a = reply + end;

    put_u16be(a, 0xC000 | HEADER_BYTES); /* the name in the question */
    put_u16be(a + 2, TYPE_A);
    put_u16be(a + 4, CLASS_INTERNET);
    put_u32be(a + 6, TTL_S);
    put_u16be(a + 10, 4);
    put_u32be(a + 12, NET_GATEWAY);
    put_u16be(reply + 6, 1);
    return end + ANSWER_BYTES;
}

size_t net_dns_answer(const struct net_rules *r, const uint8_t *query,
                      size_t len, uint8_t reply[NET_DNS_MAX], char *name)
{
    size_t at = HEADER_BYTES;
    bool readable;

    name[0] = '\0';
    if (len < HEADER_BYTES || (get_u16be(query + 2) & FLAG_REPLY))
        return 0;
    if (get_u16be(query + 2) & OPCODE_MASK)
        return finish(query, reply, HEADER_BYTES, NOT_IMPLEMENTED);
    readable = get_u16be(query + 4) == 1 && name_read(query, len, &at, name);
    if (!readable || len - at < 4 || at + 4 + ANSWER_BYTES > NET_DNS_MAX) {
        name[0] = '\0';
        return finish(query, reply, HEADER_BYTES, FORMAT_ERROR);
    }
    unsigned type = get_u16be(query + at), class = get_u16be(query + at + 2);

    at += 4;
    memcpy(reply + HEADER_BYTES, query + HEADER_BYTES, at - HEADER_BYTES);
    if (!net_rules_has_host(r, name) || class != CLASS_INTERNET)
        return finish(query, reply, at, NO_SUCH_NAME);
    name[0] = '\0';
    at = finish(query, reply, at, OK);
    if (type == TYPE_A || type == TYPE_ANY)
        at = answer_address(reply, at);
    return at;
}
