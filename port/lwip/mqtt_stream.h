/* mqtt_stream.h - what a broker sends, cut into pieces that lwIP's MQTT client
 * survives; a layer between it and TCP (lwIP calls such layers altcp).
 *
 * The client of lwIP 2.1.3 loses the beginning of a packet that comes in
 * several TCP segments, and runs over its buffer if a packet's length has more
 * than four bytes. So it only ever sees one piece that begins with a checked
 * fixed header and fills its buffer, or ends the packet.
 * Source: MQTT 3.1.1, sections 2.2 and 3.
 * Tests: test/unit/port_lwip/test_lwip_link.c, test/fuzz/fuzz_lwip_link.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_MQTT_STREAM_H
#define TERN_LWIP_MQTT_STREAM_H

#include <lwip/altcp_tls.h>
#include <lwip/apps/mqtt_opts.h>
#include <stdbool.h>
#include <stdint.h>

/* lwIP's name for what makes a layer: mqtt_client_connect() takes it. */
struct altcp_tls_config {
    struct mqtt_stream *stream;
};

struct mqtt_stream {
    struct altcp_tls_config config; /* points back here */
    /* May the packet that begins be handed on? NULL: always. */
    bool (*may_go_on)(void *ctx);
    void *ctx;

    struct altcp_pcb *outer; /* the client's end; NULL: closed */
    struct pbuf *unread;     /* arrived, and not looked at yet */
    bool ended;              /* the peer has closed after `unread` */
    bool acknowledged;       /* CONNACK has come */
    bool given;              /* a piece of this packet, to the client */
    const char *refused;     /* why the peer's bytes are no MQTT; NULL: fine */
    uint32_t rest;           /* of the packet, behind what `piece` holds */
    uint16_t header_bytes;   /* its fixed header; 0: not whole yet */
    uint16_t piece_bytes;
    uint8_t piece[MQTT_VAR_HEADER_BUFFER_LEN];
};

void mqtt_stream_init(struct mqtt_stream *s, bool (*may_go_on)(void *ctx),
                      void *ctx);

/* Hand on what has arrived, as far as may_go_on() allows. */
void mqtt_stream_pump(struct mqtt_stream *s);

#endif
