/* fuzz_net_filter.c - the filter between the guest and libslirp: any frames,
 * in both directions.
 *
 * Input: frames, each after two bytes: bit 15 inward, bit 14 with the right IP
 * checksum (which no fuzzer finds), the rest its length. What the rules do not
 * name must not get out: a TCP frame that passes goes to a map's host, never
 * elsewhere.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "emu/ip4.h"
#include "emu/net_filter.h"

enum {
    TYPE_AT = 12,
    IP_AT = 14,
    TYPE_IP = 0x0800,
    TYPE_ARP = 0x0806,
    PROTOCOL_AT = IP_AT + 9,
    TO_AT = IP_AT + 16,
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    MAP_ADDRESS = 0x7F000001, /* 127.0.0.1, as libslirp's gateway means it */
};

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void ip_checksum_mend(struct net_frame *f)
{
    uint8_t *ip = f->bytes + IP_AT;
    size_t len = (size_t)(ip[0] & 15) * 4;

    if (f->len < IP_AT + 20 || f->len - IP_AT < len || len < 20)
        return;
    put_u16be(ip + 10, 0);
    put_u16be(ip + 10, (uint16_t)~ip4_sum(ip, len, 0));
}

/* A frame on its way to libslirp. */
static void check_passed(const struct net_frame *f)
{
    const uint8_t *ip = f->bytes + IP_AT;
    uint32_t to;
    uint16_t port;

    must(f->len >= IP_AT && f->len <= NET_FRAME_MAX);
    if (get_u16be(f->bytes + TYPE_AT) == TYPE_ARP)
        return;
    must(get_u16be(f->bytes + TYPE_AT) == TYPE_IP && f->len >= IP_AT + 20);
    to = get_u32be(f->bytes + TO_AT);
    if (f->bytes[PROTOCOL_AT] != PROTOCOL_TCP) {
        must(f->bytes[PROTOCOL_AT] == PROTOCOL_ICMP ||
             f->bytes[PROTOCOL_AT] == PROTOCOL_UDP);
        return;
    }
    port = get_u16be(ip + (size_t)(ip[0] & 15) * 4 + 2);
    must((to == NET_GATEWAY || to == MAP_ADDRESS) && port == 8080);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct net_filter filter;
    static struct net_frame frame, answer;
    char refusal[NET_REFUSAL_MAX], why[160];

    memset(&filter, 0, sizeof filter);
    must(net_rules_parse(&filter.rules, "map=80:127.0.0.1:8080,host=*.test",
                         why, sizeof why));
    while (size >= 2) {
        bool inward = (data[0] & 0x80) != 0, mend = (data[0] & 0x40) != 0;
        size_t len = get_u16be(data) & 0x7ffu;

        data += 2;
        size -= 2;
        frame.len = len < size ? len : size;
        memcpy(frame.bytes, data, frame.len);
        data += frame.len;
        size -= frame.len;
        answer.len = 0;
        if (mend)
            ip_checksum_mend(&frame);
        if (inward) {
            must(net_filter_in(&filter, &frame) != NET_ANSWER);
            continue;
        }
        switch (net_filter_out(&filter, &frame, &answer, refusal)) {
        case NET_PASS:
            check_passed(&frame);
            break;
        case NET_ANSWER:
            must(answer.len >= IP_AT && answer.len <= NET_FRAME_MAX);
            break;
        case NET_DROP:
            break;
        }
        must(strlen(refusal) < NET_REFUSAL_MAX);
    }
    return 0;
}
