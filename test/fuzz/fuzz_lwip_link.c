/* fuzz_lwip_link.c - a broker that sends anything, in any pieces.
 *
 * The input is a list of steps: a byte that says what happens, and for bytes
 * on the wire their number and themselves.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "port/lwip/lwip_link.h"
#include "test/unit/port_lwip/fake_broker.h"

enum step {
    STEP_BYTES,
    STEP_POLL,
    STEP_OPEN,
    STEP_CONNACK,
    STEP_PUBLISH,
    STEP_SENT,
    STEP_WAIT,
    STEP_END,
    STEP_RESET,
    STEPS,
};

static struct lwip_link device;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_link(void)
{
    static const struct link_login LOGIN = {
        .host = "10.0.2.2",
        .port = 1883,
        .client_id = "a.b",
        .username = "b&a",
        .password = "c",
        .keep_alive_s = 60,
    };

    if (device.port.open(&device, &LOGIN) != OTA_OK)
        abort();
    (void)device.port.poll(&device);
    fake_broker_accept();
}

static void look(void)
{
    struct link_event e = device.port.poll(&device);
    volatile uint8_t last;

    if (e.type != LINK_MESSAGE)
        return;
    if (strlen(e.topic) >= LWIP_LINK_TOPIC_MAX ||
        e.payload_len > LWIP_LINK_PAYLOAD_MAX)
        abort();
    if (e.payload_len > 0)
        last = e.payload[e.payload_len - 1];
    (void)last;
}

static void publish(void)
{
    uint16_t token = 0;

    if (device.port.publish(&device, "/t", "payload", 7, &token) == OTA_OK &&
        token == 0)
        abort();
}

static void sent(void)
{
    if (broker.conn == NULL || broker.conn->sent == NULL)
        return;
    broker.room = FAKE_BROKER_SEGMENT_MAX;
    broker.sent_len = 0;
    (void)broker.conn->sent(broker.conn->arg, broker.conn, 1);
}

/* How many bytes of the input the step took. */
static size_t take(enum step step, const uint8_t *data, size_t size)
{
    static const uint8_t CONNACK[] = {0x20, 2, 0, 0};
    size_t len;

    switch (step) {
    case STEP_BYTES:
        len = size > 0 ? (size_t)data[0] + 1 : 0;
        len = len < size ? len : (size > 0 ? size - 1 : 0);
        fake_broker_send(data + 1, len);
        return len + 1;
    case STEP_POLL:
        look();
        return 0;
    case STEP_OPEN:
        open_link();
        return 0;
    case STEP_CONNACK:
        fake_broker_send(CONNACK, sizeof CONNACK);
        return 0;
    case STEP_PUBLISH:
        publish();
        return 0;
    case STEP_SENT:
        sent();
        return 0;
    case STEP_WAIT:
        fake_broker_wait(6000);
        return 0;
    case STEP_END:
        fake_broker_end();
        return 0;
    case STEP_RESET:
        fake_broker_reset();
        return 0;
    case STEPS:
        break;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fake_broker_begin();
    lwip_link_init(&device, &broker.clock.port);
    open_link();
    while (size > 0) {
        enum step step = (enum step)(*data++ % STEPS);
        size--;
        size_t n = take(step, data, size);
        n = n < size ? n : size;
        data += n;
        size -= n;
    }
    for (int i = 0; i < 4; i++)
        look();
    device.port.close(&device);
    if (broker.conn != NULL)
        abort(); /* a connection was left behind */
    return 0;
}
