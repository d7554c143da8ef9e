/* mqtt_stream.c - see mqtt_stream.h. Start at mqtt_stream_pump().
 *
 * lwIP's rule for layers: the client may close the connection in any of its
 * callbacks, and then this layer and the one below are gone. After each call
 * up, s->outer says whether we are still there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/mqtt_stream.h"

#include <lwip/altcp_tcp.h>
#include <lwip/priv/altcp_priv.h>
#include <string.h>

enum {
    CONNACK = 2,
    PUBLISH = 3,
    PUBACK = 4,
    PUBREC = 5,
    PUBREL = 6,
    PINGRESP = 13,
    HEADER_BYTES_MAX = 5,
    PUBLISH_BYTES_MIN = 2, /* the topic's length */
};

/* --- packets ---------------------------------------------------------------
 */

static bool length_is_right(unsigned type, uint32_t rest)
{
    switch (type) {
    case CONNACK:
    case PUBACK:
    case PUBREC:
    case PUBREL:
        return rest == 2;
    case PINGRESP:
        return rest == 0;
    default:
        return rest >= PUBLISH_BYTES_MIN;
    }
}

/* Why the packet whose fixed header is there cannot be; NULL: it can. */
static const char *packet_fault(const struct mqtt_stream *s)
{
    unsigned type = s->piece[0] >> 4;

    if (type < CONNACK || (type > PUBREL && type != PINGRESP))
        return "the broker sent a packet that no broker sends";
    if (type == CONNACK && s->acknowledged)
        return "the broker accepted the connection twice";
    if (type != CONNACK && !s->acknowledged)
        return "the peer's first packet is no CONNACK: is it a broker?";
    if (type == PUBLISH && (s->piece[0] & 6) == 6)
        return "the broker sent a message with QoS 3";
    if (!length_is_right(type, s->rest))
        return "the broker sent a packet of a wrong length";
    return NULL;
}

/* One more byte of the fixed header. */
static void header_take(struct mqtt_stream *s, uint8_t byte)
{
    s->piece[s->piece_bytes++] = byte;
    if (s->piece_bytes == 1)
        return;
    s->rest |= (uint32_t)(byte & 0x7F) << 7 * (s->piece_bytes - 2);
    if (byte & 0x80) {
        if (s->piece_bytes == HEADER_BYTES_MAX)
            s->refused = "the broker sent a length of more than four bytes";
        return;
    }
    s->header_bytes = s->piece_bytes;
    s->refused = packet_fault(s);
    s->acknowledged = true; /* or refused */
}

/* --- upwards ---------------------------------------------------------------
 */

static void packet_forget(struct mqtt_stream *s)
{
    s->rest = 0;
    s->header_bytes = 0;
    s->piece_bytes = 0;
}

static bool piece_is_due(const struct mqtt_stream *s)
{
    return s->header_bytes > 0 &&
           (s->rest == 0 || s->piece_bytes == sizeof s->piece);
}

/* The first piece has the header; the client puts it before the others. False:
 * no memory now. */
static bool piece_give(struct mqtt_stream *s, uint16_t from)
{
    struct altcp_pcb *outer = s->outer;
    struct pbuf *p = pbuf_alloc_reference(
        s->piece + from, (u16_t)(s->piece_bytes - from), PBUF_REF);

    if (p == NULL)
        return false;
    s->piece_bytes = s->header_bytes;
    s->given = true;
    if (s->rest == 0)
        packet_forget(s);
    if (outer->recv == NULL)
        pbuf_free(p);
    else
        (void)outer->recv(outer->arg, outer, p, ERR_OK);
    return true;
}

static void say_closed(struct mqtt_stream *s)
{
    struct altcp_pcb *outer = s->outer;

    s->ended = false;
    if (outer->recv != NULL)
        (void)outer->recv(outer->arg, outer, NULL, ERR_OK);
}

/* Move bytes from `unread` to the piece. */
static void piece_fill(struct mqtt_stream *s)
{
    uint16_t count = 1;

    if (s->header_bytes == 0) {
        header_take(s, pbuf_get_at(s->unread, 0));
    } else {
        uint32_t room = sizeof s->piece - s->piece_bytes;
        uint32_t most = s->rest < room ? s->rest : room;
        count = s->unread->tot_len < most ? s->unread->tot_len : (uint16_t)most;
        (void)pbuf_copy_partial(s->unread, s->piece + s->piece_bytes, count, 0);
        s->piece_bytes = (uint16_t)(s->piece_bytes + count);
        s->rest -= count;
    }
    s->unread = pbuf_free_header(s->unread, count);
    altcp_recved(s->outer->inner_conn, count);
}

/* False: nothing can move now. */
static bool step(struct mqtt_stream *s)
{
    if (s->refused != NULL) {
        say_closed(s);
        return false;
    }
    if (piece_is_due(s))
        return piece_give(s, s->given ? s->header_bytes : 0);
    if (s->unread == NULL && s->ended) {
        say_closed(s);
        return false;
    }
    if (s->piece_bytes == 0) {
        s->given = false;
        if (s->may_go_on != NULL && !s->may_go_on(s->ctx))
            return false;
    }
    if (s->unread == NULL)
        return false;
    piece_fill(s);
    return true;
}

void mqtt_stream_pump(struct mqtt_stream *s)
{
    while (s->outer != NULL && step(s)) {
    }
}

/* --- from below ------------------------------------------------------------
 */

static err_t lower_connected(void *arg, struct altcp_pcb *inner, err_t err)
{
    struct altcp_pcb *conn = arg;

    (void)inner;
    return (err_t)(conn->connected != NULL
                       ? conn->connected(conn->arg, conn, err)
                       : ERR_OK);
}

static err_t lower_recv(void *arg, struct altcp_pcb *inner, struct pbuf *p,
                        err_t err)
{
    struct altcp_pcb *conn = arg;
    struct mqtt_stream *s = conn->state;

    (void)inner;
    (void)err;
    if (p == NULL)
        s->ended = true;
    else if (s->unread == NULL)
        s->unread = p;
    else
        pbuf_cat(s->unread, p);
    mqtt_stream_pump(s);
    return ERR_OK;
}

static err_t lower_sent(void *arg, struct altcp_pcb *inner, u16_t len)
{
    struct altcp_pcb *conn = arg;

    (void)inner;
    return (err_t)(conn->sent != NULL ? conn->sent(conn->arg, conn, len)
                                      : ERR_OK);
}

static err_t lower_poll(void *arg, struct altcp_pcb *inner)
{
    struct altcp_pcb *conn = arg;

    (void)inner;
    return (err_t)(conn->poll != NULL ? conn->poll(conn->arg, conn) : ERR_OK);
}

static void layer_free(struct altcp_pcb *conn)
{
    struct mqtt_stream *s = conn->state;

    if (s->unread != NULL)
        pbuf_free(s->unread);
    s->unread = NULL;
    s->outer = NULL;
    altcp_free(conn);
}

/* The layer below has freed itself. */
static void lower_err(void *arg, err_t err)
{
    struct altcp_pcb *conn = arg;

    conn->inner_conn = NULL;
    if (conn->err != NULL)
        conn->err(conn->arg, err);
    layer_free(conn);
}

static void lower_callbacks(struct altcp_pcb *inner, struct altcp_pcb *conn)
{
    altcp_arg(inner, conn);
    altcp_recv(inner, conn != NULL ? lower_recv : NULL);
    altcp_sent(inner, conn != NULL ? lower_sent : NULL);
    altcp_err(inner, conn != NULL ? lower_err : NULL);
}

/* --- from above ------------------------------------------------------------
 */

static void layer_set_poll(struct altcp_pcb *conn, u8_t interval)
{
    altcp_poll(conn->inner_conn, lower_poll, interval);
}

/* The window opens as the bytes leave `unread`, not piece by piece. */
static void layer_recved(struct altcp_pcb *conn, u16_t len)
{
    (void)conn;
    (void)len;
}

static err_t layer_connect(struct altcp_pcb *conn, const ip_addr_t *address,
                           u16_t port, altcp_connected_fn connected)
{
    conn->connected = connected;
    return altcp_connect(conn->inner_conn, address, port, lower_connected);
}

static void layer_abort(struct altcp_pcb *conn)
{
    altcp_abort(conn->inner_conn); /* calls lower_err() */
}

static err_t layer_close(struct altcp_pcb *conn)
{
    struct altcp_pcb *inner = conn->inner_conn;

    lower_callbacks(inner, NULL);
    altcp_poll(inner, NULL, 0);
    err_t e = altcp_close(inner);
    if (e != ERR_OK) {
        lower_callbacks(inner, conn);
        return e;
    }
    layer_free(conn);
    return ERR_OK;
}

static const struct altcp_functions LAYER = {
    .set_poll = layer_set_poll,
    .recved = layer_recved,
    .bind = altcp_default_bind,
    .connect = layer_connect,
    .abort = layer_abort,
    .close = layer_close,
    .shutdown = altcp_default_shutdown,
    .write = altcp_default_write,
    .output = altcp_default_output,
    .mss = altcp_default_mss,
    .sndbuf = altcp_default_sndbuf,
    .sndqueuelen = altcp_default_sndqueuelen,
    .nagle_disable = altcp_default_nagle_disable,
    .nagle_enable = altcp_default_nagle_enable,
    .nagle_disabled = altcp_default_nagle_disabled,
    .setprio = altcp_default_setprio,
    .dealloc = altcp_default_dealloc,
    .addrinfo = altcp_default_get_tcp_addrinfo,
    .getip = altcp_default_get_ip,
    .getport = altcp_default_get_port,
};

/* Of lwip/altcp_tls.h; mqtt_client_connect() calls it through altcp_tls_new().
 * NULL: the caller closes `inner`. */
struct altcp_pcb *altcp_tls_wrap(struct altcp_tls_config *config,
                                 struct altcp_pcb *inner)
{
    struct mqtt_stream *s = config->stream;
    const struct lwip_secure *secure = s->secure;
    struct altcp_pcb *conn, *lower = inner;

    if (inner == NULL)
        return NULL;
    conn = altcp_alloc();
    if (conn == NULL)
        return NULL;
    if (secure != NULL)
        lower = secure->wrap(secure->ctx, inner);
    if (lower == NULL) {
        altcp_free(conn);
        return NULL;
    }
    mqtt_stream_init(s, s->may_go_on, s->ctx);
    s->secure = secure;
    s->outer = conn;
    conn->inner_conn = lower;
    conn->state = s;
    conn->fns = &LAYER;
    lower_callbacks(lower, conn);
    return conn;
}

void mqtt_stream_init(struct mqtt_stream *s, bool (*may_go_on)(void *ctx),
                      void *ctx)
{
    memset(s, 0, sizeof *s);
    s->config.stream = s;
    s->may_go_on = may_go_on;
    s->ctx = ctx;
}
