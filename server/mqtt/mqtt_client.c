/* mqtt_client.c - the server's own connection to its broker.
 *
 * Start at client_main(), then on_connect(). The session is persistent, so what
 * devices said while the server was away comes first. Presence in that backlog
 * is history, not truth; therefore the server asks for presence again (sync),
 * subscribes to its own question, and believes presence only from the moment it
 * hears that question back: whatever is queued stands before it, every answer
 * behind it.
 *
 * libmosquitto has no acknowledgement by hand: a PUBACK is made before the
 * program sees the message. But it only goes into a queue, which loop_write()
 * sends; so this file runs the loop itself, and between reading and writing it
 * waits until the core has committed all that was read. What a killed server
 * had not committed is in the session still, and comes again.
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
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

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
    RETRY_MS = 1000,
    TURN_MS = 1000, /* libmosquitto looks at its keep-alive so often */
    BURST_MAX =
        256, /* messages that are committed, then acknowledged, at once */
    STOP_SECONDS = 5,
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
    char host[256];
    uint16_t port;
    bool started;
    pthread_t thread;
    int wake_fd; /* a push or the end is waiting */
    _Atomic bool connected, ready, stopping;
    _Atomic uint64_t dropped;
    pthread_mutex_t lock; /* guards `open` */
    pthread_cond_t settled;
    size_t open; /* messages that the core has not committed yet */
    /* Below: our thread only. */
    char nonce[NONCE_MAX]; /* of the sync of this connection */
    bool presence_counts;  /* our sync came back */
    time_t drop_second;
    unsigned drop_lines;
};

/* --- to the core ---------------------------------------------------------- */

static void answered(void *ctx, const struct core_result *r)
{
    struct mqtt_client *m = ctx;

    (void)r; /* a refusal is as final as a commit */
    (void)pthread_mutex_lock(&m->lock);
    m->open--;
    if (m->open == 0)
        (void)pthread_cond_signal(&m->settled);
    (void)pthread_mutex_unlock(&m->lock);
}

static void submit(struct mqtt_client *m, struct core_command *cmd)
{
    cmd->done = answered;
    cmd->ctx = m;
    (void)pthread_mutex_lock(&m->lock);
    m->open++;
    (void)pthread_mutex_unlock(&m->lock);
    core_submit(m->core, cmd);
}

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
        submit(m, &cmd);
}

/* --- the loop ---------------------------------------------------------------
 */

/* An unfinished one is not acknowledged, also when the server stops. */
static bool settle(struct mqtt_client *m, time_t seconds)
{
    struct timespec until;
    int e = 0;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    (void)pthread_mutex_lock(&m->lock);
    while (m->open > 0 && e == 0)
        e = pthread_cond_timedwait(&m->settled, &m->lock, &until);
    bool all = m->open == 0;
    (void)pthread_mutex_unlock(&m->lock);
    return all;
}

static void read_burst(struct mqtt_client *m)
{
    for (int i = 0; i < BURST_MAX; i++) {
        struct pollfd p = {mosquitto_socket(m->mosq), POLLIN, 0};

        if (p.fd < 0 || poll(&p, 1, 0) <= 0 ||
            mosquitto_loop_read(m->mosq, 1) != MOSQ_ERR_SUCCESS)
            return;
    }
}

/* Until the next try, or the end. */
static void nap(const struct mqtt_client *m)
{
    struct pollfd wake = {m->wake_fd, POLLIN, 0};
    eventfd_t count;

    (void)poll(&wake, 1, RETRY_MS);
    (void)eventfd_read(m->wake_fd, &count);
}

/* While the database fails nothing is written, not even a ping: the broker then
 * ends the connection, keeps what comes, and tells all of it again. */
static void turn(struct mqtt_client *m)
{
    short want = mosquitto_want_write(m->mosq) ? POLLIN | POLLOUT : POLLIN;
    struct pollfd wake[] = {{mosquitto_socket(m->mosq), want, 0},
                            {m->wake_fd, POLLIN, 0}};
    eventfd_t count;

    (void)poll(wake, 2, TURN_MS);
    (void)eventfd_read(m->wake_fd, &count);
    read_burst(m);
    while (!settle(m, 1))
        if (m->stopping)
            return;
    if (mosquitto_want_write(m->mosq))
        (void)mosquitto_loop_write(m->mosq, 1);
    (void)mosquitto_loop_misc(m->mosq);
}

static void *client_main(void *ctx)
{
    struct mqtt_client *m = ctx;

    while (!m->stopping) {
        if (mosquitto_connect(m->mosq, m->host, m->port, KEEPALIVE_SECONDS) ==
            MOSQ_ERR_SUCCESS)
            while (!m->stopping && mosquitto_socket(m->mosq) >= 0)
                turn(m);
        if (!m->stopping)
            nap(m);
    }
    if (settle(m, STOP_SECONDS) && mosquitto_disconnect(m->mosq) == 0)
        (void)mosquitto_loop_write(m->mosq, 1);
    return NULL;
}

static void locks_init(struct mqtt_client *m)
{
    (void)pthread_mutex_init(&m->lock, NULL);
    (void)pthread_cond_init(&m->settled, NULL);
    m->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

struct mqtt_client *mqtt_client_new(const struct mqtt_config *c,
                                    struct diag *why)
{
    struct mqtt_client *m = calloc(1, sizeof *m);

    if (!m) {
        diag_set(why, "cannot make the MQTT client: out of memory");
        return NULL;
    }
    locks_init(m);
    m->mosq = mosquitto_new(CLIENT_ID, false, m);
    if (!m->mosq || m->wake_fd < 0 ||
        mosquitto_threaded_set(m->mosq, true) != MOSQ_ERR_SUCCESS ||
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
    return m;
}

bool mqtt_client_start(struct mqtt_client *m, struct core *core,
                       struct diag *why)
{
    m->core = core;
    m->started = pthread_create(&m->thread, NULL, client_main, m) == 0;
    if (!m->started)
        diag_set(why, "cannot start the MQTT client: out of threads");
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
    (void)eventfd_write(m->wake_fd, 1);
}

void mqtt_client_stop(struct mqtt_client *m)
{
    if (!m->started)
        return;
    m->started = false;
    m->stopping = true;
    (void)eventfd_write(m->wake_fd, 1);
    (void)pthread_join(m->thread, NULL);
}

void mqtt_client_free(struct mqtt_client *m)
{
    if (!m)
        return;
    if (m->mosq)
        mosquitto_destroy(m->mosq);
    if (m->wake_fd >= 0)
        close(m->wake_fd);
    (void)pthread_mutex_destroy(&m->lock);
    (void)pthread_cond_destroy(&m->settled);
    free(m);
}
