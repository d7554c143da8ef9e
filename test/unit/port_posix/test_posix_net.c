/* test_posix_net.c - a TCP connection against a real listener on loopback.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "port/posix/posix_clock.h"
#include "port/posix/posix_net.h"

enum { PATIENCE_MS = 20000 };

static struct posix_net net; /* outlives its resolver's questions */

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

/* Call recv until it says something else than "again". */
static ota_err recv_settled(void *dst, size_t len, size_t *got)
{
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;
    ota_err e;

    while ((e = net.port.recv(net.port.ctx, dst, len, got)) == OTA_ERR_AGAIN) {
        assert_true(posix_monotonic_ms() < end);
        poll(NULL, 0, 1);
    }
    return e;
}

static ota_err send_settled(const void *src, size_t len, size_t *sent)
{
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;
    ota_err e;

    while ((e = net.port.send(net.port.ctx, src, len, sent)) == OTA_ERR_AGAIN) {
        assert_true(posix_monotonic_ms() < end);
        poll(NULL, 0, 1);
    }
    return e;
}

/* A connection that carried "hi" to the peer, whose socket it returns. */
static int connected(const char *host)
{
    uint16_t port;
    size_t sent;
    char got[2];
    int listener = listen_on_loopback(&port);

    assert_int_equal(net.port.open(net.port.ctx, host, port), OTA_OK);
    assert_int_equal(send_settled("hi", 2, &sent), OTA_OK);
    assert_int_equal(sent, 2);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    close(listener);
    assert_int_equal(recv(peer, got, 2, MSG_WAITALL), 2);
    assert_memory_equal(got, "hi", 2);
    return peer;
}

static int setup(void **state)
{
    (void)state;
    posix_net_init(&net);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    net.port.close(net.port.ctx);
    return 0;
}

static void posix_net_bytes_go_both_ways(void **state)
{
    char got[8];
    size_t n;

    (void)state;
    int peer = connected("127.0.0.1");
    assert_int_equal(net.port.recv(net.port.ctx, got, 8, &n), OTA_ERR_AGAIN);
    assert_int_equal(send(peer, "back", 4, 0), 4);

    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_OK);
    assert_int_equal(n, 4);
    assert_memory_equal(got, "back", 4);
    close(peer);
}

/* localhost may be ::1 first, where nobody listens. */
static void posix_net_name_is_resolved_and_each_address_tried(void **state)
{
    (void)state;
    close(connected("localhost"));
}

static void posix_net_close_comes_after_the_last_byte(void **state)
{
    char got[8];
    size_t n;

    (void)state;
    int peer = connected("127.0.0.1");
    assert_int_equal(send(peer, "last", 4, 0), 4);
    close(peer);

    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_OK);
    assert_int_equal(n, 4);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_ERR_CLOSED);
    assert_int_equal(n, 0);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_ERR_CLOSED);
}

static void posix_net_refusal_is_an_io_error(void **state)
{
    uint16_t port;
    char got[8];
    size_t n;

    (void)state;
    close(listen_on_loopback(&port)); /* nobody listens there any more */
    assert_int_equal(net.port.open(net.port.ctx, "127.0.0.1", port), OTA_OK);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_ERR_IO);
    assert_int_equal(send_settled("x", 1, &n), OTA_ERR_IO);
}

static void posix_net_reset_by_the_peer_is_an_io_error(void **state)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    char got[8];
    size_t n;

    (void)state;
    int peer = connected("127.0.0.1");
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(peer);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_ERR_IO);
}

static void posix_net_unknown_name_is_not_found(void **state)
{
    /* Its label is too long, so no name server is asked. */
    static const char NAME[] = "0123456789012345678901234567890123456789"
                               "0123456789012345678901234567890123456789";
    char got[8];
    size_t n;

    (void)state;
    assert_int_equal(net.port.open(net.port.ctx, NAME, 80), OTA_OK);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_ERR_NOT_FOUND);

    assert_int_equal(net.port.open(net.port.ctx, "", 80), OTA_OK);
    assert_int_equal(recv_settled(got, sizeof got, &n), OTA_ERR_NOT_FOUND);
}

/* A peer that does not read: send must come back with "no room", not wait. */
static void posix_net_full_connection_says_again(void **state)
{
    static char block[65536];
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;
    size_t n;
    ota_err e = OTA_OK;

    (void)state;
    int peer = connected("127.0.0.1");
    while (e == OTA_OK) {
        assert_true(posix_monotonic_ms() < end);
        e = net.port.send(net.port.ctx, block, sizeof block, &n);
    }
    assert_int_equal(e, OTA_ERR_AGAIN);
    close(peer);
}

static void posix_net_send_to_one_who_left_ends_and_raises_no_signal(void **st)
{
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;
    size_t n;
    ota_err e = OTA_OK;

    (void)st;
    close(connected("127.0.0.1"));
    while (e == OTA_OK || e == OTA_ERR_AGAIN) {
        assert_true(posix_monotonic_ms() < end);
        e = net.port.send(net.port.ctx, "x", 1, &n);
    }
    assert_true(e == OTA_ERR_CLOSED || e == OTA_ERR_IO);
}

static void posix_net_open_again_drops_the_old_connection(void **state)
{
    char got[1];

    (void)state;
    int first = connected("127.0.0.1");
    int second = connected("127.0.0.1");
    assert_int_equal(recv(first, got, 1, 0), 0);
    close(first);
    close(second);
}

static void posix_net_nothing_open_is_closed_and_closing_is_harmless(void **st)
{
    char got[1];
    size_t n;

    (void)st;
    net.port.close(net.port.ctx);
    net.port.close(net.port.ctx);
    assert_int_equal(net.port.recv(net.port.ctx, got, 1, &n), OTA_ERR_CLOSED);
    assert_int_equal(net.port.send(net.port.ctx, "x", 1, &n), OTA_ERR_CLOSED);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(posix_net_bytes_go_both_ways),
        CASE(posix_net_name_is_resolved_and_each_address_tried),
        CASE(posix_net_close_comes_after_the_last_byte),
        CASE(posix_net_refusal_is_an_io_error),
        CASE(posix_net_reset_by_the_peer_is_an_io_error),
        CASE(posix_net_unknown_name_is_not_found),
        CASE(posix_net_full_connection_says_again),
        CASE(posix_net_send_to_one_who_left_ends_and_raises_no_signal),
        CASE(posix_net_open_again_drops_the_old_connection),
        CASE(posix_net_nothing_open_is_closed_and_closing_is_harmless),
    };
    return cmocka_run_group_tests_name("posix_net", tests, NULL, NULL);
}
