/* delivery.h - from the server to one device, over the connection it means.
 *
 * Source: spec/device-protocol.md sections 2 and 9.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_DELIVERY_H
#define TERN_BROKER_DELIVERY_H

#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include "broker/sessions.h"

struct delivery;

/* Begins as zeros. */
struct delivery_queue {
    struct delivery *first, *last;
};

/* Take a message on tern/v1/down/{epoch}[;{task}-{push}]/{topic} into the
 * queue. One that nobody can get any more is dropped and logged. */
void delivery_take(struct delivery_queue *q, const struct sessions *s,
                   const struct mosquitto_evt_message *m);

/* Give what is queued to the broker, except for connections that have ended
 * since, and for pushes that got there before: the server repeats what it does
 * not know to have arrived. Only from TICK: nothing comes in between it and the
 * moment when the broker sends, so no message ever reaches a later connection.
 */
void delivery_flush(struct delivery_queue *q, const struct sessions *s);

void delivery_drop_all(struct delivery_queue *q);

#endif
