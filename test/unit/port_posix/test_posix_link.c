/* test_posix_link.c - the message link against a real mosquitto; and against
 * a listener that misbehaves, where a real one would not.
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "port/posix/posix_clock.h"
#include "port/posix/posix_link.h"
#include "test/unit/port_posix/broker_run.h"

enum { PATIENCE_MS = 20000, MQTT_NOT_AUTHORIZED = 5 };

static struct posix_link device; /* outlives its resolver's questions */
static struct broker broker;

/* The next event of a link that is not "nothing". */
static struct link_event next_event(struct posix_link *l)
{
    uint64_t end = posix_monotonic_ms() + PATIENCE_MS;

    for (;;) {
        struct link_event e = l->port.poll(l->port.ctx);
        if (e.type != LINK_NOTHING)
            return e;
        assert_true(posix_monotonic_ms() < end);
        poll(NULL, 0, 1);
    }
}

static ota_err open_to(struct posix_link *l, const char *host, uint16_t port)
{
    const struct link_login login = {
        .host = host,
        .port = port,
        .client_id = "pk1.dev-01|signmethod=hmacsha256|",
        .username = "dev-01&pk1",
        .password = "00",
        .keep_alive_s = 60,
    };

    return l->port.open(l->port.ctx, &login);
}

static int setup(void **state)
{
    (void)state;
    return posix_link_init(&device) == OTA_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    posix_link_end(&device);
    broker_stop(&broker);
    return 0;
}

static int listen_on_loopback(uint16_t *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static void posix_link_login_comes_up(void **state)
{
    (void)state;
    broker_start(&broker, true);
    assert_int_equal(open_to(&device, "127.0.0.1", broker.port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_UP);
}

/* localhost may be ::1 first, where nobody listens. */
static void posix_link_name_is_resolved_and_each_address_tried(void **state)
{
    (void)state;
    broker_start(&broker, true);
    assert_int_equal(open_to(&device, "localhost", broker.port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_UP);
}

static void posix_link_refusal_has_the_code_and_nothing_follows(void **state)
{
    (void)state;
    broker_start(&broker, false);
    assert_int_equal(open_to(&device, "127.0.0.1", broker.port), OTA_OK);

    struct link_event e = next_event(&device);

    assert_int_equal(e.type, LINK_REFUSED);
    assert_int_equal(e.code, MQTT_NOT_AUTHORIZED);
    for (int i = 0; i < 20; i++)
        assert_int_equal(device.port.poll(device.port.ctx).type, LINK_NOTHING);
}

static void posix_link_publication_is_acknowledged_by_token(void **state)
{
    uint16_t first = 0, second = 0;

    (void)state;
    broker_start(&broker, true);
    assert_int_equal(open_to(&device, "127.0.0.1", broker.port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_UP);

    assert_int_equal(device.port.publish(device.port.ctx, "/a", "1", 1, &first),
                     OTA_OK);
    assert_int_equal(
        device.port.publish(device.port.ctx, "/a", "2", 1, &second), OTA_OK);

    assert_true(first != 0 && second != 0 && first != second);
    struct link_event e = next_event(&device);
    assert_int_equal(e.type, LINK_SENT);
    assert_int_equal(e.token, first);
    e = next_event(&device);
    assert_int_equal(e.type, LINK_SENT);
    assert_int_equal(e.token, second);
}

static void posix_link_too_many_unacknowledged_says_again(void **state)
{
    uint16_t token;
    unsigned sent = 0;

    (void)state;
    broker_start(&broker, true);
    assert_int_equal(open_to(&device, "127.0.0.1", broker.port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_UP);

    while (device.port.publish(device.port.ctx, "/a", "1", 1, &token) == OTA_OK)
        sent++;

    assert_int_equal(sent, POSIX_LINK_UNACKED_MAX);
    assert_int_equal(device.port.publish(device.port.ctx, "/a", "1", 1, &token),
                     OTA_ERR_AGAIN);
    for (; sent > 0; sent--)
        assert_int_equal(next_event(&device).type, LINK_SENT);
    assert_int_equal(device.port.publish(device.port.ctx, "/a", "1", 1, &token),
                     OTA_OK);
}

/* The receiving side subscribes below the port: devices of Tern need not. */
static void posix_link_message_arrives_whole(void **state)
{
    static struct posix_link other;
    uint16_t token;

    (void)state;
    broker_start(&broker, true);
    assert_int_equal(open_to(&device, "127.0.0.1", broker.port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_UP);
    int mid;
    assert_int_equal(
        mosquitto_subscribe(device.mosq, &mid, "/ota/device/upgrade/#", 1),
        MOSQ_ERR_SUCCESS);
    assert_int_equal(posix_link_init(&other), OTA_OK);
    struct link_login login = {.host = "127.0.0.1",
                               .port = broker.port,
                               .client_id = "other",
                               .username = "u",
                               .password = "p",
                               .keep_alive_s = 60};
    assert_int_equal(other.port.open(other.port.ctx, &login), OTA_OK);
    assert_int_equal(next_event(&other).type, LINK_UP);

    /* Repeated until the subscription, of whose arrival nobody tells, is in
     * force. */
    struct link_event e = {.type = LINK_NOTHING};
    for (int i = 0; i < 4000 && e.type == LINK_NOTHING; i++) {
        (void)other.port.publish(other.port.ctx, "/ota/device/upgrade/pk1/d",
                                 "{\"a\":1}", 7, &token);
        (void)other.port.poll(other.port.ctx);
        poll(NULL, 0, 5);
        e = device.port.poll(device.port.ctx);
    }

    assert_int_equal(e.type, LINK_MESSAGE);
    assert_string_equal(e.topic, "/ota/device/upgrade/pk1/d");
    assert_int_equal(e.payload_len, 7);
    assert_memory_equal(e.payload, "{\"a\":1}", 7);
    posix_link_end(&other);
}

static void posix_link_broker_that_dies_is_a_down(void **state)
{
    uint16_t token;

    (void)state;
    broker_start(&broker, true);
    assert_int_equal(open_to(&device, "127.0.0.1", broker.port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_UP);
    broker_stop(&broker);

    assert_int_equal(next_event(&device).type, LINK_DOWN);
    assert_int_equal(device.port.publish(device.port.ctx, "/a", "1", 1, &token),
                     OTA_ERR_CLOSED);
    assert_int_equal(device.port.poll(device.port.ctx).type, LINK_NOTHING);
}

static void posix_link_comes_up_again_after_a_down(void **state)
{
    (void)state;
    posix_link_broker_that_dies_is_a_down(state);
    posix_link_login_comes_up(state);
}

static void posix_link_nobody_listening_is_a_down(void **state)
{
    uint16_t port;

    (void)state;
    close(listen_on_loopback(&port));
    assert_int_equal(open_to(&device, "127.0.0.1", port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_DOWN);
}

static void posix_link_unknown_name_is_a_down(void **state)
{
    (void)state;
    /* Its label is too long, so no name server is asked. */
    assert_int_equal(open_to(&device,
                             "0123456789012345678901234567890123456789"
                             "0123456789012345678901234567890123456789",
                             1883),
                     OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_DOWN);
}

static void posix_link_silent_broker_is_a_down_in_bounded_time(void **state)
{
    uint16_t port;

    (void)state;
    int listener = listen_on_loopback(&port);
    device.connect_ms = 50;
    assert_int_equal(open_to(&device, "127.0.0.1", port), OTA_OK);
    assert_int_equal(next_event(&device).type, LINK_DOWN);
    close(listener);
}

/* A backlog that is full leaves the connect itself without an answer. */
static void posix_link_unanswered_connect_does_not_wait(void **state)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    int listener = socket(AF_INET, SOCK_STREAM, 0), filler[4];

    (void)state;
    assert_int_equal(bind(listener, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &len), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (int i = 0; i < 4; i++) {
        filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(filler[i], (const struct sockaddr *)&a, sizeof a);
    }

    device.connect_ms = 100;
    uint64_t begin = posix_monotonic_ms();
    assert_int_equal(open_to(&device, "127.0.0.1", ntohs(a.sin_port)), OTA_OK);
    (void)device.port.poll(device.port.ctx);
    (void)device.port.poll(device.port.ctx);
    assert_true(posix_monotonic_ms() - begin < 1000);
    assert_int_equal(next_event(&device).type, LINK_DOWN);

    for (int i = 0; i < 4; i++)
        close(filler[i]);
    close(listener);
}

/* A peer that talks as a broker: CONNACK, and then whatever it is given. */
static int accepted_by_hand(void)
{
    static const uint8_t CONNACK[] = {0x20, 2, 0, 0};
    uint16_t port;
    int listener = listen_on_loopback(&port);

    assert_int_equal(open_to(&device, "127.0.0.1", port), OTA_OK);
    (void)device.port.poll(device.port.ctx);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    close(listener);
    assert_int_equal(send(peer, CONNACK, sizeof CONNACK, 0), 4);
    assert_int_equal(next_event(&device).type, LINK_UP);
    return peer;
}

static void posix_link_burst_of_messages_arrives_in_order(void **state)
{
    enum { BURST = 200 };
    uint8_t packet[] = {0x30, 5, 0, 2, '/', 'x', 0};

    (void)state;
    int peer = accepted_by_hand();
    for (unsigned i = 0; i < BURST; i++) {
        packet[6] = (uint8_t)i;
        assert_int_equal(send(peer, packet, sizeof packet, 0), sizeof packet);
    }

    for (unsigned i = 0; i < BURST; i++) {
        struct link_event e = next_event(&device);
        assert_int_equal(e.type, LINK_MESSAGE);
        assert_string_equal(e.topic, "/x");
        assert_int_equal(e.payload_len, 1);
        assert_int_equal(e.payload[0], (uint8_t)i);
    }
    close(peer);
}

static void posix_link_garbage_from_the_broker_is_a_down(void **state)
{
    static const uint8_t GARBAGE[] = {0xf0, 0xff, 0xff, 0xff, 0xff, 0xff};

    (void)state;
    int peer = accepted_by_hand();
    assert_int_equal(send(peer, GARBAGE, sizeof GARBAGE, 0), sizeof GARBAGE);
    assert_int_equal(next_event(&device).type, LINK_DOWN);
    close(peer);
}

static void posix_link_close_says_goodbye_and_reports_no_down(void **state)
{
    uint8_t got[512];
    ssize_t n, all = 0;

    (void)state;
    int peer = accepted_by_hand();
    device.port.close(device.port.ctx);

    assert_int_equal(device.port.poll(device.port.ctx).type, LINK_NOTHING);
    while ((n = recv(peer, got + all, sizeof got - (size_t)all, 0)) > 0)
        all += n;
    assert_true(all >= 2);
    assert_int_equal(got[all - 2], 0xe0); /* DISCONNECT */
    assert_int_equal(got[all - 1], 0);
    close(peer);
}

static void posix_link_publish_before_it_is_up_is_closed(void **state)
{
    uint16_t token;

    (void)state;
    assert_int_equal(device.port.publish(device.port.ctx, "/a", "1", 1, &token),
                     OTA_ERR_CLOSED);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(posix_link_login_comes_up),
        CASE(posix_link_name_is_resolved_and_each_address_tried),
        CASE(posix_link_refusal_has_the_code_and_nothing_follows),
        CASE(posix_link_publication_is_acknowledged_by_token),
        CASE(posix_link_too_many_unacknowledged_says_again),
        CASE(posix_link_message_arrives_whole),
        CASE(posix_link_broker_that_dies_is_a_down),
        CASE(posix_link_comes_up_again_after_a_down),
        CASE(posix_link_nobody_listening_is_a_down),
        CASE(posix_link_unknown_name_is_a_down),
        CASE(posix_link_silent_broker_is_a_down_in_bounded_time),
        CASE(posix_link_unanswered_connect_does_not_wait),
        CASE(posix_link_burst_of_messages_arrives_in_order),
        CASE(posix_link_garbage_from_the_broker_is_a_down),
        CASE(posix_link_close_says_goodbye_and_reports_no_down),
        CASE(posix_link_publish_before_it_is_up_is_closed),
    };
    return cmocka_run_group_tests_name("posix_link", tests, NULL, NULL);
}
