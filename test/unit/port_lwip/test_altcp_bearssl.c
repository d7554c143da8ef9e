/* test_altcp_bearssl.c - MQTT over TLS against OpenSSL: what must work, in
 * pieces of every size, and each peer that must not be believed.
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

#include "port/lwip/altcp_bearssl.h"
#include "port/lwip/lwip_link.h"
#include "port/tls_reason.h"
#include "test/unit/port_lwip/fake_broker.h"
#include "test/unit/port_lwip/tls_server.h"

enum { NOW = 1700000000, TURNS = 400, ROOM = 2920, WIRE_MAX = 32768 };

static const uint8_t CONNACK[] = {0x20, 2, 0, 0};
static const struct tls_server_how GOOD = {
    .names = "DNS:broker.test,DNS:10.0.2.2",
    .from = NOW - TLS_SERVER_DAY,
    .to = NOW + TLS_SERVER_DAY,
};

static struct lwip_link mqtt;
static struct altcp_bearssl tls;
static struct tls_server server;
static struct fake_rng rng;
static size_t piece;   /* bytes of the wire at once */
static size_t altered; /* the byte on the way here that is, counted from 1 */
static size_t arrived;

static void link_begin(const struct tls_server_how *how)
{
    fake_broker_begin();
    fake_rng_init(&rng, 1);
    tls_server_begin(&server, how);
    lwip_link_init(&mqtt, &broker.clock.port);
    assert_int_equal(altcp_bearssl_init(&tls, server.ca_der, server.ca_len,
                                        &broker.clock.port, &rng.port),
                     OTA_OK);
    lwip_link_secure(&mqtt, &tls.secure);
    piece = FAKE_BROKER_SEGMENT_MAX;
    altered = 0;
    arrived = 0;
}

static void link_open(void)
{
    static const struct link_login LOGIN = {
        .host = "10.0.2.2",
        .port = 8883,
        .client_id = "pk1.dev-01|securemode=2,signmethod=hmacsha256,|",
        .username = "dev-01&pk1",
        .password = "secret",
        .keep_alive_s = 60,
    };

    assert_int_equal(mqtt.port.open(&mqtt, &LOGIN), OTA_OK);
}

static void begin(const struct tls_server_how *how)
{
    lwip_time_set(NOW, 0);
    link_begin(how);
    link_open();
    (void)mqtt.port.poll(&mqtt);
    assert_non_null(broker.conn);
    tls_server_accept(&server);
    fake_broker_accept();
}

static int end(void **state)
{
    (void)state;
    mqtt.port.close(&mqtt);
    assert_null(broker.conn);
    tls_server_end(&server);
    return 0;
}

/* --- the wire --------------------------------------------------------------
 */

static void wire_up(void)
{
    if (broker.conn == NULL || broker.sent_len == 0)
        return;
    tls_server_take(&server, broker.sent, broker.sent_len);
    broker.sent_len = 0;
    broker.room = ROOM;
    if (broker.conn->sent != NULL)
        (void)broker.conn->sent(broker.conn->arg, broker.conn, 1);
}

static void wire_down(void)
{
    uint8_t bytes[FAKE_BROKER_SEGMENT_MAX];
    size_t n = tls_server_give(&server, bytes, piece);

    if (altered > arrived && altered <= arrived + n)
        bytes[altered - arrived - 1] ^= 1;
    arrived += n;
    fake_broker_send(bytes, n);
}

/* Bytes both ways until the link has something to say. */
static struct link_event event(void)
{
    struct link_event e = {.type = LINK_NOTHING};

    for (size_t i = 0; i < TURNS * (1 + WIRE_MAX / piece) / 8; i++) {
        wire_up();
        wire_down();
        e = mqtt.port.poll(&mqtt);
        if (e.type != LINK_NOTHING)
            break;
    }
    return e;
}

static void up(void)
{
    uint8_t connect[512];

    assert_int_equal(event().type, LINK_NOTHING);
    assert_true(SSL_is_init_finished(server.ssl));
    assert_true(SSL_read(server.ssl, connect, sizeof connect) > 0);
    assert_int_equal(connect[0], 0x10);
    assert_int_equal(SSL_write(server.ssl, CONNACK, sizeof CONNACK),
                     sizeof CONNACK);
    assert_int_equal(event().type, LINK_UP);
}

/* A PUBLISH with QoS 0 of len times fill. */
static void say(size_t len, uint8_t fill)
{
    uint8_t packet[4096] = {0x30};
    size_t rest = 2 + 2 + len, n = 1;

    packet[n++] = (uint8_t)(rest | 0x80);
    packet[n++] = (uint8_t)(rest >> 7);
    packet[n++] = 0;
    packet[n++] = 2;
    packet[n++] = '/';
    packet[n++] = 't';
    memset(packet + n, fill, len);
    assert_int_equal(SSL_write(server.ssl, packet, (int)(n + len)), n + len);
}

static void heard(size_t len, uint8_t fill)
{
    struct link_event e = event();

    assert_int_equal(e.type, LINK_MESSAGE);
    assert_int_equal(e.payload_len, len);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(e.payload[i], fill);
}

static void refused(const char *why)
{
    struct link_event e = event();

    assert_int_equal(e.type, LINK_DOWN);
    assert_string_equal(e.why, why);
    assert_null(broker.conn);
    assert_null(tls.outer);
}

static void refused_by(struct tls_server_how how, const char *why)
{
    begin(&how);
    refused(why);
}

/* --- what must work --------------------------------------------------------
 */

/* First of all: nothing has told the time yet. */
static void altcp_bearssl_without_the_time_waits_and_then_says_so(void **state)
{
    (void)state;
    link_begin(&GOOD);
    link_open();

    assert_int_equal(mqtt.port.poll(&mqtt).type, LINK_NOTHING);
    assert_null(broker.conn);
    fake_broker_wait(LWIP_LINK_CONNECT_MS);

    struct link_event e = mqtt.port.poll(&mqtt);
    assert_int_equal(e.type, LINK_DOWN);
    assert_non_null(strstr(e.why, "no time server has answered"));
}

static void talks_with(struct tls_server_how how, size_t bytes_at_once)
{
    uint8_t packet[512];
    uint16_t token = 0;

    begin(&how);
    piece = bytes_at_once;
    up();
    say(300, 'a');
    say(1500, 'b'); /* more than one record, and than one piece */
    say(1536, 'c');
    heard(300, 'a');
    heard(1500, 'b');
    heard(1536, 'c');
    assert_int_equal(mqtt.port.publish(&mqtt, "/up", "hello", 5, &token),
                     OTA_OK);
    assert_int_equal(event().type, LINK_NOTHING);
    assert_true(SSL_read(server.ssl, packet, sizeof packet) > 0);
    assert_int_equal(packet[0], 0x32);
}

static void altcp_bearssl_chacha_talks_both_ways(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.chacha_only = true;
    talks_with(how, FAKE_BROKER_SEGMENT_MAX);
}

static void altcp_bearssl_aes_talks_both_ways(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.aes_only = true;
    talks_with(how, FAKE_BROKER_SEGMENT_MAX);
}

static void altcp_bearssl_single_bytes_make_the_same_conversation(void **state)
{
    (void)state;
    talks_with(GOOD, 1);
}

static void altcp_bearssl_asks_for_records_that_fit_its_buffers(void **state)
{
    (void)state;
    begin(&GOOD);
    up();

    assert_int_equal(
        SSL_SESSION_get_max_fragment_length(SSL_get_session(server.ssl)),
        TLSEXT_max_fragment_length_1024);
}

static void altcp_bearssl_announces_no_address_as_a_name(void **state)
{
    (void)state;
    begin(&GOOD);
    up();

    assert_null(SSL_get_servername(server.ssl, TLSEXT_NAMETYPE_host_name));
}

static void altcp_bearssl_connects_again_after_the_server_closed(void **state)
{
    (void)state;
    begin(&GOOD);
    up();
    assert_int_equal(SSL_shutdown(server.ssl), 0);

    assert_int_equal(event().type, LINK_DOWN);
    link_open();
    (void)mqtt.port.poll(&mqtt);
    tls_server_accept(&server);
    fake_broker_accept();

    up();
}

static void altcp_bearssl_says_goodbye_and_keeps_no_key(void **state)
{
    static const br_ssl_client_context BLANK;
    uint8_t rest[64];

    (void)state;
    begin(&GOOD);
    up();
    broker.sent_len = 0;

    mqtt.port.close(&mqtt);

    assert_memory_equal(&tls.client, &BLANK, sizeof BLANK);
    tls_server_take(&server, broker.sent, broker.sent_len);
    assert_int_equal(SSL_read(server.ssl, rest, sizeof rest), 2);
    assert_int_equal(rest[0], 0xE0);
    assert_true(SSL_read(server.ssl, rest, sizeof rest) <= 0);
    assert_int_equal(SSL_get_shutdown(server.ssl), SSL_RECEIVED_SHUTDOWN);
}

/* --- who must not be believed ----------------------------------------------
 */

static void altcp_bearssl_another_ca_is_refused(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.another_ca = true;
    refused_by(how, TLS_NOT_TRUSTED);
}

static void altcp_bearssl_another_name_is_refused(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.names = "DNS:broker.test,DNS:10.0.2.20";
    refused_by(how, TLS_WRONG_NAME);
}

static void altcp_bearssl_expired_certificate_is_refused(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.to = NOW - 1;
    refused_by(how, TLS_EXPIRED);
}

static void altcp_bearssl_early_certificate_is_refused(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.from = NOW + 1;
    refused_by(how, TLS_EARLY);
}

static void altcp_bearssl_rsa_server_is_told_what_is_needed(void **state)
{
    struct tls_server_how how = GOOD;

    (void)state;
    how.curve = "RSA";
    begin(&how);

    struct link_event e = event();

    assert_int_equal(e.type, LINK_DOWN);
    assert_non_null(strstr(e.why, "needs an EC P-256 certificate"));
}

static void altcp_bearssl_silent_server_is_left(void **state)
{
    (void)state;
    begin(&GOOD);
    (void)mqtt.port.poll(&mqtt);
    assert_true(broker.sent_len > 0);

    fake_broker_wait(LWIP_LINK_CONNECT_MS);

    struct link_event e = mqtt.port.poll(&mqtt);
    assert_int_equal(e.type, LINK_DOWN);
    assert_string_equal(e.why, TLS_STALLED);
}

static void altcp_bearssl_plain_server_is_recognised(void **state)
{
    static const char PLAIN[] = "HTTP/1.0 400 Bad Request\r\n\r\n";

    (void)state;
    begin(&GOOD);
    fake_broker_send(PLAIN, strlen(PLAIN));

    for (int i = 0; i < 8 && broker.conn != NULL; i++)
        assert_true(mqtt.port.poll(&mqtt).type != LINK_UP);

    assert_string_equal(lwip_link_why(&mqtt), TLS_BROKEN);
}

static void altcp_bearssl_end_in_the_handshake_is_said(void **state)
{
    (void)state;
    begin(&GOOD);
    (void)mqtt.port.poll(&mqtt);

    fake_broker_end();

    assert_int_equal(mqtt.port.poll(&mqtt).type, LINK_DOWN);
    assert_string_equal(lwip_link_why(&mqtt), TLS_HUNG_UP);
}

static void altcp_bearssl_reset_in_the_handshake_is_said(void **state)
{
    (void)state;
    begin(&GOOD);
    (void)mqtt.port.poll(&mqtt);

    fake_broker_reset();

    refused(TLS_HUNG_UP);
}

static void altcp_bearssl_altered_record_ends_the_connection(void **state)
{
    (void)state;
    begin(&GOOD);
    up();
    say(300, 'a');
    altered = arrived + 100;

    struct link_event e = event();

    assert_int_equal(e.type, LINK_DOWN);
    assert_string_equal(e.why, "a TLS record was altered on its way");
}

/* Wherever a byte of the handshake is altered, nobody is believed. */
static void altcp_bearssl_altered_handshake_never_comes_up(void **state)
{
    size_t whole;

    (void)state;
    begin(&GOOD);
    up();
    whole = arrived - sizeof CONNACK - 29;
    (void)end(NULL);
    for (size_t at = 1; at <= whole; at += 7) {
        begin(&GOOD);
        altered = at;
        struct link_event e = event();
        assert_int_not_equal(e.type, LINK_UP);
        assert_false(tls.ready);
        if (at + 7 <= whole)
            (void)end(NULL);
    }
}

#define ENDED(test) cmocka_unit_test_teardown(test, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENDED(altcp_bearssl_without_the_time_waits_and_then_says_so),
        ENDED(altcp_bearssl_chacha_talks_both_ways),
        ENDED(altcp_bearssl_aes_talks_both_ways),
        ENDED(altcp_bearssl_single_bytes_make_the_same_conversation),
        ENDED(altcp_bearssl_asks_for_records_that_fit_its_buffers),
        ENDED(altcp_bearssl_announces_no_address_as_a_name),
        ENDED(altcp_bearssl_connects_again_after_the_server_closed),
        ENDED(altcp_bearssl_says_goodbye_and_keeps_no_key),
        ENDED(altcp_bearssl_another_ca_is_refused),
        ENDED(altcp_bearssl_another_name_is_refused),
        ENDED(altcp_bearssl_expired_certificate_is_refused),
        ENDED(altcp_bearssl_early_certificate_is_refused),
        ENDED(altcp_bearssl_rsa_server_is_told_what_is_needed),
        ENDED(altcp_bearssl_silent_server_is_left),
        ENDED(altcp_bearssl_plain_server_is_recognised),
        ENDED(altcp_bearssl_end_in_the_handshake_is_said),
        ENDED(altcp_bearssl_reset_in_the_handshake_is_said),
        ENDED(altcp_bearssl_altered_record_ends_the_connection),
        ENDED(altcp_bearssl_altered_handshake_never_comes_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
