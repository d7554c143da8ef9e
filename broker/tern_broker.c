/* tern_broker.c - the Mosquitto plugin: start here.
 *
 * Mosquitto calls one function per event; each is a line or two below and
 * goes on in the file of its subject:
 *
 *   BASIC_AUTH, DISCONNECT  auth.c      who may connect; one connection each
 *   ACL_CHECK               acl.c       who may use which topic
 *   MESSAGE                 delivery.c  from the server to a device
 *                           presence.c  sync; who is connected
 *   TICK                    keys.c      what is new in the keys file
 *   RELOAD                  (SIGHUP)
 *
 * The mosquitto.conf it needs is mosquitto.conf.example. Nothing here blocks:
 * the broker has one thread. Tests: test/unit/broker,
 * test/system/test_broker.py
 *
 * Source: spec/device-protocol.md sections 1, 2 and 9; Mosquitto 2.0.11.
 *
 * SPDX-License-Identifier: MIT
 */
#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "broker/acl.h"
#include "broker/auth.h"
#include "broker/delivery.h"
#include "broker/options.h"
#include "broker/plugin.h"
#include "broker/presence.h"

enum {
    PLUGIN_INTERFACE = 5,
    KEYS_POLL_MS = 20, /* TICK comes every 100 ms, under load more often */
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- Devices that may no longer be connected --- */

struct doomed {
    const struct plugin *p;
    const struct session **list;
    size_t count, room;
};

static bool doomed_add(struct doomed *d, const struct session *session)
{
    if (d->count == d->room) {
        size_t room = d->room * 2 + 16;
        const struct session **list =
            reallocarray(d->list, room, sizeof(struct session *));
        if (list == NULL)
            return false;
        d->list = list;
        d->room = room;
    }
    d->list[d->count++] = session;
    return true;
}

static void doomed_find(void *ctx, const struct session *session)
{
    struct doomed *d = ctx;

    if (keys_secret(d->p->keys, session->product_key, session->device_name) ==
            NULL &&
        !doomed_add(d, session))
        log_error("out of memory: a disabled device stays connected");
}

static void kick_revoked(struct plugin *p)
{
    struct doomed d = {.p = p};

    sessions_each(&p->sessions, doomed_find, &d);
    for (size_t i = 0; i < d.count; i++) {
        const char *id = d.list[i]->client_id;
        mosquitto_log_printf(MOSQ_LOG_NOTICE,
                             "tern: closing the connection of '%.200s': the "
                             "device was disabled",
                             id);
        auth_kick(d.list[i]);
    }
    free(d.list);
}

void plugin_keys_poll(struct plugin *p)
{
    p->keys_polled_ms = monotonic_ms();
    if (keys_poll(p->keys))
        kick_revoked(p);
}

/* --- Events --- */

static int on_basic_auth(int event, void *data, void *userdata)
{
    (void)event;
    return auth_connect(userdata, data);
}

static int on_disconnect(int event, void *data, void *userdata)
{
    const struct mosquitto_evt_disconnect *d = data;

    (void)event;
    auth_disconnect(userdata, d->client);
    return MOSQ_ERR_SUCCESS;
}

static enum acl_access access_of(int mosquitto_access)
{
    switch (mosquitto_access) {
    case MOSQ_ACL_READ:
        return ACL_READ;
    case MOSQ_ACL_SUBSCRIBE:
        return ACL_SUBSCRIBE;
    case MOSQ_ACL_UNSUBSCRIBE:
        return ACL_UNSUBSCRIBE;
    default:
        return ACL_WRITE;
    }
}

static void log_denial(struct plugin *p,
                       const struct mosquitto_evt_acl_check *a)
{
    const char *id = mosquitto_client_id(a->client);

    if (a->access == MOSQ_ACL_READ || !report_allowed(&p->denied, time(NULL)))
        return;
    mosquitto_log_printf(
        MOSQ_LOG_NOTICE, "tern: denied '%.200s' to %s %.200s",
        id != NULL ? id : "",
        a->access == MOSQ_ACL_WRITE ? "publish on" : "subscribe to", a->topic);
}

/* The broker asks this for a will, too, but never shows it as a MESSAGE. Wills
 * are not part of the protocol. That of a device that has gone is dropped as
 * it has no session any more; one that the broker sends as it stops itself is
 * at least never kept for later: nothing that is retained reaches anybody. */
static bool access_allowed(const struct plugin *p,
                           const struct mosquitto_evt_acl_check *a)
{
    struct acl_client who = acl_client_of(mosquitto_client_username(a->client));

    if (a->access == MOSQ_ACL_READ && a->retain)
        return false;
    if (a->access == MOSQ_ACL_WRITE && who.kind == ACL_DEVICE &&
        sessions_by_client(&p->sessions, a->client) == NULL)
        return false;
    return acl_allows(&who, access_of(a->access), a->topic);
}

static int on_acl_check(int event, void *data, void *userdata)
{
    struct plugin *p = userdata;
    const struct mosquitto_evt_acl_check *a = data;

    (void)event;
    if (access_allowed(p, a))
        return MOSQ_ERR_SUCCESS;
    log_denial(p, a);
    return MOSQ_ERR_ACL_DENIED;
}

/* Link SDK says everything with QoS 0, which the broker forgets once it is on
 * its way to the server. What decides a task goes on as a message of the
 * broker's own, with QoS 1: to raise that of the original would send the device
 * a PUBACK for nothing. A question goes the same way, so that it does not
 * overtake the inform before it, but keeps QoS 0: answered twice, it would be a
 * second push. */
static bool pass_on_surely(const struct mosquitto_evt_message *m,
                           enum identity_topic_kind kind)
{
    int qos = kind == TOPIC_FIRMWARE_GET ? 0 : 1;

    return m->qos == 0 && mosquitto_broker_publish_copy(
                              NULL, m->topic, (int)m->payloadlen, m->payload,
                              qos, false, NULL) == MOSQ_ERR_SUCCESS;
}

static bool decides_a_task(enum identity_topic_kind kind)
{
    return kind == TOPIC_INFORM || kind == TOPIC_PROGRESS ||
           kind == TOPIC_FIRMWARE_GET;
}

static int device_said(struct plugin *p, struct mosquitto_evt_message *m)
{
    struct session *session = sessions_by_client(&p->sessions, m->client);
    enum identity_topic_kind kind = identity_topic_parse(m->topic).kind;

    m->retain = false;
    if (session == NULL || !decides_a_task(kind))
        return MOSQ_ERR_SUCCESS;
    if (kind == TOPIC_INFORM &&
        !session_keep_inform(session, m->topic, m->payload, m->payloadlen))
        log_error("out of memory: an inform will be missing in a sync");
    return pass_on_surely(m, kind) ? MOSQ_ERR_ACL_DENIED : MOSQ_ERR_SUCCESS;
}

/* A push ends here: DENIED keeps the broker from routing it, and the server
 * still gets its PUBACK. A sync goes back to the server, which is the only one
 * that may read it: it stands before every answer and behind whatever was
 * queued, so the server can tell old presence from new. */
static int on_message(int event, void *data, void *userdata)
{
    struct plugin *p = userdata;
    struct mosquitto_evt_message *m = data;
    struct acl_client who = acl_client_of(mosquitto_client_username(m->client));

    (void)event;
    if (who.kind != ACL_SERVICE)
        return device_said(p, m);
    if (strcmp(m->topic, ACL_TOPIC_SYNC) == 0) {
        presence_sync(&p->sessions);
        return MOSQ_ERR_SUCCESS;
    }
    delivery_take(&p->deliveries, &p->sessions, m);
    return MOSQ_ERR_ACL_DENIED;
}

static void log_held(struct report_limit *l, const char *what)
{
    unsigned held = report_held(l, time(NULL));

    if (held > 0)
        mosquitto_log_printf(MOSQ_LOG_NOTICE, "tern: and %u more %s", held,
                             what);
}

static int on_tick(int event, void *data, void *userdata)
{
    struct plugin *p = userdata;

    (void)event;
    (void)data;
    p->reloading = false;
    if (monotonic_ms() - p->keys_polled_ms >= KEYS_POLL_MS)
        plugin_keys_poll(p);
    delivery_flush(&p->deliveries, &p->sessions);
    log_held(&p->refused, "refused logins");
    log_held(&p->denied, "denied topics");
    return MOSQ_ERR_SUCCESS;
}

static int on_reload(int event, void *data, void *userdata)
{
    struct plugin *p = userdata;

    (void)event;
    (void)data;
    p->reloading = true;
    return MOSQ_ERR_SUCCESS;
}

static const struct {
    int event;
    MOSQ_FUNC_generic_callback call;
} CALLBACKS[] = {
    {MOSQ_EVT_BASIC_AUTH, on_basic_auth},
    {MOSQ_EVT_DISCONNECT, on_disconnect},
    {MOSQ_EVT_ACL_CHECK, on_acl_check},
    {MOSQ_EVT_MESSAGE, on_message},
    {MOSQ_EVT_TICK, on_tick},
    {MOSQ_EVT_RELOAD, on_reload},
};

enum { CALLBACK_COUNT = sizeof CALLBACKS / sizeof CALLBACKS[0] };

static bool callbacks_register(struct plugin *p)
{
    for (size_t i = 0; i < CALLBACK_COUNT; i++)
        if (mosquitto_callback_register(p->id, CALLBACKS[i].event,
                                        CALLBACKS[i].call, NULL,
                                        p) != MOSQ_ERR_SUCCESS)
            return false;
    return true;
}

static void callbacks_unregister(const struct plugin *p)
{
    for (size_t i = 0; i < CALLBACK_COUNT; i++)
        (void)mosquitto_callback_unregister(p->id, CALLBACKS[i].event,
                                            CALLBACKS[i].call, NULL);
}

/* --- Start and end --- */

static bool plugin_open(struct plugin *p, const struct options *o)
{
    uint32_t start;

    if (getrandom(&start, sizeof start, 0) != (ssize_t)sizeof start) {
        log_error("no random number from the system");
        return false;
    }
    sessions_begin(&p->sessions, start);
    if (!options_secret_read(p->service_secret, o->service_secret_file))
        return false;
    p->keys = keys_open(o->keys_file, log_error);
    return p->keys != NULL;
}

static void plugin_close(struct plugin *p)
{
    callbacks_unregister(p);
    delivery_drop_all(&p->deliveries);
    sessions_end(&p->sessions);
    keys_close(p->keys);
    explicit_bzero(p->service_secret, sizeof p->service_secret);
    free(p);
}

int mosquitto_plugin_version(int count, const int *versions)
{
    for (int i = 0; i < count; i++)
        if (versions[i] == PLUGIN_INTERFACE)
            return PLUGIN_INTERFACE;
    return -1;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **userdata,
                          struct mosquitto_opt *options, int option_count)
{
    struct options o;
    struct plugin *p = calloc(1, sizeof *p);

    if (p == NULL)
        return MOSQ_ERR_NOMEM;
    p->id = id;
    if (!options_read(&o, options, option_count) || !plugin_open(p, &o) ||
        !callbacks_register(p)) {
        plugin_close(p);
        return MOSQ_ERR_INVAL;
    }
    *userdata = p;
    return MOSQ_ERR_SUCCESS;
}

int mosquitto_plugin_cleanup(void *userdata, struct mosquitto_opt *options,
                             int option_count)
{
    (void)options;
    (void)option_count;
    plugin_close(userdata);
    return MOSQ_ERR_SUCCESS;
}
