/* fake_link.h - a broker in memory: says yes or no, keeps what was published,
 * acknowledges it, and delivers what a test puts in.
 *
 * Aborts the test when the agent breaks the port's rules (publishing a text
 * that is too long, a login without names).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_FAKE_LINK_H
#define TERN_FAKE_LINK_H

#include "port/port_link.h"

enum {
    FAKE_LINK_SAID_MAX = 256, /* publications kept; the oldest are dropped */
    FAKE_LINK_QUEUE_MAX = 64, /* events that wait for a poll */
    FAKE_LINK_TOPIC_MAX = 128,
    FAKE_LINK_TEXT_MAX = 2048, /* of one message */
};

struct fake_said {
    char topic[FAKE_LINK_TOPIC_MAX];
    char text[FAKE_LINK_TEXT_MAX]; /* NUL added */
};

struct fake_link {
    struct port_link port;

    /* What the test sets. */
    uint8_t refuse_code; /* CONNACK; 0 accepts */
    bool unreachable;    /* connecting ends in LINK_DOWN */
    const char *why;     /* and this is why; may be NULL */
    bool silent;         /* connecting ends in nothing at all */
    bool no_acks;        /* publications are never acknowledged */
    bool full;           /* publish says AGAIN */
    void (*on_said)(void *ctx, const struct fake_said *said); /* may be NULL */
    void *on_said_ctx;

    /* What the test looks at. */
    bool up;
    uint32_t opened;
    char client_id[256], username[128], password[128];
    uint32_t said_count; /* ever; said[] is a ring */
    struct fake_said said[FAKE_LINK_SAID_MAX];

    uint32_t queue_len;
    struct link_event queue[FAKE_LINK_QUEUE_MAX];
    struct fake_said heard; /* storage behind the event that was polled last */
    uint32_t inbox_len;
    struct fake_said inbox[8];
    uint16_t last_token;
};

void fake_link_init(struct fake_link *l);

/* The connection breaks: unacknowledged publications stay unacknowledged. */
void fake_link_drop(struct fake_link *l);

/* A message for the device; lost if it is not connected, as with a broker and
 * a clean session. */
void fake_link_deliver(struct fake_link *l, const char *topic,
                       const char *text);

/* The i-th publication from the end (0: the newest), or NULL. */
const struct fake_said *fake_link_said(const struct fake_link *l, uint32_t i);

/* How many kept publications have this topic's beginning and hold this text. */
uint32_t fake_link_count(const struct fake_link *l, const char *topic,
                         const char *text);

#endif
