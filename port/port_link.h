/* port_link.h - the message link of a device: MQTT 3.1.1 behind four calls.
 *
 * The implementation owns sockets, keep-alive and packet identifiers; the agent
 * owns what is said and when to reconnect. Nothing blocks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_LINK_H
#define TERN_PORT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct link_login {
    const char *host; /* all NUL-terminated, borrowed until the next close */
    uint16_t port;
    const char *client_id;
    const char *username;
    const char *password;
    uint16_t keep_alive_s;
};

enum link_event_type {
    LINK_NOTHING, /* nothing happened since the last poll */
    LINK_UP,      /* CONNACK 0 received */
    LINK_REFUSED, /* CONNACK said no: `code` is its return code */
    LINK_DOWN,    /* connecting failed or the connection was lost: `why` */
    LINK_MESSAGE, /* topic and payload are valid until the next poll */
    LINK_SENT,    /* PUBACK for the publication `token` arrived */
};

struct link_event {
    enum link_event_type type;
    uint8_t code;
    uint16_t token;
    const char *why;   /* for a log, valid until the next poll; may be NULL */
    const char *topic; /* NUL-terminated */
    const uint8_t *payload;
    size_t payload_len;
};

struct port_link {
    void *ctx;

    /* Start to connect with a clean session. An open link is closed first. */
    ota_err (*open)(void *ctx, const struct link_login *login);

    /* Publish with QoS 1. *token (never 0) comes back in LINK_SENT; after
     * LINK_DOWN it never will.
     * OTA_ERR_AGAIN no room now; OTA_ERR_CLOSED the link is not up. */
    ota_err (*publish)(void *ctx, const char *topic, const void *payload,
                       size_t len, uint16_t *token);

    /* Do a bounded amount of work; at most one event per call. */
    struct link_event (*poll)(void *ctx);

    void (*close)(void *ctx); /* no LINK_DOWN follows */
};

#endif
