/* sessions.h - which device is connected, over which connection.
 *
 * A session lives from a login to the end of that connection. A device has at
 * most one; so has a clientId. Device, connection and clientId each find it.
 *
 * Tests: test/unit/broker/test_sessions.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_SESSIONS_H
#define TERN_BROKER_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/core/identity.h"

/* Of a push; task 0: it has none, and may be repeated. */
struct push_number {
    uint32_t task, push;
};

struct session {
    const void *client; /* the broker's name for the connection; compared only,
                         * and used again by the broker after the end */
    char *client_id;    /* owned */
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char device_name[IDENTITY_DEVICE_NAME_MAX];
    char agent[IDENTITY_AGENT_MAX];
    char epoch[IDENTITY_EPOCH_MAX]; /* never the same for two connections */

    struct push_number pushed; /* greatest that was given to it */

    /* What it informed last over this connection; topic NULL: nothing. */
    struct {
        char *topic;
        void *payload;
        size_t payload_bytes;
    } inform;
};

struct sessions {
    void *by_client, *by_device, *by_client_id; /* trees of struct session */
    uint32_t start;                             /* first half of each epoch */
    uint64_t count;                             /* second half of the last */
};

/* start: differs from that of the broker's run before. */
void sessions_begin(struct sessions *s, uint32_t start);

/* Open a session; neither device, client nor client_id may have one.
 * NULL: out of memory. */
struct session *sessions_open(struct sessions *s, const void *client,
                              const char *client_id,
                              const struct identity_login *login);

/* NULL: none. */
struct session *sessions_by_client(const struct sessions *s,
                                   const void *client);
struct session *sessions_by_device(const struct sessions *s,
                                   const char *product_key,
                                   const char *device_name);
struct session *sessions_by_client_id(const struct sessions *s,
                                      const char *client_id);

/* Keep a copy, in place of the one before. False: out of memory, and there is
 * none now. */
bool session_keep_inform(struct session *session, const char *topic,
                         const void *payload, size_t payload_bytes);

/* Call `visit` for each session, ordered by device. It must not open or close
 * any. */
void sessions_each(const struct sessions *s,
                   void (*visit)(void *ctx, const struct session *session),
                   void *ctx);

/* Frees the session. */
void sessions_close(struct sessions *s, struct session *session);

void sessions_end(struct sessions *s); /* close all */

#endif
