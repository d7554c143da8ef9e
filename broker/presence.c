/* presence.c - tell the server who is connected. Start at presence_tell().
 *
 * Tests: test/system/test_broker*.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/presence.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <stdio.h>

#define TOPIC_PRESENCE "tern/v1/presence"
#define TOPIC_SYNCED   "tern/v1/synced"

enum { PRESENCE_TEXT_MAX = 320 }; /* the names and 80 bytes of JSON around */

/* The broker takes a copy and sends it at the start of its next round, in the
 * order of the calls. */
static void publish(const char *topic, const void *payload, size_t bytes)
{
    int rc = mosquitto_broker_publish_copy(NULL, topic, (int)bytes, payload, 1,
                                           false, NULL);
    if (rc != MOSQ_ERR_SUCCESS)
        mosquitto_log_printf(MOSQ_LOG_ERR, "tern: cannot publish on %s: %s",
                             topic, mosquitto_strerror(rc));
}

/* No value needs escapes: identity.h allows none that would. */
void presence_tell(const struct session *session, bool online)
{
    char text[PRESENCE_TEXT_MAX];

    int len =
        snprintf(text, sizeof text,
                 "{\"pk\":\"%s\",\"dn\":\"%s\",\"online\":%s,"
                 "\"epoch\":\"%s\",\"agent\":\"%s\"}",
                 session->product_key, session->device_name,
                 online ? "true" : "false", session->epoch, session->agent);
    publish(TOPIC_PRESENCE, text, (size_t)len);
}

static void session_replay(void *ctx, const struct session *session)
{
    (void)ctx;
    presence_tell(session, true);
    if (session->inform.topic != NULL)
        publish(session->inform.topic, session->inform.payload,
                session->inform.payload_bytes);
}

void presence_sync(const struct sessions *s)
{
    sessions_each(s, session_replay, NULL);
    publish(TOPIC_SYNCED, "{}", 2);
}
