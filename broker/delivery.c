/* delivery.c - from the server to one device, over the connection it means.
 *
 * Start at delivery_take(). The device need not have subscribed: the broker is
 * told the clientId, and its rule for subscribers is never asked. So what a
 * subscription would have seen to is done here: QoS at most 1 (Link SDK drops
 * the connection at 2), and never retained.
 *
 * Tests: test/system/test_broker*.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/delivery.h"

#include <inttypes.h>
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/acl.h"

struct delivery {
    struct delivery *next;
    char *topic;   /* the device's */
    void *payload; /* the broker's allocation */
    int payload_bytes;
    int qos;
    char epoch[IDENTITY_EPOCH_MAX];
    struct push_number number;
};

static void delivery_free(struct delivery *d)
{
    if (d == NULL)
        return;
    free(d->topic);
    mosquitto_free(d->payload);
    free(d);
}

/* ;{task}-{push}, or nothing */
static bool number_parse(struct push_number *n, const char *text, size_t len)
{
    char digits[48];
    int end = 0;

    if (len == 0)
        return true;
    (void)snprintf(digits, sizeof digits, "%.*s", (int)len, text);
    return len < sizeof digits &&
           sscanf(digits, ";%" SCNu32 "-%" SCNu32 "%n", &n->task, &n->push,
                  &end) == 2 &&
           (size_t)end == len;
}

/* {epoch}[;{task}-{push}]/{topic without its first slash} */
static bool address_parse(struct delivery *d, const char *rest)
{
    const char *slash = strchr(rest, '/');
    size_t len = strcspn(rest, ";/");

    if (slash == NULL || len == 0 || len >= sizeof d->epoch ||
        !number_parse(&d->number, rest + len, (size_t)(slash - rest) - len))
        return false;
    memcpy(d->epoch, rest, len);
    d->epoch[len] = '\0';
    d->topic = strdup(slash);
    return d->topic != NULL;
}

static bool payload_copy(struct delivery *d,
                         const struct mosquitto_evt_message *m)
{
    d->payload = mosquitto_malloc((size_t)m->payloadlen + 1);
    if (d->payload == NULL)
        return false;
    if (m->payloadlen > 0)
        memcpy(d->payload, m->payload, m->payloadlen);
    d->payload_bytes = (int)m->payloadlen;
    d->qos = m->qos > 1 ? 1 : m->qos;
    return true;
}

/* The session that has the epoch and owns the topic, or NULL. */
static struct session *addressee(const struct sessions *s,
                                 const struct delivery *d)
{
    struct identity_topic t = identity_topic_parse(d->topic);
    struct session *to =
        t.kind != TOPIC_OTHER
            ? sessions_by_device(s, t.product_key, t.device_name)
            : NULL;

    return to != NULL && strcmp(to->epoch, d->epoch) == 0 ? to : NULL;
}

void delivery_take(struct delivery_queue *q, const struct sessions *s,
                   const struct mosquitto_evt_message *m)
{
    struct delivery *d = calloc(1, sizeof *d);

    if (d == NULL || !address_parse(d, m->topic + strlen(ACL_TOPIC_DOWN)) ||
        !payload_copy(d, m) || addressee(s, d) == NULL) {
        mosquitto_log_printf(
            MOSQ_LOG_NOTICE,
            "tern: dropped %s: no device is connected with that epoch",
            m->topic);
        delivery_free(d);
        return;
    }
    if (q->last != NULL)
        q->last->next = d;
    else
        q->first = d;
    q->last = d;
}

/* Numbers grow: what is not greater than the last one got there before. */
static bool is_repeated(const struct push_number *n,
                        const struct push_number *last)
{
    if (n->task == 0)
        return false;
    return n->task != last->task ? n->task < last->task : n->push <= last->push;
}

static void delivery_send(struct delivery *d, struct session *to)
{
    int rc = mosquitto_broker_publish(to->client_id, d->topic, d->payload_bytes,
                                      d->payload, d->qos, false, NULL);
    if (rc != MOSQ_ERR_SUCCESS) {
        mosquitto_log_printf(MOSQ_LOG_ERR, "tern: cannot send %s: %s", d->topic,
                             mosquitto_strerror(rc));
        return;
    }
    d->payload = NULL; /* the broker frees it now */
    if (d->number.task != 0)
        to->pushed = d->number;
}

static struct delivery *take_first(struct delivery_queue *q)
{
    struct delivery *d = q->first;

    if (d != NULL)
        q->first = d->next;
    if (q->first == NULL)
        q->last = NULL;
    return d;
}

void delivery_flush(struct delivery_queue *q, const struct sessions *s)
{
    struct delivery *d;

    while ((d = take_first(q)) != NULL) {
        struct session *to = addressee(s, d);
        if (to != NULL && !is_repeated(&d->number, &to->pushed))
            delivery_send(d, to);
        delivery_free(d);
    }
}

void delivery_drop_all(struct delivery_queue *q)
{
    struct delivery *d;

    while ((d = take_first(q)) != NULL)
        delivery_free(d);
}
