/* presence.h - tell the server who is connected.
 *
 * Source: spec/device-protocol.md section 9.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_PRESENCE_H
#define TERN_BROKER_PRESENCE_H

#include <stdbool.h>

#include "broker/sessions.h"

/* A device has come or gone. */
void presence_tell(const struct session *session, bool online);

/* Everybody who is connected, with the last inform of each, then "synced". */
void presence_sync(const struct sessions *s);

#endif
