/* test_net_filter.c - claims about what a guest can reach, emu/net_filter.c,
 * about the name server, emu/net_dns.c, and the time server, emu/net_time.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emu/ip4.h"
#include "emu/net_dns.h"
#include "emu/net_filter.h"
#include "emu/net_time.h"
#include "test/unit/emu/guest_frames.h"

static struct net_filter filter;
static struct net_frame frame, answer;
static char refusal[NET_REFUSAL_MAX];

static int set_up(void **state)
{
    char why[200];

    (void)state;
    memset(&filter, 0, sizeof filter);
    return net_rules_parse(&filter.rules,
                           "map=443:127.0.0.1:1883,map=80:127.0.0.1:8080,"
                           "map=8883:127.0.0.1:1883,host=*.iot.example",
                           why, sizeof why)
               ? 0
               : -1;
}

static enum net_verdict out(size_t len)
{
    frame.len = len;
    return net_filter_out(&filter, &frame, &answer, refusal);
}

static bool checksums_are_right(const struct net_frame *f)
{
    struct ip4 ip;

    return ip4_find(&ip, f->bytes, f->len) &&
           ip4_sum(f->bytes + ip.header, ip.header_len, 0) == 0xFFFF &&
           ip4_payload_sum(&ip, f->bytes) == 0xFFFF;
}

static struct tcp_segment syn(uint32_t to, uint16_t port)
{
    return (struct tcp_segment){.to = to,
                                .from_port = GUEST_PORT,
                                .to_port = port,
                                .seq = 1000,
                                .flags = SYN};
}

static void filter_mapped_port_is_sent_to_the_map(void **state)
{
    struct tcp_segment s = syn(GATEWAY, 443);

    (void)state;
    assert_int_equal(out(frame_tcp(frame.bytes, &s)), NET_PASS);
    assert_int_equal(get_u32be(frame.bytes + 30), 0x7F000001);
    assert_int_equal(get_u16be(frame.bytes + 36), 1883);
    assert_true(checksums_are_right(&frame));
    assert_string_equal(refusal, "");
}

static void filter_wrong_checksum_stays_wrong(void **state)
{
    struct tcp_segment s = syn(GATEWAY, 443);
    size_t len = frame_tcp(frame.bytes, &s);

    (void)state;
    frame.bytes[50] ^= 1;
    assert_int_equal(out(len), NET_PASS);
    assert_false(checksums_are_right(&frame));
}

static void filter_reply_comes_from_where_the_guest_called(void **state)
{
    static const uint16_t PORTS[] = {443, 8883, 80};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct tcp_segment s = syn(GATEWAY, PORTS[i]);
        uint8_t ports[4], address[4];
        s.from_port = (uint16_t)(GUEST_PORT + i);
        out(frame_tcp(frame.bytes, &s));
        memcpy(ports, frame.bytes + 34, 4); /* turn the frame round */
        memcpy(frame.bytes + 34, ports + 2, 2);
        memcpy(frame.bytes + 36, ports, 2);
        memcpy(address, frame.bytes + 26, 4);
        memcpy(frame.bytes + 26, frame.bytes + 30, 4);
        memcpy(frame.bytes + 30, address, 4);

        assert_int_equal(net_filter_in(&filter, &frame), NET_PASS);
        assert_int_equal(get_u32be(frame.bytes + 26), GATEWAY);
        assert_int_equal(get_u16be(frame.bytes + 34), PORTS[i]);
        assert_true(checksums_are_right(&frame));
    }
}

static void filter_other_ports_and_hosts_are_reset(void **state)
{
    static const struct {
        uint32_t to;
        uint16_t port;
    } REFUSED[] = {
        {GATEWAY, 22},      {GATEWAY, 1883},   {GATEWAY, 8080},
        {0x7F000001, 1883}, {0x08080808, 443}, {NAMES, 443},
        {NAMES, 53},        {0x0A000204, 443}, {0xFFFFFFFF, 443},
    };

    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        struct tcp_segment s = syn(REFUSED[i].to, REFUSED[i].port);
        assert_int_equal(out(frame_tcp(frame.bytes, &s)), NET_ANSWER);
        assert_int_equal(answer.bytes[47], RST | ACK);
        assert_int_equal(get_u32be(answer.bytes + 42), 1001);
        assert_int_equal(get_u32be(answer.bytes + 26), REFUSED[i].to);
        assert_int_equal(get_u16be(answer.bytes + 34), REFUSED[i].port);
        assert_int_equal(get_u16be(answer.bytes + 36), GUEST_PORT);
        assert_true(checksums_are_right(&answer));
        assert_non_null(strstr(refusal, "TCP to "));
    }
    assert_string_equal(refusal, "TCP to 255.255.255.255 port 443");
}

static void filter_reset_is_not_answered_by_a_reset(void **state)
{
    struct tcp_segment s = syn(GATEWAY, 22);

    (void)state;
    s.flags = RST;
    assert_int_equal(out(frame_tcp(frame.bytes, &s)), NET_DROP);
}

static void filter_data_without_connection_is_reset_at_its_ack(void **state)
{
    struct tcp_segment s = syn(GATEWAY, 22);

    (void)state;
    s.flags = ACK;
    s.ack = 0x12345678;
    assert_int_equal(out(frame_tcp(frame.bytes, &s)), NET_ANSWER);
    assert_int_equal(answer.bytes[47], RST);
    assert_int_equal(get_u32be(answer.bytes + 38), 0x12345678);
}

static void filter_udp_passes_dhcp_only(void **state)
{
    (void)state;
    assert_int_equal(out(frame_dhcp_discover(frame.bytes)), NET_PASS);
    assert_int_equal(
        out(frame_udp(frame.bytes, GUEST, GATEWAY, 68, 67, "x", 1)), NET_PASS);
    assert_int_equal(
        out(frame_udp(frame.bytes, GUEST, 0x08080808, 68, 67, "x", 1)),
        NET_DROP);
    assert_int_equal(
        out(frame_udp(frame.bytes, GUEST, GATEWAY, 69, 69, "x", 1)), NET_DROP);
    assert_string_equal(refusal, "UDP to 10.0.2.2 port 69");
    assert_int_equal(
        out(frame_udp(frame.bytes, GUEST, 0x7F000001, 123, 443, "x", 1)),
        NET_DROP);
}

static void filter_ping_reaches_gateway_and_no_further(void **state)
{
    (void)state;
    assert_int_equal(out(frame_ping(frame.bytes, GATEWAY)), NET_PASS);
    assert_int_equal(out(frame_ping(frame.bytes, 0x08080808)), NET_DROP);
    assert_int_equal(out(frame_ping(frame.bytes, 0x7F000001)), NET_DROP);
}

static void filter_tricks_with_the_headers_are_dropped(void **state)
{
    struct tcp_segment s = syn(GATEWAY, 443);
    uint8_t good[100];
    size_t len = frame_tcp(good, &s);
    static const struct {
        size_t at;
        uint8_t value;
    } TRICKS[] = {
        {12, 0x86}, /* not IPv4 */
        {14, 0x65}, /* version 6 */
        {14, 0x44}, /* header of 16 bytes */
        {14, 0x4F}, /* header longer than the packet */
        {17, 255},  /* packet longer than the frame */
        {20, 0x20}, /* more fragments */
        {21, 0x01}, /* a later fragment */
        {24, 0},    /* header checksum */
        {23, 47},   /* GRE */
    };

    (void)state;
    for (size_t i = 0; i < sizeof TRICKS / sizeof TRICKS[0]; i++) {
        memcpy(frame.bytes, good, len);
        frame.bytes[TRICKS[i].at] = TRICKS[i].value;
        if (TRICKS[i].at != 24) { /* or it would be the checksum's doing */
            put_u16be(frame.bytes + 24, 0);
            put_u16be(frame.bytes + 24,
                      (uint16_t)~ip4_sum(frame.bytes + 14, 20, 0));
        }
        assert_int_equal(out(len), NET_DROP);
    }
    for (size_t cut = 0; cut < len; cut++) {
        memcpy(frame.bytes, good, len);
        assert_int_equal(out(cut), NET_DROP);
    }
}

static void filter_vlan_tagged_frame_is_dropped(void **state)
{
    struct tcp_segment s = syn(GATEWAY, 443);
    uint8_t good[100];
    size_t len = frame_tcp(good, &s);

    (void)state;
    memcpy(frame.bytes, good, 12);
    memcpy(frame.bytes + 12, "\x81\x00\x00\x01", 4);
    memcpy(frame.bytes + 16, good + 12, len - 12);
    assert_int_equal(out(len + 4), NET_DROP);
}

static void filter_passes_only_known_sources_inwards(void **state)
{
    (void)state;
    struct tcp_segment s = syn(GUEST, GUEST_PORT);
    s.from_port = 1884; /* of 10.0.2.15 here: no map leads there */
    frame.len = frame_tcp(frame.bytes, &s);
    assert_int_equal(net_filter_in(&filter, &frame), NET_DROP);
    frame.len = frame_udp(frame.bytes, GATEWAY, GUEST, 99, 99, "x", 1);
    assert_int_equal(net_filter_in(&filter, &frame), NET_DROP);
    frame.len = frame_udp(frame.bytes, GATEWAY, GUEST, 67, 68, "x", 1);
    assert_int_equal(net_filter_in(&filter, &frame), NET_PASS);
}

/* --- names ---------------------------------------------------------------- */

/* Code of the reply; *address: of its answer, 0 without. */
static unsigned ask(uint32_t server, const char *name, uint16_t type,
                    uint32_t *address)
{
    assert_int_equal(out(frame_dns_query(frame.bytes, server, name, type)),
                     NET_ANSWER);
    assert_true(checksums_are_right(&answer));
    assert_int_equal(get_u32be(answer.bytes + 26), server);
    assert_int_equal(get_u16be(answer.bytes + 34), 53);
    assert_int_equal(get_u16be(answer.bytes + 36), 5353);
    const uint8_t *dns = answer.bytes + 42;

    assert_int_equal(get_u16be(dns), 0xABCD);
    assert_int_equal(dns[2] & 0x80, 0x80);
    *address =
        get_u16be(dns + 6) ? get_u32be(answer.bytes + answer.len - 4) : 0;
    return dns[3] & 15;
}

static void dns_named_host_is_the_gateway(void **state)
{
    uint32_t address;

    (void)state;
    assert_int_equal(ask(NAMES, "pk.iot.example", 1, &address), 0);
    assert_int_equal(address, GATEWAY);
    assert_int_equal(ask(0x08080808, "PK.IOT.example", 1, &address), 0);
    assert_int_equal(address, GATEWAY);
}

static void dns_named_host_has_no_ipv6_address(void **state)
{
    uint32_t address;

    (void)state;
    assert_int_equal(ask(NAMES, "pk.iot.example", 28, &address), 0);
    assert_int_equal(address, 0);
}

static void dns_other_names_do_not_exist(void **state)
{
    uint32_t address;

    (void)state;
    assert_int_equal(ask(NAMES, "example.com", 1, &address), 3);
    assert_int_equal(address, 0);
    assert_string_equal(refusal, "the name example.com");
    assert_int_equal(ask(NAMES, "", 1, &address), 3);
}

static void dns_malformed_queries_are_refused_or_ignored(void **state)
{
    uint8_t q[] = {0xAB, 0xCD, 1, 0,    0,  1, 0, 0, 0,
                   0,    0,    0, 0xC0, 12, 0, 1, 0, 1};
    uint8_t reply[NET_DNS_MAX];
    char name[NET_NAME_MAX];

    (void)state;
    assert_int_equal(net_dns_answer(&filter.rules, q, 11, reply, name), 0);
    assert_int_equal(net_dns_answer(&filter.rules, q, sizeof q, reply, name),
                     12);
    assert_int_equal(reply[3] & 15, 1); /* a name that points to itself */
    q[12] = 63;
    assert_int_equal(net_dns_answer(&filter.rules, q, sizeof q, reply, name),
                     12);
    q[12] = 0;
    assert_int_equal(net_dns_answer(&filter.rules, q, 14, reply, name), 12);
    q[2] = 0x81; /* a reply */
    assert_int_equal(net_dns_answer(&filter.rules, q, sizeof q, reply, name),
                     0);
    q[2] = 0x10; /* status request */
    assert_int_equal(net_dns_answer(&filter.rules, q, sizeof q, reply, name),
                     12);
    assert_int_equal(reply[3] & 15, 4);
}

static void dns_longest_name_is_answered_without_overflow(void **state)
{
    uint8_t q[400] = {0xAB, 0xCD, 1, 0, 0, 1};
    uint8_t reply[NET_DNS_MAX];
    char name[NET_NAME_MAX];

    (void)state;
    for (size_t i = 0; i < 5; i++) { /* 5 labels of 63: too long */
        q[12 + 64 * i] = 63;
        memset(q + 13 + 64 * i, 'a', 63);
    }
    assert_int_equal(
        net_dns_answer(&filter.rules, q, 12 + 320 + 5, reply, name), 12);
    assert_int_equal(reply[3] & 15, 1);
}

/* A client's query, whose own time of sending is `nonce`. */
static size_t time_query(uint32_t server, uint8_t nonce)
{
    uint8_t query[48] = {0x23};

    memset(query + 40, nonce, 8);
    return frame_udp(frame.bytes, GUEST, server, GUEST_PORT, 123, query,
                     sizeof query);
}

static void time_is_told_if_a_rule_says_so(void **state)
{
    char why[200];

    (void)state;
    assert_int_equal(out(time_query(GATEWAY, 0x5A)), NET_DROP);
    assert_true(
        net_rules_parse(&filter.rules, "time=1700000000", why, sizeof why));
    assert_int_equal(out(time_query(GATEWAY, 0x5A)), NET_ANSWER);
    assert_true(checksums_are_right(&answer));
    assert_int_equal(answer.len, 42 + 48);
    assert_int_equal(answer.bytes[42] & 7, 4); /* a server's answer */
    assert_int_equal(answer.bytes[42 + 24], 0x5A);
    assert_int_equal(get_u32be(answer.bytes + 42 + 40),
                     1700000000u + 2208988800u);
    assert_int_equal(out(time_query(NAMES, 0x5A)), NET_DROP);
}

static void time_of_what_is_no_query_is_not_told(void **state)
{
    static const uint8_t QUERY[48] = {0x24}; /* a server's answer */
    uint8_t reply[NET_TIME_BYTES];

    (void)state;
    assert_int_equal(net_time_answer(0, QUERY, sizeof QUERY, reply), 0);
    assert_int_equal(net_time_answer(0, (const uint8_t *)"\x23", 1, reply), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(filter_mapped_port_is_sent_to_the_map, set_up),
        cmocka_unit_test_setup(filter_wrong_checksum_stays_wrong, set_up),
        cmocka_unit_test_setup(filter_reply_comes_from_where_the_guest_called,
                               set_up),
        cmocka_unit_test_setup(filter_other_ports_and_hosts_are_reset, set_up),
        cmocka_unit_test_setup(filter_reset_is_not_answered_by_a_reset, set_up),
        cmocka_unit_test_setup(
            filter_data_without_connection_is_reset_at_its_ack, set_up),
        cmocka_unit_test_setup(filter_udp_passes_dhcp_only, set_up),
        cmocka_unit_test_setup(filter_ping_reaches_gateway_and_no_further,
                               set_up),
        cmocka_unit_test_setup(filter_tricks_with_the_headers_are_dropped,
                               set_up),
        cmocka_unit_test_setup(filter_vlan_tagged_frame_is_dropped, set_up),
        cmocka_unit_test_setup(filter_passes_only_known_sources_inwards,
                               set_up),
        cmocka_unit_test_setup(dns_named_host_is_the_gateway, set_up),
        cmocka_unit_test_setup(dns_named_host_has_no_ipv6_address, set_up),
        cmocka_unit_test_setup(dns_other_names_do_not_exist, set_up),
        cmocka_unit_test_setup(dns_malformed_queries_are_refused_or_ignored,
                               set_up),
        cmocka_unit_test_setup(time_is_told_if_a_rule_says_so, set_up),
        cmocka_unit_test_setup(time_of_what_is_no_query_is_not_told, set_up),
        cmocka_unit_test_setup(dns_longest_name_is_answered_without_overflow,
                               set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
