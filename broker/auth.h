/* auth.h - who may connect.
 *
 * Source: spec/device-protocol.md sections 1 and 9.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_AUTH_H
#define TERN_BROKER_AUTH_H

#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include "broker/plugin.h"

/* Answer a CONNECT: MOSQ_ERR_SUCCESS, or MOSQ_ERR_AUTH with the reason in the
 * log. A device that is let in has a session from now on, and the connection it
 * had before is closed. */
int auth_connect(struct plugin *p, const struct mosquitto_evt_basic_auth *c);

/* Close the connection of a session. DISCONNECT, inside of this call, ends the
 * session: do not use it afterwards. */
void auth_kick(const struct session *session);

/* The connection has ended (also one that was never let in). */
void auth_disconnect(struct plugin *p, const struct mosquitto *client);

#endif
