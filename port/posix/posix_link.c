/* posix_link.c - the message link over libmosquitto, without its threads.
 *
 * Start at link_poll(). libmosquitto is driven only when no event waits, so
 * what one turn of it brings always fits the queue; a broker that manages to
 * overflow it loses the connection. Callbacks only take notes: the handle is
 * destroyed nowhere but in drop().
 * Tests: test/unit/port_posix/test_posix_link.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_link.h"

#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "port/posix/posix_clock.h"

_Static_assert((int)POSIX_LINK_EVENTS_MAX - 1 > (int)POSIX_LINK_UNACKED_MAX,
               "one turn of libmosquitto must fit the queue");

static struct posix_link_event *event_add(struct posix_link *l,
                                          enum link_event_type type)
{
    /* One place is kept for LINK_DOWN, so that it always fits. */
    unsigned room = POSIX_LINK_EVENTS_MAX - (type == LINK_DOWN ? 0u : 1u);

    if (l->waiting >= room) {
        l->failed = true;
        return NULL;
    }
    unsigned at = (l->first + l->waiting) % POSIX_LINK_EVENTS_MAX;
    struct posix_link_event *e = &l->events[at];
    memset(e, 0, sizeof *e);
    e->type = type;
    l->waiting++;
    return e;
}

static void message_free(struct mosquitto_message *m)
{
    mosquitto_message_free_contents(m);
    memset(m, 0, sizeof *m);
}

static void events_forget(struct posix_link *l)
{
    for (; l->waiting > 0; l->waiting--) {
        message_free(&l->events[l->first].message);
        l->first = (l->first + 1) % POSIX_LINK_EVENTS_MAX;
    }
}

/* Callbacks of libmosquitto. */

static void on_connect(struct mosquitto *m, void *obj, int code)
{
    struct posix_link *l = obj;
    struct posix_link_event *e;

    (void)m;
    if (code == 0)
        l->state = POSIX_LINK_UP;
    e = event_add(l, code == 0 ? LINK_UP : LINK_REFUSED);
    if (e != NULL)
        e->code = (uint8_t)code;
}

static void on_disconnect(struct mosquitto *m, void *obj, int code)
{
    struct posix_link *l = obj;

    (void)m;
    (void)code;
    l->failed = true;
}

static void on_publish(struct mosquitto *m, void *obj, int mid)
{
    struct posix_link *l = obj;
    struct posix_link_event *e = event_add(l, LINK_SENT);

    (void)m;
    if (l->unacked > 0)
        l->unacked--;
    if (e != NULL)
        e->token = (uint16_t)mid;
}

static void on_message(struct mosquitto *m, void *obj,
                       const struct mosquitto_message *message)
{
    struct posix_link *l = obj;
    struct posix_link_event *e;

    (void)m;
    if (message->payloadlen > POSIX_LINK_PAYLOAD_MAX)
        return;
    e = event_add(l, LINK_MESSAGE);
    if (e == NULL)
        return;
    if (mosquitto_message_copy(&e->message, message) != MOSQ_ERR_SUCCESS) {
        e->type = LINK_NOTHING;
        l->failed = true;
    }
}

/* Opening and closing. */

/* Afterwards nothing is open and nothing is owed but the events that wait. */
static void drop(struct posix_link *l)
{
    if (l->mosq != NULL)
        mosquitto_destroy(l->mosq);
    l->mosq = NULL;
    resolve_stop(&l->resolver);
    l->state = POSIX_LINK_CLOSED;
    l->unacked = 0;
    l->failed = false;
}

static void link_close(void *ctx)
{
    struct posix_link *l = ctx;

    if (l->state == POSIX_LINK_UP)
        (void)mosquitto_disconnect(l->mosq); /* best effort: DISCONNECT */
    drop(l);
    events_forget(l);
    message_free(&l->current);
}

/* A new handle for each connection: what an old one still wanted to repeat is
 * forgotten with it. */
static bool mosq_begin(struct posix_link *l)
{
    l->mosq = mosquitto_new(l->login.client_id, true, l);
    if (l->mosq == NULL)
        return false;
    mosquitto_connect_callback_set(l->mosq, on_connect);
    mosquitto_disconnect_callback_set(l->mosq, on_disconnect);
    mosquitto_publish_callback_set(l->mosq, on_publish);
    mosquitto_message_callback_set(l->mosq, on_message);
    return mosquitto_int_option(l->mosq, MOSQ_OPT_PROTOCOL_VERSION,
                                MQTT_PROTOCOL_V311) == MOSQ_ERR_SUCCESS &&
           mosquitto_int_option(l->mosq, MOSQ_OPT_TCP_NODELAY, 1) ==
               MOSQ_ERR_SUCCESS &&
           mosquitto_username_pw_set(l->mosq, l->login.username,
                                     l->login.password) == MOSQ_ERR_SUCCESS &&
           (l->tls.ctx == NULL ||
            posix_tls_begin(&l->tls, l->mosq, l->login.host) == OTA_OK);
}

static ota_err link_open(void *ctx, const struct link_login *login)
{
    struct posix_link *l = ctx;

    link_close(l);
    l->login = *login;
    l->why = NULL;
    l->address = 0;
    l->deadline_ms = posix_monotonic_ms() + l->connect_ms;
    ota_err e = resolve_start(&l->resolver, login->host, login->port);
    if (e != OTA_OK)
        return e;
    if (!mosq_begin(l)) {
        drop(l);
        return OTA_ERR_IO;
    }
    l->state = POSIX_LINK_RESOLVING;
    return OTA_OK;
}

/* Begin to connect to the first address, from l->address on, that does not
 * refuse at once. libmosquitto gets digits, which it resolves without
 * waiting. */
static void connect_begin(struct posix_link *l)
{
    for (; l->address < l->resolver.count; l->address++) {
        const struct resolve_address *a = &l->resolver.address[l->address];
        char digits[NI_MAXHOST];
        if (getnameinfo((const struct sockaddr *)&a->sa, a->len, digits,
                        sizeof digits, NULL, 0, NI_NUMERICHOST) != 0)
            continue;
        if (mosquitto_connect_async(l->mosq, digits, l->login.port,
                                    l->login.keep_alive_s) ==
            MOSQ_ERR_SUCCESS) {
            l->state = POSIX_LINK_CONNECTING;
            l->failed = false;
            return;
        }
    }
    l->failed = true;
}

static void resolve_check(struct posix_link *l)
{
    ota_err e = resolve_poll(&l->resolver);

    if (e == OTA_OK)
        connect_begin(l);
    else if (e != OTA_ERR_AGAIN)
        l->failed = true;
}

static bool said_no(const struct posix_link *l)
{
    return l->waiting > 0 && l->events[l->first].type == LINK_REFUSED;
}

static const char *why_failed(const struct posix_link *l, bool late)
{
    const char *why = posix_tls_why(&l->tls, late);

    if (why != NULL)
        return why;
    if (l->state == POSIX_LINK_UP)
        return "the connection to the broker was lost";
    if (l->state == POSIX_LINK_RESOLVING)
        return "the broker's name does not resolve";
    return late ? "the broker did not answer in time"
                : "the broker cannot be reached";
}

/* Move on as far as it goes without waiting. */
static void progress(struct posix_link *l)
{
    if (l->state == POSIX_LINK_RESOLVING)
        resolve_check(l);
    else if (mosquitto_loop(l->mosq, 0, 1) != MOSQ_ERR_SUCCESS)
        l->failed = true;

    bool late =
        l->state != POSIX_LINK_UP && posix_monotonic_ms() >= l->deadline_ms;

    if (l->failed || late)
        l->why = why_failed(l, late);
    if (l->failed && l->state == POSIX_LINK_CONNECTING && !said_no(l)) {
        l->address++;
        connect_begin(l);
    }
    if (!l->failed && !late)
        return;
    drop(l);
    if (!said_no(l)) /* a refusal is the end by itself */
        (void)event_add(l, LINK_DOWN);
}

static struct link_event event_take(struct posix_link *l)
{
    const struct posix_link_event *e = &l->events[l->first];

    if (l->waiting == 0)
        return (struct link_event){.type = LINK_NOTHING};
    l->first = (l->first + 1) % POSIX_LINK_EVENTS_MAX;
    l->waiting--;
    l->current = e->message; /* owned until the next poll */
    return (struct link_event){
        .type = e->type,
        .code = e->code,
        .token = e->token,
        .why = e->type == LINK_DOWN ? l->why : NULL,
        .topic = l->current.topic,
        .payload = l->current.payload,
        .payload_len = (size_t)l->current.payloadlen,
    };
}

static struct link_event link_poll(void *ctx)
{
    struct posix_link *l = ctx;

    message_free(&l->current);
    if (l->waiting == 0 && l->state != POSIX_LINK_CLOSED)
        progress(l);
    return event_take(l);
}

static ota_err link_publish(void *ctx, const char *topic, const void *payload,
                            size_t len, uint16_t *token)
{
    struct posix_link *l = ctx;
    int mid = 0;

    if (l->state != POSIX_LINK_UP || l->failed)
        return OTA_ERR_CLOSED;
    if (len > POSIX_LINK_PAYLOAD_MAX)
        return OTA_ERR_RANGE;
    if (l->unacked == POSIX_LINK_UNACKED_MAX)
        return OTA_ERR_AGAIN;
    int rc =
        mosquitto_publish(l->mosq, &mid, topic, (int)len, payload, 1, false);
    if (rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_MALFORMED_UTF8)
        return OTA_ERR_RANGE;
    if (rc != MOSQ_ERR_SUCCESS) {
        l->failed = true; /* part of a packet may be out: nothing can follow */
        return OTA_ERR_CLOSED;
    }
    l->unacked++;
    *token = (uint16_t)mid;
    return OTA_OK;
}

ota_err posix_link_secure(struct posix_link *l, const uint8_t *ca,
                          size_t ca_len)
{
    return posix_tls_init(&l->tls, ca, ca_len);
}

ota_err posix_link_init(struct posix_link *l)
{
    if (mosquitto_lib_init() != MOSQ_ERR_SUCCESS)
        return OTA_ERR_IO;
    memset(l, 0, sizeof *l);
    resolve_init(&l->resolver);
    l->connect_ms = POSIX_LINK_CONNECT_MS;
    l->port = (struct port_link){
        .ctx = l,
        .open = link_open,
        .publish = link_publish,
        .poll = link_poll,
        .close = link_close,
    };
    return OTA_OK;
}

void posix_link_end(struct posix_link *l)
{
    link_close(l);
    posix_tls_end(&l->tls);
    (void)mosquitto_lib_cleanup();
}
