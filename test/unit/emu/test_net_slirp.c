/* test_net_slirp.c - claims about the board's network as a whole: a driver's
 * frames go through the MAC, the filter and libslirp to real loopback sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "emu/ip4.h"
#include "emu/net.h"
#include "test/unit/emu/enet_driver.h"
#include "test/unit/emu/guest_frames.h"

enum { DEADLINE_S = 5 };

struct bench {
    struct soc_fixture f;
    struct enet *enet;
    struct net *net;
    struct enet_driver d;
    int listener;
    uint16_t port;
    uint8_t frame[2048];
    size_t len;
};

static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static void open_net(struct bench *b, const char *pcap)
{
    char rules[100], why[200] = "";

    snprintf(rules, sizeof rules, "map=443:127.0.0.1:%u,host=*.iot.example",
             b->port);
    b->net = net_new(b->f.s, b->enet, rules, pcap, why, sizeof why);
    if (!b->net)
        fail_msg("%s", why);
    fixture_reset(&b->f, SOC_RESET_POWER);
    driver_start(&b->d, &b->f, true, 0x600);
}

static int set_up(void **state)
{
    static struct bench b;

    fixture_open(&b.f, 7);
    b.enet = enet_add(b.f.s);
    b.listener = listen_somewhere(&b.port);
    open_net(&b, NULL);
    *state = &b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    net_free(b->net);
    fixture_close(&b->f);
    close(b->listener);
    return 0;
}

static void say(struct bench *b, size_t len)
{
    driver_send(&b->d, b->frame, len, 0x4000);
}

/* The next frame for the guest; like a core that sleeps between. */
static bool hear(struct bench *b)
{
    time_t end = time(NULL) + DEADLINE_S;

    do {
        b->len = driver_receive(&b->d, b->frame, sizeof b->frame, NULL);
        if (b->len > 0)
            return true;
        soc_sleep(b->f.s, soc_now(b->f.s) + BOARD_HZ / 100);
    } while (time(NULL) < end);
    return false;
}

static void expect(struct bench *b)
{
    if (!hear(b))
        fail_msg("no frame came within %d s", DEADLINE_S);
}

static bool somebody_called(const struct bench *b)
{
    struct pollfd p = {.fd = b->listener, .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}

static void arp_tells(struct bench *b)
{
    say(b, frame_arp_who_has(b->frame, GATEWAY));
    expect(b);
}

static void net_gateway_answers_arp(void **state)
{
    struct bench *b = *state;

    arp_tells(b);
    assert_int_equal(get_u16be(b->frame + 12), ETHER_ARP);
    assert_int_equal(get_u16be(b->frame + 20), 2);
    assert_int_equal(get_u32be(b->frame + 28), GATEWAY);
    assert_memory_equal(b->frame, DRV_STATION, 6);
}

/* The value of an option of a DHCP message, or NULL. */
static const uint8_t *dhcp_option(const struct bench *b, uint8_t code)
{
    size_t at = 42 + 240;

    while (at + 2 < b->len && b->frame[at] != 255) {
        if (b->frame[at] == code)
            return b->frame + at + 2;
        at += 2u + b->frame[at + 1];
    }
    return NULL;
}

static void net_dhcp_offers_address_router_and_name_server(void **state)
{
    struct bench *b = *state;

    say(b, frame_dhcp_discover(b->frame));
    expect(b);
    assert_int_equal(get_u16be(b->frame + 36), 68);
    assert_int_equal(get_u32be(b->frame + 42 + 16), GUEST);
    assert_non_null(dhcp_option(b, 53));
    assert_int_equal(dhcp_option(b, 53)[0], 2); /* offer */
    assert_non_null(dhcp_option(b, 3));
    assert_int_equal(get_u32be(dhcp_option(b, 3)), GATEWAY);
    assert_non_null(dhcp_option(b, 6));
    assert_int_equal(get_u32be(dhcp_option(b, 6)), NAMES);
}

static void net_named_host_resolves_and_others_do_not(void **state)
{
    struct bench *b = *state;

    say(b, frame_dns_query(b->frame, NAMES, "a.iot.example", 1));
    expect(b);
    assert_int_equal(b->frame[42 + 3] & 15, 0);
    assert_int_equal(get_u32be(b->frame + b->len - 4), GATEWAY);

    say(b, frame_dns_query(b->frame, NAMES, "localhost", 1));
    expect(b);
    assert_int_equal(b->frame[42 + 3] & 15, 3);
    assert_true(fixture_noted(&b->f, "localhost"));
}

static void net_ping_of_the_gateway_is_answered(void **state)
{
    struct bench *b = *state;

    arp_tells(b);
    say(b, frame_ping(b->frame, GATEWAY));
    expect(b);
    assert_int_equal(b->frame[23], IP4_ICMP);
    assert_int_equal(b->frame[34], 0);
}

/* A connection of the guest to the mapped port, accepted. */
static int connect_guest(struct bench *b, struct tcp_segment *s)
{
    arp_tells(b);
    *s = (struct tcp_segment){.to = GATEWAY,
                              .from_port = GUEST_PORT,
                              .to_port = 443,
                              .seq = 1000,
                              .flags = SYN};
    say(b, frame_tcp(b->frame, s));
    expect(b);
    assert_int_equal(b->frame[47], SYN | ACK);
    assert_int_equal(get_u32be(b->frame + 26), GATEWAY);
    assert_int_equal(get_u16be(b->frame + 34), 443);
    assert_int_equal(get_u32be(b->frame + 42), 1001);
    s->ack = get_u32be(b->frame + 38) + 1;
    s->seq = 1001;
    s->flags = ACK;
    say(b, frame_tcp(b->frame, s));
    assert_true(somebody_called(b));
    return accept(b->listener, NULL, NULL);
}

static void net_mapped_port_reaches_a_real_listener(void **state)
{
    struct bench *b = *state;
    struct tcp_segment s;
    char got[16] = "";
    int fd = connect_guest(b, &s);

    s.flags = ACK | PSH;
    s.data = "hello";
    s.len = 5;
    say(b, frame_tcp(b->frame, &s));
    struct pollfd p = {.fd = fd, .events = POLLIN};
    for (unsigned i = 0; i < 500 && poll(&p, 1, 0) == 0; i++)
        net_poll(b->net, 10000000);
    assert_int_equal(read(fd, got, sizeof got), 5);
    assert_memory_equal(got, "hello", 5);

    assert_int_equal(write(fd, "world!", 6), 6);
    do
        expect(b);
    while (b->len < 60 || memcmp(b->frame + 54, "world!", 6) != 0);
    assert_int_equal(get_u32be(b->frame + 26), GATEWAY);
    assert_int_equal(get_u16be(b->frame + 34), 443);
    close(fd);
}

static void net_more_than_the_rings_hold_arrives_in_order(void **state)
{
    enum { BYTES = 60000 };
    struct bench *b = *state;
    struct tcp_segment s;
    static uint8_t sent[BYTES];
    int fd = connect_guest(b, &s);
    size_t got = 0;

    for (size_t i = 0; i < BYTES; i++)
        sent[i] = (uint8_t)(i * 31 >> 3);
    assert_int_equal(write(fd, sent, BYTES), BYTES);
    while (got < BYTES) {
        struct ip4 ip;
        expect(b);
        assert_true(ip4_find(&ip, b->frame, b->len));
        assert_int_equal(ip4_payload_sum(&ip, b->frame), 0xFFFF);
        size_t len = ip.payload_len - 20;
        if (get_u32be(b->frame + 38) != s.ack || len == 0)
            continue; /* sent once more, or nothing */
        assert_memory_equal(b->frame + 54, sent + got, len);
        got += len;
        s.ack += (uint32_t)len;
        say(b, frame_tcp(b->frame, &s));
    }
    close(fd);
}

static void net_other_ports_are_reset_and_reach_nothing(void **state)
{
    struct bench *b = *state;
    struct tcp_segment s = {.to = GATEWAY,
                            .from_port = GUEST_PORT,
                            .to_port = b->port, /* not the one in the map */
                            .seq = 1,
                            .flags = SYN};

    arp_tells(b);
    say(b, frame_tcp(b->frame, &s));
    expect(b);
    assert_int_equal(b->frame[47], RST | ACK);
    s.to = 0x7F000001;
    say(b, frame_tcp(b->frame, &s));
    expect(b);
    assert_int_equal(b->frame[47], RST | ACK);
    assert_false(somebody_called(b));
    assert_true(fixture_noted(&b->f, "refused TCP to 127.0.0.1"));
}

static void net_map_to_nobody_is_refused(void **state)
{
    struct bench *b = *state;
    struct tcp_segment s = {.to = GATEWAY,
                            .from_port = GUEST_PORT,
                            .to_port = 443,
                            .seq = 1,
                            .flags = SYN};

    arp_tells(b);
    shutdown(b->listener, SHUT_RDWR); /* the port is taken, nobody listens */
    say(b, frame_tcp(b->frame, &s));
    expect(b);
    assert_int_equal(b->frame[47] & RST, RST);
    assert_int_equal(get_u32be(b->frame + 26), GATEWAY);
}

static void net_frames_can_be_lost(void **state)
{
    struct bench *b = *state;

    soc_lose_frames(b->f.s, 1000000, false);
    say(b, frame_arp_who_has(b->frame, GATEWAY));
    for (unsigned i = 0; i < 10; i++)
        fixture_wait_us(&b->f, 1000);
    assert_int_equal(driver_receive(&b->d, b->frame, sizeof b->frame, NULL), 0);

    soc_lose_frames(b->f.s, 0, false);
    arp_tells(b);
}

static void net_corrupt_frame_fails_the_checksums(void **state)
{
    struct bench *b = *state;
    struct tcp_segment s = {.to = GATEWAY,
                            .from_port = GUEST_PORT,
                            .to_port = 443,
                            .seq = 1,
                            .flags = SYN,
                            .data = "unpadd",
                            .len = 6};

    arp_tells(b);
    soc_lose_frames(b->f.s, 1000000, true);
    for (unsigned i = 0; i < 20; i++)
        say(b, frame_tcp(b->frame, &s));
    for (unsigned i = 0; i < 10; i++)
        fixture_wait_us(&b->f, 1000);
    assert_false(somebody_called(b));
}

static void net_wait_ends_early_when_something_comes(void **state)
{
    struct bench *b = *state;
    struct tcp_segment s;
    int fd = connect_guest(b, &s);

    assert_int_equal(write(fd, "x", 1), 1);
    uint64_t passed = 0;
    for (unsigned i = 0; i < 10 && passed == 0; i++)
        passed = net_poll(b->net, 2000000000);

    assert_in_range(passed, 0, 1000000000);
    assert_true(hear(b));
    close(fd);
}

static void net_goes_on_after_power_was_gone(void **state)
{
    struct bench *b = *state;

    arp_tells(b);
    fixture_wait_us(&b->f, 5000);
    fixture_reset(&b->f, SOC_RESET_POWER);
    driver_start(&b->d, &b->f, false, 0x600);

    arp_tells(b);
}

/* The core runs and never sleeps: only the timer can bring the answer. */
static void net_serves_a_busy_core_also_after_a_reset(void **state)
{
    struct bench *b = *state;

    for (unsigned round = 0; round < 3; round++) {
        say(b, frame_arp_who_has(b->frame, GATEWAY));
        fixture_wait_us(&b->f, 3000);
        assert_true(driver_receive(&b->d, b->frame, sizeof b->frame, NULL) > 0);

        say(b, frame_arp_who_has(b->frame, GATEWAY)); /* the timer runs now */
        fixture_reset(&b->f, SOC_RESET_SYSTEM);
        driver_start(&b->d, &b->f, true, 0x600);
        fixture_wait_us(&b->f, 3000);
        assert_int_equal(driver_receive(&b->d, b->frame, sizeof b->frame, NULL),
                         0);
    }
}

/* Time of a record of the file, in ns; *at moves to the next one. */
static uint64_t record_time(const uint8_t *file, size_t *at)
{
    const uint8_t *r = file + *at;

    *at += 16 + get_u32le(r + 8);
    return get_u32le(r) * (uint64_t)1000000000 + get_u32le(r + 4);
}

static void net_pcap_has_both_directions_in_order_of_time(void **state)
{
    struct bench *b = *state;
    char name[] = "/tmp/tern-net-XXXXXX";
    uint8_t got[600];
    int fd = mkstemp(name);

    net_free(b->net);
    open_net(b, name);
    arp_tells(b);
    fixture_wait_us(&b->f, 5000);
    fixture_reset(&b->f, SOC_RESET_POWER); /* the board's clock begins anew */
    driver_start(&b->d, &b->f, true, 0x600);
    arp_tells(b);
    ssize_t len = read(fd, got, sizeof got);
    close(fd);
    unlink(name);

    assert_true(len > 24 + 16 + 60);
    assert_memory_equal(got + 24 + 16 + 6, DRV_STATION, 6);
    assert_memory_equal(got + 24 + 16 + 60 + 16, DRV_STATION, 6);
    uint64_t before = 0;
    for (size_t at = 24; at < (size_t)len;) {
        uint64_t now = record_time(got, &at);
        assert_true(now >= before);
        before = now;
    }
    assert_in_range(before, 2000000, UINT64_MAX);
}

static void net_bad_rules_and_files_are_refused(void **state)
{
    struct bench *b = *state;
    char why[200] = "";

    assert_null(net_new(b->f.s, b->enet, "map=x", NULL, why, sizeof why));
    assert_non_null(strstr(why, "map=x"));
    assert_null(
        net_new(b->f.s, b->enet, "", "/nonexistent/x", why, sizeof why));
    assert_non_null(strstr(why, "/nonexistent/x"));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(net_gateway_answers_arp),
        TEST(net_dhcp_offers_address_router_and_name_server),
        TEST(net_named_host_resolves_and_others_do_not),
        TEST(net_ping_of_the_gateway_is_answered),
        TEST(net_mapped_port_reaches_a_real_listener),
        TEST(net_more_than_the_rings_hold_arrives_in_order),
        TEST(net_other_ports_are_reset_and_reach_nothing),
        TEST(net_map_to_nobody_is_refused),
        TEST(net_frames_can_be_lost),
        TEST(net_corrupt_frame_fails_the_checksums),
        TEST(net_wait_ends_early_when_something_comes),
        TEST(net_goes_on_after_power_was_gone),
        TEST(net_serves_a_busy_core_also_after_a_reset),
        TEST(net_pcap_has_both_directions_in_order_of_time),
        TEST(net_bad_rules_and_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
