/* mqtt_client.c - the server's own connection to its broker.
 *
 * Start at on_connect(). The session is persistent, so what devices said while
 * the server was away comes first. Presence in that backlog is history, not
 * truth; therefore the server asks for presence again (sync), subscribes to its
 * own question, and believes presence only from the moment it hears that
 * question back: whatever is queued stands before it, every answer behind it.
 *
 * Plain subscriptions: there is one ternd per broker, and a $share group with
 * a persistent member would hand its queue to nobody else anyway.
 *
 * Tests: test/system/test_ternd.py, test_link_sdk.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/mqtt/mqtt_client.h"

#include <mosquitto.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "server/core/push.h"
#include "server/log.h"
#include "server/mqtt/mqtt_uplink.h"

#define CLIENT_ID    "ternd-1"
#define SERVICE_USER "tern-service"
#define TOPIC_SYNC   "tern/v1/sync"
#define TOPIC_SYNCED "tern/v1/synced"
#define TOPIC_DOWN   "tern/v1/down/"

enum {
    KEEPALIVE_SECONDS = 30,
    RETRY_SECONDS_MIN = 1,
    RETRY_SECONDS_MAX = 5,
    INFLIGHT_MAX = 1000, /* pushes on the way to the broker */
    DROPS_LOGGED_PER_SECOND = 5,
    NONCE_MAX = 17,
};

static char *const SUBSCRIPTIONS[] = {
    "/ota/device/inform/+/+",
    "/ota/device/progress/+/+",
    "/sys/+/+/thing/ota/firmware/get",
    MQTT_TOPIC_PRESENCE,
    TOPIC_SYNC,
    TOPIC_SYNCED,
};
enum { SUBSCRIPTION_COUNT = sizeof SUBSCRIPTIONS / sizeof SUBSCRIPTIONS[0] };

struct mqtt_client {
    struct mosquitto *mosq;
    struct core *core;
    char host[64];
    uint16_t port;
    bool started;
    _Atomic bool connected, ready;
    _Atomic uint64_t dropped;
    /* Below: libmosquitto's thread only. */
    char nonce[NONCE_MAX]; /* of the sync of this connection */
    bool presence_counts;  /* our sync came back */
    time_t drop_second;
    unsigned drop_lines;
};

static void everybody_offline(struct mqtt_client *m)
{
    struct core_command cmd = {.type = CMD_BROKER_LOST, .actor = "server"};

    core_submit(m->core, &cmd);
}

static void sync_ask(struct mqtt_client *m)
{
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint64_t)time(NULL);
    snprintf(m->nonce, sizeof m->nonce, "%016llx", (unsigned long long)random);
    (void)mosquitto_publish(m->mosq, NULL, TOPIC_SYNC, (int)strlen(m->nonce),
                            m->nonce, 1, false);
}

static void on_connect(struct mosquitto *mosq, void *ctx, int code)
{
    struct mqtt_client *m = ctx;

    m->presence_counts = false;
    if (code != 0) {
        log_event(LOG_LEVEL_ERROR, "the broker refuses the server", "s:s",
                  "reason", mosquitto_connack_string(code));
        return;
    }
    everybody_offline(m);
    m->connected = true;
    (void)mosquitto_subscribe_multiple(mosq, NULL, SUBSCRIPTION_COUNT,
                                       SUBSCRIPTIONS, 1, 0, NULL);
}

static void on_subscribe(struct mosquitto *mosq, void *ctx, int mid, int count,
                         const int *granted)
{
    (void)mosq;
    (void)mid;
    for (int i = 0; i < count; i++)
        if (granted[i] > 2)
            log_event(LOG_LEVEL_ERROR, "the broker refuses a subscription",
                      "s:s", "topic",
                      i < SUBSCRIPTION_COUNT ? SUBSCRIPTIONS[i] : "?");
    sync_ask(ctx);
}

static void on_disconnect(struct mosquitto *mosq, void *ctx, int code)
{
    struct mqtt_client *m = ctx;
    (void)mosq;

    if (m->connected)
        everybody_offline(m);
    m->connected = false;
    m->ready = false;
    if (code != 0)
        log_event(LOG_LEVEL_WARN, "connection to the broker lost", "s:s",
                  "reason", mosquitto_strerror(code));
}

/* Hostile devices must not fill the disk with log lines. */
static void message_drop(struct mqtt_client *m, const char *topic,
                         const char *why)
{
    time_t now = time(NULL);

    m->dropped++;
    if (now != m->drop_second) {
        m->drop_second = now;
        m->drop_lines = 0;
    }
    if (m->drop_lines++ < DROPS_LOGGED_PER_SECOND)
        log_event(LOG_LEVEL_WARN, "message dropped", "s:s,s:s", "topic", topic,
                  "why", why);
}

static void sync_heard(struct mqtt_client *m,
                       const struct mosquitto_message *msg)
{
    if (msg->payloadlen == (int)strlen(m->nonce) &&
        memcmp(msg->payload, m->nonce, strlen(m->nonce)) == 0)
        m->presence_counts = true;
}

static void synced_heard(struct mqtt_client *m)
{
    if (!m->presence_counts)
        return; /* the answer to an earlier question */
    if (!m->ready)
        log_event(LOG_LEVEL_INFO, "connected to the broker", NULL);
    m->ready = true;
}

static bool is_presence(const struct core_command *cmd)
{
    return cmd->type == CMD_DEVICE_ONLINE || cmd->type == CMD_DEVICE_OFFLINE;
}

static void on_message(struct mosquitto *mosq, void *ctx,
                       const struct mosquitto_message *msg)
{
    struct mqtt_client *m = ctx;
    struct core_command cmd;
    const char *why;
    (void)mosq;

    if (strcmp(msg->topic, TOPIC_SYNC) == 0) {
        sync_heard(m, msg);
        return;
    }
    if (strcmp(msg->topic, TOPIC_SYNCED) == 0) {
        synced_heard(m);
        return;
    }
    ota_err e = mqtt_uplink_parse(&cmd, msg->topic, msg->payload,
                                  (size_t)msg->payloadlen, &why);
    if (e != OTA_OK)
        message_drop(m, msg->topic, why);
    else if (!is_presence(&cmd) || m->presence_counts)
        core_submit(m->core, &cmd);
}

struct mqtt_client *mqtt_client_new(const struct mqtt_config *c,
                                    struct diag *why)
{
    struct mqtt_client *m = calloc(1, sizeof *m);

    if (m)
        m->mosq = mosquitto_new(CLIENT_ID, false, m);
    if (!m || !m->mosq ||
        mosquitto_username_pw_set(m->mosq, SERVICE_USER, c->secret) !=
            MOSQ_ERR_SUCCESS ||
        strlen(c->host) >= sizeof m->host) {
        diag_set(why, "cannot make the MQTT client");
        mqtt_client_free(m);
        return NULL;
    }
    memcpy(m->host, c->host, strlen(c->host) + 1);
    m->port = c->port;
    mosquitto_connect_callback_set(m->mosq, on_connect);
    mosquitto_subscribe_callback_set(m->mosq, on_subscribe);
    mosquitto_disconnect_callback_set(m->mosq, on_disconnect);
    mosquitto_message_callback_set(m->mosq, on_message);
    (void)mosquitto_max_inflight_messages_set(m->mosq, INFLIGHT_MAX);
    (void)mosquitto_reconnect_delay_set(m->mosq, RETRY_SECONDS_MIN,
                                        RETRY_SECONDS_MAX, false);
    return m;
}

bool mqtt_client_start(struct mqtt_client *m, struct core *core,
                       struct diag *why)
{
    m->core = core;
    int e =
        mosquitto_connect_async(m->mosq, m->host, m->port, KEEPALIVE_SECONDS);
    if (e == MOSQ_ERR_SUCCESS)
        e = mosquitto_loop_start(m->mosq);
    if (e != MOSQ_ERR_SUCCESS)
        diag_set(why, "cannot start the MQTT client: %s",
                 mosquitto_strerror(e));
    m->started = e == MOSQ_ERR_SUCCESS;
    return m->started;
}

bool mqtt_client_ready(const struct mqtt_client *m)
{
    return m->ready;
}

uint64_t mqtt_client_dropped(const struct mqtt_client *m)
{
    return m->dropped;
}

void mqtt_client_push(struct mqtt_client *m, const char *epoch,
                      const struct push *p)
{
    char number[32] = "", down[256];

    if (!m->connected)
        return;
    if (p->task != 0)
        snprintf(number, sizeof number, ";%u-%u", (unsigned)p->task,
                 (unsigned)p->count);
    int n = snprintf(down, sizeof down, TOPIC_DOWN "%s%s/%s", epoch, number,
                     p->topic + 1);
    if (n < 0 || (size_t)n >= sizeof down)
        return;
    int e = mosquitto_publish(m->mosq, NULL, down, (int)strlen(p->payload),
                              p->payload, 1, false);
    if (e != MOSQ_ERR_SUCCESS)
        log_event(LOG_LEVEL_WARN, "a push did not go out", "s:s,s:s", "topic",
                  p->topic, "reason", mosquitto_strerror(e));
}

void mqtt_client_stop(struct mqtt_client *m)
{
    if (!m->started)
        return;
    m->started = false;
    (void)mosquitto_disconnect(m->mosq);
    (void)mosquitto_loop_stop(m->mosq, false);
}

void mqtt_client_free(struct mqtt_client *m)
{
    if (!m)
        return;
    if (m->mosq)
        mosquitto_destroy(m->mosq);
    free(m);
}
