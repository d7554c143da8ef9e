/* test_lwip_link.c - the message link against bytes of every kind.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "port/lwip/lwip_link.h"
#include "test/unit/port_lwip/fake_broker.h"

enum { KEEP_ALIVE_S = 60, PACKET_MAX = 70000 };

static struct lwip_link mqtt_link;
static const uint8_t CONNACK[] = {0x20, 2, 0, 0};
static const char TOPIC[] = "/ota/device/upgrade/pk1/dev-01";

static const struct link_login LOGIN = {
    .host = "10.0.2.2",
    .port = 1883,
    .client_id = "pk1.dev-01|securemode=3,signmethod=hmacsha256,|",
    .username = "dev-01&pk1",
    .password = "secret",
    .keep_alive_s = KEEP_ALIVE_S,
};

static struct link_event event(void)
{
    return mqtt_link.port.poll(&mqtt_link);
}

static void open_link(void)
{
    assert_int_equal(mqtt_link.port.open(&mqtt_link, &LOGIN), OTA_OK);
    assert_int_equal(event().type, LINK_NOTHING);
    assert_non_null(broker.conn);
}

static void link_up(void)
{
    open_link();
    fake_broker_accept();
    fake_broker_send(CONNACK, sizeof CONNACK);
    assert_int_equal(event().type, LINK_UP);
    broker.sent_len = 0;
}

/* A PUBLISH with QoS 1 and identifier 7, of a payload of `len` times `fill`. */
static size_t publish_packet(uint8_t *to, size_t len, uint8_t fill)
{
    size_t topic = strlen(TOPIC), rest = 2 + topic + 2 + len, n = 0;

    to[n++] = 0x32;
    do {
        to[n++] = (uint8_t)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
        rest >>= 7;
    } while (rest > 0);
    to[n++] = 0;
    to[n++] = (uint8_t)topic;
    memcpy(to + n, TOPIC, topic);
    n += topic;
    to[n++] = 0;
    to[n++] = 7;
    memset(to + n, fill, len);
    return n + len;
}

static void expect_message(size_t len, uint8_t fill)
{
    struct link_event e = event();

    assert_int_equal(e.type, LINK_MESSAGE);
    assert_string_equal(e.topic, TOPIC);
    assert_int_equal(e.payload_len, len);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(e.payload[i], fill);
}

static void expect_end(enum link_event_type type, const char *why)
{
    assert_int_equal(event().type, type);
    assert_non_null(strstr(lwip_link_why(&mqtt_link), why));
    assert_int_equal(event().type, LINK_NOTHING);
    assert_null(broker.conn);
}

static int setup(void **state)
{
    (void)state;
    fake_broker_begin();
    lwip_link_init(&mqtt_link, &broker.clock.port);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mqtt_link.port.close(&mqtt_link);
    return broker.conn == NULL ? 0 : -1;
}

/* --- login -----------------------------------------------------------------
 */

static void lwip_link_connect_is_as_mqtt_has_it(void **state)
{
    static const uint8_t HEAD[] = {0x10, 79, 0,    4, 'M',          'Q', 'T',
                                   'T',  4,  0xC2, 0, KEEP_ALIVE_S, 0,   47};
    (void)state;
    open_link();
    fake_broker_accept();

    assert_int_equal(broker.sent_len, 81);
    assert_memory_equal(broker.sent, HEAD, sizeof HEAD);
    assert_memory_equal(broker.sent + sizeof HEAD, LOGIN.client_id, 47);
    assert_memory_equal(broker.sent + 61, "\0\012dev-01&pk1\0\006secret", 20);
}

static void lwip_link_refusal_gives_its_code(void **state)
{
    static const uint8_t REFUSED[] = {0x20, 2, 0, 5};

    (void)state;
    open_link();
    fake_broker_accept();
    fake_broker_send(REFUSED, sizeof REFUSED);

    struct link_event e = event();
    assert_int_equal(e.type, LINK_REFUSED);
    assert_int_equal(e.code, 5);
    assert_int_equal(event().type, LINK_NOTHING);
}

static void lwip_link_silent_broker_is_down_in_time(void **state)
{
    (void)state;
    open_link();
    fake_broker_wait(LWIP_LINK_CONNECT_MS - 250);
    assert_int_equal(event().type, LINK_NOTHING);
    fake_broker_wait(250);
    expect_end(LINK_DOWN, "in time");
}

static void lwip_link_host_that_is_no_name_is_down(void **state)
{
    struct link_login login = LOGIN;

    (void)state;
    login.host = "";
    assert_int_equal(mqtt_link.port.open(&mqtt_link, &login), OTA_OK);
    expect_end(LINK_DOWN, "resolve");
}

/* --- what comes ------------------------------------------------------------
 */

static void lwip_link_message_in_two_pieces_cut_anywhere_is_whole(void **state)
{
    static const size_t SIZES[] = {0, 1, 90, 222, 223, 224, 600};
    uint8_t packet[700];

    (void)state;
    link_up();
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        size_t len = publish_packet(packet, SIZES[i], (uint8_t)('a' + i));
        for (size_t cut = 1; cut < len; cut++) {
            fake_broker_send(packet, cut);
            assert_int_equal(event().type, LINK_NOTHING);
            fake_broker_send(packet + cut, len - cut);
            expect_message(SIZES[i], (uint8_t)('a' + i));
            broker.sent_len = 0;
            broker.room = 100;
        }
    }
}

static void lwip_link_message_byte_by_byte_is_whole_and_acknowledged(
    void **state)
{
    uint8_t packet[LWIP_LINK_PAYLOAD_MAX + 64];
    size_t len = publish_packet(packet, LWIP_LINK_PAYLOAD_MAX, 'x');

    (void)state;
    link_up();
    for (size_t i = 0; i < len; i++)
        fake_broker_send(packet + i, 1);

    expect_message(LWIP_LINK_PAYLOAD_MAX, 'x');
    assert_int_equal(broker.sent_len, 4);
    assert_memory_equal(broker.sent, "\x40\2\0\7", 4);
    assert_int_equal(broker.acked_window, len + sizeof CONNACK);
}

static void lwip_link_message_too_long_is_dropped_and_acknowledged(void **state)
{
    uint8_t *packet = malloc(PACKET_MAX);
    size_t len = publish_packet(packet, LWIP_LINK_PAYLOAD_MAX + 1, 'x');

    (void)state;
    link_up();
    fake_broker_send(packet, len);
    assert_int_equal(event().type, LINK_NOTHING);
    fake_broker_send(packet, publish_packet(packet, 65535, 'y'));
    assert_int_equal(event().type, LINK_NOTHING);
    assert_int_equal(broker.sent_len, 8);

    fake_broker_send(packet, publish_packet(packet, 5, 'z'));
    expect_message(5, 'z');
    free(packet);
}

static void lwip_link_second_message_waits_for_the_next_poll(void **state)
{
    uint8_t packet[512];
    size_t first = publish_packet(packet, 100, '1');
    size_t both = first + publish_packet(packet + first, 50, '2');

    (void)state;
    link_up();
    fake_broker_send(packet, both);
    assert_int_equal(broker.acked_window, first + sizeof CONNACK);

    expect_message(100, '1');
    expect_message(50, '2');
    assert_int_equal(broker.acked_window, both + sizeof CONNACK);
}

static void lwip_link_message_before_the_end_is_still_told(void **state)
{
    uint8_t packet[256];
    size_t first = publish_packet(packet, 20, '1');
    size_t both = first + publish_packet(packet + first, 20, '2');

    (void)state;
    link_up();
    fake_broker_send(packet, both);
    fake_broker_end();

    expect_message(20, '1');
    expect_message(20, '2');
    expect_end(LINK_DOWN, "lost");
}

/* --- what must not come ----------------------------------------------------
 */

struct hostile {
    const char *bytes;
    size_t len;
    const char *why;
};

static void lwip_link_hostile_bytes_end_the_link(void **state)
{
    static const struct hostile CASES[] = {
        {"\x30\xFF\xFF\xFF\xFF\x01", 6, "more than four"},
        {"\x30\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10, "more than four"},
        {"\x20\x02\x00\x00", 4, "twice"},
        {"\x10\x00", 2, "no broker"},
        {"\x90\x03\x00\x01\x00", 5, "no broker"},
        {"\xF0\x00", 2, "no broker"},
        {"\x40\x00", 2, "wrong length"},
        {"\x40\x80\x00", 3, "wrong length"},
        {"\xD0\x01\x00", 3, "wrong length"},
        {"\x36\x05\x00\x01t\x00\x01", 7, "QoS 3"},
        {"\x30\x01\x00", 3, "wrong length"},
        {"\x30\x02\xFF\xFF", 4, "lost"},
        {"\x32\x03\x00\x01t", 5, "lost"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        link_up();
        fake_broker_send(CASES[i].bytes, CASES[i].len);
        expect_end(LINK_DOWN, CASES[i].why);
    }
}

static void lwip_link_first_packet_must_be_connack(void **state)
{
    uint8_t packet[64];
    size_t len = publish_packet(packet, 4, 'x');

    (void)state;
    open_link();
    fake_broker_accept();
    fake_broker_send(packet, len);
    expect_end(LINK_DOWN, "no CONNACK");
}

static void lwip_link_end_in_the_middle_of_a_packet_is_down(void **state)
{
    uint8_t packet[128];
    size_t len = publish_packet(packet, 60, 'x');

    (void)state;
    for (size_t cut = 1; cut < len; cut++) {
        link_up();
        fake_broker_send(packet, cut);
        if (cut & 1)
            fake_broker_end();
        else
            fake_broker_reset();
        expect_end(LINK_DOWN, "lost");
    }
}

/* --- publishing ------------------------------------------------------------
 */

static void lwip_link_publication_is_sent_and_its_token_comes_back(void **state)
{
    static const uint8_t BYTES[] = {0x32, 7, 0, 1, 't', 0, 1, 'h', 'i'};
    static const uint8_t PUBACK[] = {0x40, 2, 0, 1};
    uint16_t token = 0;

    (void)state;
    link_up();
    assert_int_equal(mqtt_link.port.publish(&mqtt_link, "t", "hi", 2, &token),
                     OTA_OK);
    assert_int_not_equal(token, 0);
    assert_int_equal(broker.sent_len, sizeof BYTES);
    assert_memory_equal(broker.sent, BYTES, sizeof BYTES);
    assert_int_equal(event().type, LINK_NOTHING);

    fake_broker_send(PUBACK, sizeof PUBACK);
    struct link_event e = event();
    assert_int_equal(e.type, LINK_SENT);
    assert_int_equal(e.token, token);
    assert_int_equal(event().type, LINK_NOTHING);
}

static void lwip_link_publication_without_puback_ends_the_link(void **state)
{
    uint16_t token;

    (void)state;
    link_up();
    assert_int_equal(mqtt_link.port.publish(&mqtt_link, "t", "hi", 2, &token),
                     OTA_OK);
    fake_broker_wait(MQTT_REQ_TIMEOUT * 1000 - 5000);
    assert_int_equal(event().type, LINK_NOTHING);
    fake_broker_wait(10000);
    expect_end(LINK_DOWN, "acknowledge");
}

static void lwip_link_publish_when_not_up_is_closed(void **state)
{
    uint16_t token;

    (void)state;
    assert_int_equal(mqtt_link.port.publish(&mqtt_link, "t", "", 0, &token),
                     OTA_ERR_CLOSED);
    open_link();
    assert_int_equal(mqtt_link.port.publish(&mqtt_link, "t", "", 0, &token),
                     OTA_ERR_CLOSED);
}

static void lwip_link_publish_beyond_the_ring_is_out_of_range(void **state)
{
    static const char LONG[MQTT_OUTPUT_RINGBUF_SIZE] = "";
    uint16_t token;

    (void)state;
    link_up();
    assert_int_equal(
        mqtt_link.port.publish(&mqtt_link, "t", LONG, sizeof LONG, &token),
        OTA_ERR_RANGE);
    assert_int_equal(
        mqtt_link.port.publish(&mqtt_link, "t", LONG, SIZE_MAX, &token),
        OTA_ERR_RANGE);
}

/* lwIP takes a full ring for an empty one: nothing may be lost by that. */
static void lwip_link_publish_into_a_stalled_connection_loses_nothing(
    void **state)
{
    char text[200];
    uint16_t token;
    unsigned taken = 0;

    (void)state;
    link_up();
    broker.room = 0;
    memset(text, 'p', sizeof text);
    while (mqtt_link.port.publish(&mqtt_link, "t", text, sizeof text, &token) ==
           OTA_OK)
        taken++;
    assert_in_range(taken, 4, LWIP_LINK_SENT_MAX);
    uint8_t packet[64];
    size_t len = publish_packet(packet, 4, 'x');
    for (int i = 0; i < 40; i++) { /* each wants a PUBACK of four bytes */
        fake_broker_send(packet, len);
        (void)event();
    }

    broker.room = FAKE_BROKER_SENT_MAX;
    (void)broker.conn->sent(broker.conn->arg, broker.conn, 1);
    (void)broker.conn->sent(broker.conn->arg, broker.conn, 1);
    for (unsigned i = 0; i < taken; i++) {
        const uint8_t *p = broker.sent + i * (sizeof text + 8);
        assert_memory_equal(p, "\x32\xCD\1\0\1t\0", 7);
        assert_memory_equal(p + 8, text, sizeof text);
    }
}

/* --- keep-alive ------------------------------------------------------------
 */

static void lwip_link_idle_pings_and_a_dead_broker_is_noticed(void **state)
{
    (void)state;
    link_up();
    fake_broker_wait((KEEP_ALIVE_S + 10) * 1000);
    /* lwIP's client flushes when TCP polls it the next time. */
    (void)mqtt_link.mqtt.conn->poll(mqtt_link.mqtt.conn->arg,
                                    mqtt_link.mqtt.conn);
    assert_int_equal(broker.sent_len, 2);
    assert_memory_equal(broker.sent, "\xC0\0", 2);
    assert_int_equal(event().type, LINK_NOTHING);

    fake_broker_wait(KEEP_ALIVE_S * 1000);
    expect_end(LINK_DOWN, "silent");
}

static void lwip_link_close_says_disconnect(void **state)
{
    (void)state;
    link_up();
    mqtt_link.port.close(&mqtt_link);
    assert_int_equal(broker.sent_len, 2);
    assert_memory_equal(broker.sent, "\xE0\0", 2);
    assert_int_equal(event().type, LINK_NOTHING);
    assert_null(broker.conn);
}

#define CLAIM(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(lwip_link_connect_is_as_mqtt_has_it),
        CLAIM(lwip_link_refusal_gives_its_code),
        CLAIM(lwip_link_silent_broker_is_down_in_time),
        CLAIM(lwip_link_host_that_is_no_name_is_down),
        CLAIM(lwip_link_message_in_two_pieces_cut_anywhere_is_whole),
        CLAIM(lwip_link_message_byte_by_byte_is_whole_and_acknowledged),
        CLAIM(lwip_link_message_too_long_is_dropped_and_acknowledged),
        CLAIM(lwip_link_second_message_waits_for_the_next_poll),
        CLAIM(lwip_link_message_before_the_end_is_still_told),
        CLAIM(lwip_link_hostile_bytes_end_the_link),
        CLAIM(lwip_link_first_packet_must_be_connack),
        CLAIM(lwip_link_end_in_the_middle_of_a_packet_is_down),
        CLAIM(lwip_link_publication_is_sent_and_its_token_comes_back),
        CLAIM(lwip_link_publication_without_puback_ends_the_link),
        CLAIM(lwip_link_publish_when_not_up_is_closed),
        CLAIM(lwip_link_publish_beyond_the_ring_is_out_of_range),
        CLAIM(lwip_link_publish_into_a_stalled_connection_loses_nothing),
        CLAIM(lwip_link_idle_pings_and_a_dead_broker_is_noticed),
        CLAIM(lwip_link_close_says_disconnect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
