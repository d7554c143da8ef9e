/* mqtt_client.h - the server's own connection to its broker.
 *
 * Spec: spec/device-protocol.md section 9.
 * Tests: test/system/ (against the real broker).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_MQTT_CLIENT_H
#define TERN_SERVER_MQTT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "server/core/core.h"

struct mqtt_client;

struct mqtt_config {
    const char *host; /* a name, an address, or with port 0 a socket's path */
    uint16_t port;
    const char *secret; /* of the user tern-service; copied */
};

/* Make the client; nothing happens yet, but mqtt_client_push() may be called,
 * so that a core can be started with it. NULL: why. */
struct mqtt_client *mqtt_client_new(const struct mqtt_config *c,
                                    struct diag *why);

/* Connect, and go on doing so whenever the connection is lost. What comes in
 * goes to the core, and is acknowledged once it is committed. */
bool mqtt_client_start(struct mqtt_client *m, struct core *core,
                       struct diag *why);

/* Is the connection up and presence known? */
bool mqtt_client_ready(const struct mqtt_client *m);

/* Messages that were dropped because they made no sense, since the start. */
uint64_t mqtt_client_dropped(const struct mqtt_client *m);

/* The core's effect: deliver over the device's connection `epoch`. Never
 * blocks. Without a connection the message is dropped, because the sync that
 * follows the next one brings ONLINE again, and with it the same push. */
void mqtt_client_push(struct mqtt_client *m, const char *epoch,
                      const struct push *p);

/* Disconnect and stop calling the core, which may still answer until it is
 * stopped too. */
void mqtt_client_stop(struct mqtt_client *m);
void mqtt_client_free(struct mqtt_client *m); /* NULL is fine */

#endif
