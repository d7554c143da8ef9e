/* fuzz_lwip_tls.c - a TLS server that sends anything, in any pieces: instead of
 * a handshake, in the middle of one, or inside the records of a good one.
 *
 * The input is a list of steps: a byte that says what happens, and for bytes
 * their number and themselves.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <openssl/err.h>

#include "port/lwip/altcp_bearssl.h"
#include "port/lwip/lwip_link.h"
#include "test/unit/port_lwip/fake_broker.h"
#include "test/unit/port_lwip/tls_server.h"

enum step {
    STEP_BYTES,   /* on the wire */
    STEP_CONTENT, /* in records, if the handshake has got so far */
    STEP_SERVER,  /* what a good server would send now */
    STEP_POLL,
    STEP_PUBLISH,
    STEP_SENT,
    STEP_WAIT,
    STEP_END,
    STEP_RESET,
    STEP_OPEN,
    STEPS,
};

enum { NOW = 1700000000, HANDSHAKE_TURNS = 40 };

static struct lwip_link device;
static struct altcp_bearssl tls;
static struct tls_server server;
static struct fake_rng rng;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_link(void)
{
    static const struct link_login LOGIN = {
        .host = "10.0.2.2",
        .port = 8883,
        .client_id = "a.b",
        .username = "b&a",
        .password = "c",
        .keep_alive_s = 60,
    };

    if (device.port.open(&device, &LOGIN) != OTA_OK)
        abort();
    (void)device.port.poll(&device);
    tls_server_accept(&server);
    fake_broker_accept();
}

static void look(void)
{
    struct link_event e = device.port.poll(&device);
    volatile uint8_t last;

    if (e.type != LINK_MESSAGE)
        return;
    if (e.payload_len > LWIP_LINK_PAYLOAD_MAX)
        abort();
    if (e.payload_len > 0)
        last = e.payload[e.payload_len - 1];
    (void)last;
}

static void good_server(void)
{
    uint8_t bytes[FAKE_BROKER_SEGMENT_MAX];
    size_t n;

    if (broker.conn != NULL && broker.sent_len > 0) {
        tls_server_take(&server, broker.sent, broker.sent_len);
        broker.sent_len = 0;
    }
    n = tls_server_give(&server, bytes, sizeof bytes);
    fake_broker_send(bytes, n);
}

static void content(const uint8_t *data, size_t len)
{
    if (len > 0 && SSL_is_init_finished(server.ssl))
        (void)SSL_write(server.ssl, data, (int)len);
    ERR_clear_error();
    good_server();
}

static void sent(void)
{
    if (broker.conn == NULL || broker.conn->sent == NULL)
        return;
    broker.room = FAKE_BROKER_SEGMENT_MAX;
    (void)broker.conn->sent(broker.conn->arg, broker.conn, 1);
}

static void handshake(void)
{
    for (int i = 0; i < HANDSHAKE_TURNS && !tls.ready; i++) {
        look();
        good_server();
    }
}

/* Of a step that has bytes: how many of the input it took. */
static size_t take_bytes(enum step step, const uint8_t *data, size_t size)
{
    size_t len = size > 0 ? (size_t)data[0] + 1 : 0;

    len = len < size ? len : (size > 0 ? size - 1 : 0);
    if (step == STEP_BYTES)
        fake_broker_send(data + 1, len);
    else
        content(data + 1, len);
    return len + 1;
}

static void take(enum step step)
{
    uint16_t token;

    switch (step) {
    case STEP_SERVER:
        good_server();
        break;
    case STEP_POLL:
        look();
        break;
    case STEP_PUBLISH:
        (void)device.port.publish(&device, "/t", "payload", 7, &token);
        break;
    case STEP_SENT:
        sent();
        break;
    case STEP_WAIT:
        fake_broker_wait(6000);
        break;
    case STEP_END:
        fake_broker_end();
        break;
    case STEP_RESET:
        fake_broker_reset();
        break;
    case STEP_OPEN:
        open_link();
        break;
    case STEP_BYTES:
    case STEP_CONTENT:
    case STEPS:
        break;
    }
}

static void begin(void)
{
    static const struct tls_server_how HOW = {
        .names = "DNS:10.0.2.2",
        .from = NOW - TLS_SERVER_DAY,
        .to = (int64_t)NOW + 10000LL * TLS_SERVER_DAY,
    };

    fake_broker_begin();
    lwip_time_set(NOW, 0);
    if (server.ctx == NULL)
        tls_server_begin(&server, &HOW);
    fake_rng_init(&rng, 1);
    lwip_link_init(&device, &broker.clock.port);
    if (altcp_bearssl_init(&tls, server.ca_der, server.ca_len,
                           &broker.clock.port, &rng.port) != OTA_OK)
        abort();
    lwip_link_secure(&device, &tls.secure);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin();
    open_link();
    if (size > 0 && (*data & 0x80))
        handshake();
    while (size > 0) {
        enum step step = (enum step)((*data++ & 0x7F) % STEPS);
        size_t n = 0;

        size--;
        if (step == STEP_BYTES || step == STEP_CONTENT)
            n = take_bytes(step, data, size);
        else
            take(step);
        n = n < size ? n : size;
        data += n;
        size -= n;
        look();
    }
    for (int i = 0; i < 8; i++)
        look();
    device.port.close(&device);
    if (broker.conn != NULL || tls.outer != NULL)
        abort(); /* a connection was left behind */
    return 0;
}
