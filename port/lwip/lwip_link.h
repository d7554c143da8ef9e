/* lwip_link.h - port_link over lwIP's MQTT client.
 *
 * Publishes with QoS 1; takes what the broker sends without a SUBSCRIBE. One
 * message is held at a time: the next one waits in TCP's window until the poll
 * after it. lwip_poll() must go on being called.
 * Tests: test/unit/port_lwip/test_lwip_link.c, test/fuzz/fuzz_lwip_link.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_LINK_H
#define TERN_LWIP_LINK_H

#include <lwip/apps/mqtt_priv.h>

#include "port/lwip/lwip_name.h"
#include "port/lwip/mqtt_stream.h"
#include "port/port_clock.h"
#include "port/port_link.h"

enum {
    LWIP_LINK_TOPIC_MAX = 128,    /* with NUL; spec/device-protocol.md */
    LWIP_LINK_PAYLOAD_MAX = 1536, /* longer messages are dropped, though
                                     acknowledged: else they came again */
    LWIP_LINK_CONNECT_MS = 20000, /* from open to CONNACK */
    LWIP_LINK_SENT_MAX = MQTT_REQ_MAX_IN_FLIGHT,
};

enum lwip_link_state {
    LWIP_LINK_CLOSED,
    LWIP_LINK_RESOLVING,
    LWIP_LINK_CONNECTING, /* until CONNACK */
    LWIP_LINK_UP,
    LWIP_LINK_LOST, /* LINK_DOWN or LINK_REFUSED is still to be told */
};

struct lwip_link;

/* A publication that waits for its PUBACK. */
struct lwip_link_sent {
    struct lwip_link *link;
    uint16_t token; /* 0: free */
    bool done;      /* LINK_SENT is still to be told */
};

struct lwip_link {
    struct port_link port;
    const struct port_clock *clock; /* borrowed */
    enum lwip_link_state state;
    struct link_login login; /* its strings are borrowed until the close */
    uint32_t opened_ms;
    uint16_t next_token;
    uint8_t refusal; /* CONNACK's code; 0 none */
    bool up_untold;  /* LINK_UP is still to be told */
    const char *why; /* why the last connection ended */
    struct lwip_name name;
    struct mqtt_stream stream; /* what comes in, packet by packet */
    struct lwip_link_sent sent[LWIP_LINK_SENT_MAX];
    mqtt_client_t mqtt;

    /* The message being put together, or held until the next poll. */
    bool whole, too_long, told;
    size_t payload_len;
    char topic[LWIP_LINK_TOPIC_MAX];
    uint8_t payload[LWIP_LINK_PAYLOAD_MAX];
};

/* l must not move from then on, and live as long as the program. */
void lwip_link_init(struct lwip_link *l, const struct port_clock *clock);

/* Why the last connection ended or was refused, in words for a log; never
 * NULL. */
const char *lwip_link_why(const struct lwip_link *l);

#endif
