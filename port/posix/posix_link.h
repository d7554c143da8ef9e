/* posix_link.h - the message link over libmosquitto, without its threads.
 *
 * libmosquitto speaks MQTT; when to connect again is the agent's affair. The
 * library's own memory comes from the heap; Tern's is in struct posix_link.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_LINK_H
#define TERN_POSIX_LINK_H

#include <mosquitto.h>

#include "port/port_link.h"
#include "port/posix/posix_resolve.h"
#include "port/posix/posix_tls.h"

enum {
    /* Publications that wait for their PUBACK: room for all reports of a whole
     * update, which a slow broker may acknowledge after its end. libmosquitto
     * reads up to that many packets in one go (at least one), so the queue is
     * larger. */
    POSIX_LINK_UNACKED_MAX = 64,
    POSIX_LINK_EVENTS_MAX = 96,
    POSIX_LINK_PAYLOAD_MAX = 64 * 1024, /* longer messages are dropped */
    POSIX_LINK_CONNECT_MS = 20000,      /* from open to CONNACK */
};

enum posix_link_state {
    POSIX_LINK_CLOSED,
    POSIX_LINK_RESOLVING,
    POSIX_LINK_CONNECTING, /* until CONNACK */
    POSIX_LINK_UP,
};

/* An event that waits for its poll. */
struct posix_link_event {
    enum link_event_type type;
    uint8_t code;
    uint16_t token;
    struct mosquitto_message message; /* LINK_MESSAGE: ours to free */
};

struct posix_link {
    struct port_link port;
    enum posix_link_state state;
    struct link_login login; /* its strings are borrowed until the close */
    struct mosquitto *mosq;  /* NULL when closed */
    struct resolver resolver;
    struct posix_tls tls; /* without ctx: plain TCP */
    const char *why;      /* why the last connection ended; may be NULL */
    unsigned address;     /* index of the one that is being tried */
    uint64_t deadline_ms; /* of connecting; monotonic */
    uint32_t connect_ms;  /* POSIX_LINK_CONNECT_MS; a test may want less */
    unsigned unacked;
    bool
        failed; /* the library said the connection is lost; or we must end it */

    struct posix_link_event events[POSIX_LINK_EVENTS_MAX];
    unsigned first, waiting;          /* ring */
    struct mosquitto_message current; /* of the event last given out */
};

/* l must not move from then on, and live as long as the program: the name of a
 * host may still be being looked up.
 *
 * Returns OTA_OK; OTA_ERR_IO libmosquitto cannot be used. */
TERN_MUST_USE ota_err posix_link_init(struct posix_link *l);

/* From now on connect only by TLS to a server that the CA (X.509, DER) vouches
 * for. Before the first open. Returns as posix_tls_init(). */
TERN_MUST_USE ota_err posix_link_secure(struct posix_link *l, const uint8_t *ca,
                                        size_t ca_len);

/* Close, and give the library's memory back. */
void posix_link_end(struct posix_link *l);

#endif
