/* test_lwip_net.c - port_net and the stack under it against real sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <lwip/tcp.h>

#include "port/fake/fake_clock.h"
#include "port/lwip/lwip_net.h"
#include "port/lwip/lwip_stack.h"
#include "port/posix/posix_clock.h"
#include "test/unit/port_lwip/wire.h"

enum { PATIENCE_MS = 20000, MUCH = 600000 };

static struct lwip_net net;
static struct posix_clock wall;
static struct fake_rng rng;
static int listener = -1;

static int listen_on_loopback(uint16_t *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static bool too_late(uint64_t from)
{
    return posix_monotonic_ms() - from > PATIENCE_MS;
}

static ota_err recv_settled(void *dst, size_t len, size_t *got)
{
    uint64_t from = posix_monotonic_ms();
    ota_err e;

    while ((e = net.port.recv(&net, dst, len, got)) == OTA_ERR_AGAIN) {
        assert_false(too_late(from));
        wire_poll();
    }
    return e;
}

static ota_err send_settled(const void *src, size_t len, size_t *sent)
{
    uint64_t from = posix_monotonic_ms();
    ota_err e;

    while ((e = net.port.send(&net, src, len, sent)) == OTA_ERR_AGAIN) {
        assert_false(too_late(from));
        wire_poll();
    }
    return e;
}

static void poll_for_ms(uint32_t ms)
{
    for (uint64_t from = posix_monotonic_ms();
         posix_monotonic_ms() - from < ms;)
        wire_poll();
}

/* A connection that carried "hi" to the peer, whose socket it returns. */
static int connected(const char *host)
{
    uint64_t from = posix_monotonic_ms();
    size_t sent, have = 0;
    char got[2];

    assert_int_equal(net.port.open(&net, host, WIRE_PORT), OTA_OK);
    assert_int_equal(send_settled("hi", 2, &sent), OTA_OK);
    assert_int_equal(sent, 2);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    assert_int_equal(fcntl(peer, F_SETFL, O_NONBLOCK), 0);
    while (have < 2 && !too_late(from)) {
        ssize_t n = recv(peer, got + have, 2 - have, 0);
        have += n > 0 ? (size_t)n : 0;
        wire_poll();
    }
    assert_memory_equal(got, "hi", 2);
    return peer;
}

static void lwip_net_bytes_go_both_ways(void **state)
{
    char got[8];
    size_t n;

    (void)state;
    int peer = connected("10.0.2.2");
    assert_int_equal(net.port.recv(&net, got, 8, &n), OTA_ERR_AGAIN);
    assert_int_equal(send(peer, "back", 4, 0), 4);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_OK);
    assert_int_equal(n, 4);
    assert_memory_equal(got, "back", 4);
    close(peer);
}

static void lwip_net_name_is_resolved(void **state)
{
    (void)state;
    close(connected("files.example"));
}

static void lwip_net_name_that_does_not_exist_is_not_found(void **state)
{
    char long_name[300];
    size_t n;

    (void)state;
    assert_int_equal(net.port.open(&net, "files.elsewhere", WIRE_PORT), OTA_OK);
    assert_int_equal(recv_settled(&n, 1, &n), OTA_ERR_NOT_FOUND);
    memset(long_name, 'a', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(net.port.open(&net, long_name, WIRE_PORT), OTA_OK);
    assert_int_equal(recv_settled(&n, 1, &n), OTA_ERR_NOT_FOUND);
}

static void lwip_net_refusal_is_an_io_error(void **state)
{
    size_t n;
    char got;

    (void)state;
    assert_int_equal(net.port.open(&net, "10.0.2.2", WIRE_PORT + 1), OTA_OK);
    assert_int_equal(recv_settled(&got, 1, &n), OTA_ERR_IO);
    assert_int_equal(net.port.send(&net, "x", 1, &n), OTA_ERR_IO);
}

static void lwip_net_close_comes_after_the_last_byte(void **state)
{
    char got[8];
    size_t n;

    (void)state;
    int peer = connected("10.0.2.2");
    assert_int_equal(send(peer, "last", 4, 0), 4);
    close(peer);
    poll_for_ms(200); /* both are there before the first read */
    assert_int_equal(recv_settled(got, 3, &n), OTA_OK);
    assert_int_equal(n, 3);
    assert_int_equal(recv_settled(got, 3, &n), OTA_OK);
    assert_int_equal(n, 1);
    assert_int_equal(recv_settled(got, 3, &n), OTA_ERR_CLOSED);
    assert_int_equal(n, 0);
    assert_int_equal(recv_settled(got, 3, &n), OTA_ERR_CLOSED);
}

static void lwip_net_reset_is_an_end(void **state)
{
    const struct linger at_once = {.l_onoff = 1};
    char got;
    size_t n;

    (void)state;
    int peer = connected("10.0.2.2");
    assert_int_equal(
        setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(peer);
    ota_err e = recv_settled(&got, 1, &n);
    assert_true(e == OTA_ERR_IO || e == OTA_ERR_CLOSED);
    assert_int_equal(recv_settled(&got, 1, &n), e);
}

/* What a reader leaves is never more than a window, and nothing is lost. */
static void lwip_net_slow_reader_stops_the_sender(void **state)
{
    uint8_t *all = malloc(MUCH), *got = malloc(MUCH);
    size_t sent = 0, have = 0, n;
    uint64_t from = posix_monotonic_ms();

    (void)state;
    for (size_t i = 0; i < MUCH; i++)
        all[i] = (uint8_t)(i * 31 + (i >> 8));
    int peer = connected("10.0.2.2");
    while (have < MUCH && !too_late(from)) {
        ssize_t out = send(peer, all + sent, MUCH - sent, MSG_NOSIGNAL);
        sent += out > 0 ? (size_t)out : 0;
        wire_poll();
        wire_poll();
        assert_true(net.unread == NULL || net.unread->tot_len <= TCP_WND);
        size_t most = MUCH - have < 5000 ? MUCH - have : 5000;
        ota_err e = net.port.recv(&net, got + have, most, &n);
        assert_true(e == OTA_OK || e == OTA_ERR_AGAIN);
        have += n;
    }
    assert_int_equal(have, MUCH);
    assert_memory_equal(got, all, MUCH);
    close(peer);
    free(all);
    free(got);
}

static void lwip_net_much_sent_arrives(void **state)
{
    uint8_t *all = malloc(MUCH), *got = malloc(MUCH);
    size_t sent = 0, have = 0, n;
    uint64_t from = posix_monotonic_ms();

    (void)state;
    for (size_t i = 0; i < MUCH; i++)
        all[i] = (uint8_t)(i * 7 + (i >> 9));
    int peer = connected("10.0.2.2");
    while (have < MUCH && !too_late(from)) {
        ota_err e = net.port.send(&net, all + sent, MUCH - sent, &n);
        assert_true(e == OTA_OK || e == OTA_ERR_AGAIN);
        sent += n;
        wire_poll();
        ssize_t in = recv(peer, got + have, MUCH - have, 0);
        have += in > 0 ? (size_t)in : 0;
    }
    assert_int_equal(have, MUCH);
    assert_memory_equal(got, all, MUCH);
    close(peer);
    free(all);
    free(got);
}

/* Closing with bytes unread, again and again, leaves no buffer behind. */
static void lwip_net_abandoned_connections_leak_nothing(void **state)
{
    static uint8_t bytes[TCP_WND];

    (void)state;
    for (int i = 0; i < 20; i++) {
        int peer = connected("10.0.2.2");
        assert_true(send(peer, bytes, sizeof bytes, MSG_NOSIGNAL) > 0);
        poll_for_ms(20);
        net.port.close(&net);
        poll_for_ms(5);
        close(peer);
    }
    close(connected("10.0.2.2"));
}

static void lwip_stack_begins_once(void **state)
{
    const struct lwip_setup s = {.frame = NULL};

    (void)state;
    assert_int_equal(lwip_begin(&s), OTA_ERR_STATE);
}

static int begin(void **state)
{
    struct lwip_setup s = {
        .frame = &WIRE,
        .clock = &wall.port,
        .rng = &rng.port,
        .hostname = "test",
        .address = {2, 0, 0, 0, 0, 1},
    };
    uint64_t from = posix_monotonic_ms();
    char address[LWIP_ADDRESS_TEXT_MAX];
    uint16_t port;

    (void)state;
    listener = listen_on_loopback(&port);
    wire_begin(port);
    posix_clock_init(&wall);
    fake_rng_init(&rng, (uint32_t)from);
    if (lwip_begin(&s) != OTA_OK)
        return -1;
    while (!lwip_is_up() && !too_late(from))
        wire_poll();
    lwip_address(address);
    return strcmp(address, "10.0.2.15") == 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    wire_end();
    return close(listener);
}

static int setup(void **state)
{
    (void)state;
    lwip_net_init(&net);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    net.port.close(&net);
    return 0;
}

#define CLAIM(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(lwip_net_bytes_go_both_ways),
        CLAIM(lwip_net_name_is_resolved),
        CLAIM(lwip_net_name_that_does_not_exist_is_not_found),
        CLAIM(lwip_net_refusal_is_an_io_error),
        CLAIM(lwip_net_close_comes_after_the_last_byte),
        CLAIM(lwip_net_reset_is_an_end),
        CLAIM(lwip_net_slow_reader_stops_the_sender),
        CLAIM(lwip_net_much_sent_arrives),
        CLAIM(lwip_net_abandoned_connections_leak_nothing),
        CLAIM(lwip_stack_begins_once),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
