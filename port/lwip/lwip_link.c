/* lwip_link.c - the message link over lwIP's MQTT client.
 *
 * Start at link_poll(). The client's callbacks only take notes; it is closed
 * nowhere but in drop(). What it does wrong and how that is kept from doing
 * harm: mqtt_stream.h for what comes in, ring_free() for what goes out, and
 * a PUBACK that never comes ends the connection, as port_link promises.
 * Tests: test/unit/port_lwip/test_lwip_link.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/lwip_link.h"

#include <lwip/altcp.h>
#include <string.h>

enum {
    QOS_1 = 1,
    PUBLISH_OVERHEAD = 1 + 4 + 2 + 2, /* header, topic's length, identifier */
    /* lwIP takes a ring that is full to its last byte for an empty one. It
     * answers each packet with up to 4 bytes and pings: with so much left when
     * one is let in, that place never fills. */
    RING_RESERVE = 64,
};

static uint16_t ring_free(const struct lwip_link *l)
{
    const struct mqtt_ringbuf_t *r = &l->mqtt.output;
    unsigned used =
        r->put >= r->get
            ? (unsigned)(r->put - r->get)
            : (unsigned)(MQTT_OUTPUT_RINGBUF_SIZE - r->get + r->put);

    return (uint16_t)(MQTT_OUTPUT_RINGBUF_SIZE - used);
}

static void lose(struct lwip_link *l, const char *why)
{
    if (l->state == LWIP_LINK_CLOSED || l->state == LWIP_LINK_LOST)
        return;
    l->state = LWIP_LINK_LOST;
    l->why = why;
}

/* --- callbacks of lwIP's client --------------------------------------------
 */

static const char *why_ended(const struct lwip_link *l,
                             mqtt_connection_status_t status)
{
    if (l->stream.refused != NULL)
        return l->stream.refused;
    if (status == MQTT_CONNECT_TIMEOUT)
        return "the broker is silent";
    return l->state == LWIP_LINK_UP ? "the connection to the broker was lost"
                                    : "the broker cannot be reached";
}

static void on_status(mqtt_client_t *client, void *arg,
                      mqtt_connection_status_t status)
{
    struct lwip_link *l = arg;

    (void)client;
    if (status == MQTT_CONNECT_ACCEPTED) {
        l->state = LWIP_LINK_UP;
        l->up_untold = true;
        return;
    }
    if (status > MQTT_CONNECT_ACCEPTED && status < MQTT_CONNECT_DISCONNECTED) {
        l->refusal = (uint8_t)status;
        lose(l, "the broker refused the login");
        return;
    }
    lose(l, why_ended(l, status));
}

static void on_sent(void *arg, err_t err)
{
    struct lwip_link_sent *s = arg;

    if (err == ERR_OK)
        s->done = true;
    else
        lose(s->link, "the broker did not acknowledge a publication");
}

static void on_message(void *arg, const char *topic, u32_t payload_len)
{
    struct lwip_link *l = arg;
    size_t len = strlen(topic);

    l->payload_len = 0;
    l->too_long = payload_len > sizeof l->payload || len >= sizeof l->topic;
    if (!l->too_long)
        memcpy(l->topic, topic, len + 1);
}

static void on_payload(void *arg, const u8_t *data, u16_t len, u8_t flags)
{
    struct lwip_link *l = arg;

    if (len > sizeof l->payload - l->payload_len)
        l->too_long = true;
    if (l->too_long)
        return;
    memcpy(l->payload + l->payload_len, data, len);
    l->payload_len += len;
    l->whole = (flags & MQTT_DATA_FLAG_LAST) != 0;
}

static bool may_go_on(void *ctx)
{
    const struct lwip_link *l = ctx;

    return !l->whole && ring_free(l) >= RING_RESERVE;
}

/* --- opening and closing ---------------------------------------------------
 */

/* Afterwards there is no connection. */
static void drop(struct lwip_link *l)
{
    mqtt_disconnect(&l->mqtt);
    lwip_name_stop(&l->name);
}

/* lwIP's client closes without a word; a broker would take that for a loss.
 * Only between two packets, and if TCP has room: it is a courtesy. */
static void say_goodbye(struct lwip_link *l)
{
    static const uint8_t DISCONNECT[] = {0xE0, 0};

    if (l->state == LWIP_LINK_UP && l->mqtt.conn != NULL &&
        ring_free(l) == MQTT_OUTPUT_RINGBUF_SIZE &&
        altcp_write(l->mqtt.conn, DISCONNECT, sizeof DISCONNECT,
                    TCP_WRITE_FLAG_COPY) == ERR_OK)
        (void)altcp_output(l->mqtt.conn);
}

static void link_close(void *ctx)
{
    struct lwip_link *l = ctx;

    say_goodbye(l);
    drop(l);
    memset(l->sent, 0, sizeof l->sent);
    l->state = LWIP_LINK_CLOSED;
    l->refusal = 0;
    l->up_untold = false;
    l->whole = false;
    l->told = false;
}

static ota_err link_open(void *ctx, const struct link_login *login)
{
    struct lwip_link *l = ctx;

    link_close(l);
    l->login = *login;
    l->opened_ms = l->clock->now_ms(l->clock->ctx);
    ota_err e = lwip_name_ask(&l->name, login->host);
    if (e == OTA_OK)
        l->state = LWIP_LINK_RESOLVING;
    return e;
}

static void connect_begin(struct lwip_link *l)
{
    const struct mqtt_connect_client_info_t info = {
        .client_id = l->login.client_id,
        .client_user = l->login.username,
        .client_pass = l->login.password,
        .keep_alive = l->login.keep_alive_s,
        .tls_config = &l->stream.config,
    };

    l->state = LWIP_LINK_CONNECTING;
    if (mqtt_client_connect(&l->mqtt, &l->name.address, l->login.port,
                            on_status, l, &info) != ERR_OK) {
        lose(l, "no memory for a connection, or a login that is too long");
        return;
    }
    mqtt_set_inpub_callback(&l->mqtt, on_message, on_payload, l);
}

/* --- polling ---------------------------------------------------------------
 */

static void progress(struct lwip_link *l)
{
    if (l->state == LWIP_LINK_RESOLVING) {
        ota_err e = lwip_name_poll(&l->name);
        if (e == OTA_OK)
            connect_begin(l);
        else if (e != OTA_ERR_AGAIN)
            lose(l, "the broker's name does not resolve");
    }
    if ((l->state == LWIP_LINK_RESOLVING || l->state == LWIP_LINK_CONNECTING) &&
        l->clock->now_ms(l->clock->ctx) - l->opened_ms >= LWIP_LINK_CONNECT_MS)
        lose(l, "the broker did not answer in time");
    mqtt_stream_pump(&l->stream);
    if (l->state == LWIP_LINK_LOST)
        drop(l);
}

/* LINK_SENT for one that is acknowledged, or nothing. */
static struct link_event sent_take(struct lwip_link *l)
{
    for (unsigned i = 0; i < LWIP_LINK_SENT_MAX; i++) {
        struct lwip_link_sent *s = &l->sent[i];
        if (!s->done)
            continue;
        struct link_event e = {.type = LINK_SENT, .token = s->token};
        memset(s, 0, sizeof *s);
        return e;
    }
    return (struct link_event){.type = LINK_NOTHING};
}

static struct link_event message_take(struct lwip_link *l)
{
    l->told = true;
    return (struct link_event){
        .type = LINK_MESSAGE,
        .topic = l->topic,
        .payload = l->payload,
        .payload_len = l->payload_len,
    };
}

static struct link_event loss_take(struct lwip_link *l)
{
    struct link_event e = {
        .type = l->refusal != 0 ? LINK_REFUSED : LINK_DOWN,
        .code = l->refusal,
    };

    link_close(l);
    return e;
}

static struct link_event link_poll(void *ctx)
{
    struct lwip_link *l = ctx;
    struct link_event e;

    if (l->told) { /* the caller is done with the message */
        l->told = false;
        l->whole = false;
    }
    progress(l);
    if (l->up_untold) {
        l->up_untold = false;
        return (struct link_event){.type = LINK_UP};
    }
    e = sent_take(l);
    if (e.type != LINK_NOTHING)
        return e;
    if (l->whole)
        return message_take(l);
    if (l->state == LWIP_LINK_LOST)
        return loss_take(l);
    return e;
}

/* --- publishing ------------------------------------------------------------
 */

static struct lwip_link_sent *sent_free(struct lwip_link *l)
{
    for (unsigned i = 0; i < LWIP_LINK_SENT_MAX; i++)
        if (l->sent[i].token == 0)
            return &l->sent[i];
    return NULL;
}

static uint16_t token_next(struct lwip_link *l)
{
    if (++l->next_token == 0)
        l->next_token = 1;
    return l->next_token;
}

static ota_err link_publish(void *ctx, const char *topic, const void *payload,
                            size_t len, uint16_t *token)
{
    struct lwip_link *l = ctx;
    struct lwip_link_sent *s = sent_free(l);
    size_t all = len + strlen(topic) + PUBLISH_OVERHEAD + RING_RESERVE;

    if (l->state != LWIP_LINK_UP)
        return OTA_ERR_CLOSED;
    if (len > MQTT_OUTPUT_RINGBUF_SIZE || all > MQTT_OUTPUT_RINGBUF_SIZE)
        return OTA_ERR_RANGE;
    if (s == NULL || all > ring_free(l))
        return OTA_ERR_AGAIN;
    *s = (struct lwip_link_sent){.link = l, .token = token_next(l)};
    if (mqtt_publish(&l->mqtt, topic, payload, (u16_t)len, QOS_1, 0, on_sent,
                     s) != ERR_OK) {
        memset(s, 0, sizeof *s);
        return OTA_ERR_AGAIN;
    }
    *token = s->token;
    return OTA_OK;
}

const char *lwip_link_why(const struct lwip_link *l)
{
    return l->why;
}

void lwip_link_init(struct lwip_link *l, const struct port_clock *clock)
{
    memset(l, 0, sizeof *l);
    l->clock = clock;
    l->why = "not connected yet";
    lwip_name_stop(&l->name);
    mqtt_stream_init(&l->stream, may_go_on, l);
    l->port = (struct port_link){
        .ctx = l,
        .open = link_open,
        .publish = link_publish,
        .poll = link_poll,
        .close = link_close,
    };
}
