/* altcp_bearssl.c - see altcp_bearssl.h. Start at secure_step().
 *
 * lwIP's rule for layers: the upper one may close the connection in any of its
 * callbacks. After each call up, t->outer says whether it is still there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/altcp_bearssl.h"

#include <lwip/altcp_tcp.h>
#include <lwip/priv/altcp_priv.h>
#include <string.h>

#include "base/bytes.h"
#include "port/lwip/lwip_stack.h"
#include "port/tls_reason.h"

enum { SEED_BYTES = 32, ALERT_NO_CIPHER = 40 };

static const char TIMELESS[] = "no time server has answered: without the time "
                               "no certificate can be checked";

/* --- why it failed ---------------------------------------------------------
 */

static const struct {
    int error;
    const char *text;
} REASONS[] = {
    {BR_ERR_X509_NOT_TRUSTED, TLS_NOT_TRUSTED},
    {BR_ERR_X509_BAD_SIGNATURE, TLS_NOT_TRUSTED},
    {BR_ERR_X509_BAD_SERVER_NAME, TLS_WRONG_NAME},
    {BR_ERR_TOO_LARGE, "the server sends TLS records longer than was agreed"},
    {BR_ERR_BAD_MAC, "a TLS record was altered on its way"},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_NO_CIPHER,
     "the server has no cipher or key for us: it needs an EC P-256 "
     "certificate and TLS 1.2"},
};

static const char *reason(const struct altcp_bearssl *t, int error)
{
    for (size_t i = 0; i < sizeof REASONS / sizeof REASONS[0]; i++)
        if (REASONS[i].error == error)
            return REASONS[i].text;
    if (error == BR_ERR_X509_EXPIRED)
        return tls_trust_is_early(&t->trust) ? TLS_EARLY : TLS_EXPIRED;
    if (error >= BR_ERR_RECV_FATAL_ALERT)
        return TLS_ALERT;
    if (error > BR_ERR_X509_OK && error < BR_ERR_X509_NOT_TRUSTED)
        return "the server's certificate is not one that this device can "
               "check: EC P-256 with SHA-256";
    return TLS_BROKEN;
}

/* --- ending ----------------------------------------------------------------
 */

static void lower_callbacks(struct altcp_pcb *inner, struct altcp_pcb *conn);

/* Nothing of this connection's keys stays in memory. */
static void layer_free(struct altcp_pcb *conn)
{
    struct altcp_bearssl *t = conn->state;

    if (t->unread != NULL)
        pbuf_free(t->unread);
    t->unread = NULL;
    t->outer = NULL;
    memset(&t->client, 0, sizeof t->client);
    memset(t->in, 0, sizeof t->in);
    memset(t->out, 0, sizeof t->out);
    altcp_free(conn);
}

/* To the upper layer an error, after which it knows that we are gone. */
static void give_up(struct altcp_bearssl *t, const char *why)
{
    struct altcp_pcb *conn = t->outer, *inner = conn->inner_conn;

    t->why = why;
    conn->inner_conn = NULL;
    lower_callbacks(inner, NULL);
    altcp_poll(inner, NULL, 0);
    if (altcp_close(inner) != ERR_OK)
        altcp_abort(inner);
    if (conn->err != NULL)
        conn->err(conn->arg, ERR_CLSD);
    layer_free(conn);
}

/* --- records ---------------------------------------------------------------
 */

/* As much as TCP has room for. */
static void records_send(struct altcp_bearssl *t)
{
    struct altcp_pcb *inner = t->outer->inner_conn;
    br_ssl_engine_context *e = &t->client.eng;
    size_t len;

    for (;;) {
        const uint8_t *bytes = br_ssl_engine_sendrec_buf(e, &len);
        size_t room = altcp_sndbuf(inner);
        uint16_t n = (uint16_t)(len < room ? len : room);

        if (bytes == NULL || n == 0 ||
            altcp_write(inner, bytes, n, TCP_WRITE_FLAG_COPY) != ERR_OK)
            break;
        br_ssl_engine_sendrec_ack(e, n);
    }
    (void)altcp_output(inner);
}

/* The header of a record, or the rest of it, as far as it is there. */
static void record_take(struct altcp_bearssl *t)
{
    size_t room;
    uint8_t *to = br_ssl_engine_recvrec_buf(&t->client.eng, &room);
    uint16_t n =
        (uint16_t)(t->unread->tot_len < room ? t->unread->tot_len : room);

    (void)pbuf_copy_partial(t->unread, to, n, 0);
    t->unread = pbuf_free_header(t->unread, n);
    altcp_recved(t->outer->inner_conn, n);
    br_ssl_engine_recvrec_ack(&t->client.eng, n);
}

/* What a record held, upwards; the next one waits until it is taken. */
static void content_give(struct altcp_bearssl *t)
{
    struct altcp_pcb *conn = t->outer;
    size_t len;
    const uint8_t *bytes = br_ssl_engine_recvapp_buf(&t->client.eng, &len);
    struct pbuf *p;

    if (t->held > 0)
        return;
    p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    if (p == NULL)
        return; /* no memory now */
    (void)pbuf_take(p, bytes, (u16_t)len);
    br_ssl_engine_recvapp_ack(&t->client.eng, len);
    t->held = (uint16_t)len;
    if (conn->recv == NULL) {
        t->held = 0;
        pbuf_free(p);
    } else {
        (void)conn->recv(conn->arg, conn, p, ERR_OK);
    }
}

static void say_ready(struct altcp_bearssl *t)
{
    struct altcp_pcb *conn = t->outer;

    t->ready = true;
    t->why = NULL;
    if (conn->connected != NULL)
        (void)conn->connected(conn->arg, conn, ERR_OK);
}

static void say_ended(struct altcp_bearssl *t)
{
    struct altcp_pcb *conn = t->outer;

    if (!t->ready) {
        give_up(t, TLS_HUNG_UP);
        return;
    }
    t->ended = false;
    if (conn->recv != NULL)
        (void)conn->recv(conn->arg, conn, NULL, ERR_OK);
}

/* One thing that is due, and no more. */
static void move(struct altcp_bearssl *t)
{
    br_ssl_engine_context *e = &t->client.eng;
    unsigned state = br_ssl_engine_current_state(e);

    if (state & BR_SSL_CLOSED) {
        int error = br_ssl_engine_last_error(e);
        if (error != BR_ERR_OK)
            give_up(t, reason(t, error));
        else
            say_ended(t); /* the peer said goodbye */
    } else if (!t->ready && (state & BR_SSL_SENDAPP)) {
        say_ready(t);
    } else if (state & BR_SSL_RECVAPP) {
        content_give(t);
    } else if ((state & BR_SSL_RECVREC) && t->unread != NULL) {
        record_take(t);
    } else if (t->ended && t->unread == NULL) {
        say_ended(t);
    }
}

static void secure_step(void *ctx)
{
    struct altcp_bearssl *t = ctx;
    uint32_t begin = t->clock->now_ms(t->clock->ctx), ms;

    if (t->outer == NULL || !t->begun)
        return;
    records_send(t);
    move(t);
    if (t->outer != NULL)
        records_send(t);
    ms = t->clock->now_ms(t->clock->ctx) - begin;
    if (ms > t->longest_step_ms)
        t->longest_step_ms = ms;
}

/* --- from below: only notes are taken --------------------------------------
 */

static void handshake_begin(struct altcp_bearssl *t)
{
    br_ssl_engine_context *e = &t->client.eng;
    uint8_t seed[SEED_BYTES];
    ip_addr_t digits;
    bool name = !ipaddr_aton(t->trust.host, &digits);

    for (size_t i = 0; i < sizeof seed; i += 4)
        put_u32le(seed + i, t->rng->u32(t->rng->ctx));
    br_ssl_engine_set_buffers_bidi(e, t->in, sizeof t->in, t->out,
                                   sizeof t->out);
    br_ssl_engine_inject_entropy(e, seed, sizeof seed);
    memset(seed, 0, sizeof seed);
    /* The announced name must not be an address; the checked one may. */
    (void)br_ssl_client_reset(&t->client, name ? t->trust.host : NULL, 0);
    t->begun = true;
    t->why = TLS_STALLED;
}

static err_t lower_connected(void *arg, struct altcp_pcb *inner, err_t err)
{
    struct altcp_pcb *conn = arg;

    (void)inner;
    if (err == ERR_OK)
        handshake_begin(conn->state);
    return ERR_OK;
}

static err_t lower_recv(void *arg, struct altcp_pcb *inner, struct pbuf *p,
                        err_t err)
{
    struct altcp_pcb *conn = arg;
    struct altcp_bearssl *t = conn->state;

    (void)inner;
    (void)err;
    if (p == NULL)
        t->ended = true;
    else if (t->unread == NULL)
        t->unread = p;
    else
        pbuf_cat(t->unread, p);
    return ERR_OK;
}

/* len counts bytes of records: enough for an upper layer that only wants to
 * know that there is room again. */
static err_t lower_sent(void *arg, struct altcp_pcb *inner, u16_t len)
{
    struct altcp_pcb *conn = arg;
    struct altcp_bearssl *t = conn->state;

    (void)inner;
    records_send(t);
    return (err_t)(t->ready && conn->sent != NULL
                       ? conn->sent(conn->arg, conn, len)
                       : ERR_OK);
}

static err_t lower_poll(void *arg, struct altcp_pcb *inner)
{
    struct altcp_pcb *conn = arg;
    struct altcp_bearssl *t = conn->state;

    (void)inner;
    return (err_t)(t->ready && conn->poll != NULL ? conn->poll(conn->arg, conn)
                                                  : ERR_OK);
}

/* The layer below has freed itself. */
static void lower_err(void *arg, err_t err)
{
    struct altcp_pcb *conn = arg;
    struct altcp_bearssl *t = conn->state;

    conn->inner_conn = NULL;
    if (t->begun && !t->ready)
        t->why = TLS_HUNG_UP;
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

static void layer_recved(struct altcp_pcb *conn, u16_t len)
{
    struct altcp_bearssl *t = conn->state;

    t->held = len < t->held ? (uint16_t)(t->held - len) : 0;
}

static err_t layer_connect(struct altcp_pcb *conn, const ip_addr_t *address,
                           u16_t port, altcp_connected_fn connected)
{
    conn->connected = connected;
    return altcp_connect(conn->inner_conn, address, port, lower_connected);
}

static uint8_t *room_for_content(struct altcp_bearssl *t, size_t *len)
{
    *len = 0;
    return t->ready ? br_ssl_engine_sendapp_buf(&t->client.eng, len) : NULL;
}

static u16_t layer_sndbuf(struct altcp_pcb *conn)
{
    size_t room;

    (void)room_for_content(conn->state, &room);
    return (u16_t)room;
}

static err_t layer_write(struct altcp_pcb *conn, const void *bytes, u16_t len,
                         u8_t flags)
{
    struct altcp_bearssl *t = conn->state;
    size_t room;
    uint8_t *to = room_for_content(t, &room);

    (void)flags;
    if (to == NULL || room < len)
        return ERR_MEM;
    memcpy(to, bytes, len);
    br_ssl_engine_sendapp_ack(&t->client.eng, len);
    return ERR_OK;
}

static err_t layer_output(struct altcp_pcb *conn)
{
    struct altcp_bearssl *t = conn->state;

    br_ssl_engine_flush(&t->client.eng, 0);
    records_send(t);
    return ERR_OK;
}

static void layer_abort(struct altcp_pcb *conn)
{
    altcp_abort(conn->inner_conn); /* calls lower_err() */
}

static err_t layer_close(struct altcp_pcb *conn)
{
    struct altcp_bearssl *t = conn->state;
    struct altcp_pcb *inner = conn->inner_conn;

    if (t->ready) {
        br_ssl_engine_close(&t->client.eng); /* close_notify */
        records_send(t);
    }
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
    .write = layer_write,
    .output = layer_output,
    .mss = altcp_default_mss,
    .sndbuf = layer_sndbuf,
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

/* --- a connection ----------------------------------------------------------
 */

/* What BearSSL calls a profile: which algorithms are linked and offered. */
static void profile(struct altcp_bearssl *t)
{
    static const uint16_t SUITES[] = {
        BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    };
    br_ssl_engine_context *e = &t->client.eng;

    br_ssl_client_zero(&t->client);
    br_ssl_engine_set_versions(e, BR_TLS12, BR_TLS12);
    br_ssl_engine_set_suites(e, SUITES, sizeof SUITES / sizeof SUITES[0]);
    br_ssl_engine_set_hash(e, br_sha256_ID, &br_sha256_vtable);
    br_ssl_engine_set_prf_sha256(e, &br_tls12_sha256_prf);
    br_ssl_engine_set_ec(e, &br_ec_p256_m31);
    br_ssl_engine_set_ecdsa(e, br_ecdsa_i31_vrfy_asn1);
    br_ssl_engine_set_chapol(e, &br_sslrec_in_chapol_vtable,
                             &br_sslrec_out_chapol_vtable);
    br_ssl_engine_set_chacha20(e, br_chacha20_ct_run);
    br_ssl_engine_set_poly1305(e, br_poly1305_ctmul_run);
    br_ssl_engine_set_gcm(e, &br_sslrec_in_gcm_vtable,
                          &br_sslrec_out_gcm_vtable);
    br_ssl_engine_set_aes_ctr(e, &br_aes_ct_ctr_vtable);
    br_ssl_engine_set_ghash(e, br_ghash_ctmul);
    br_ssl_engine_set_x509(e, &t->trust.vtable);
}

static ota_err secure_begin(void *ctx, const char *host)
{
    struct altcp_bearssl *t = ctx;
    uint64_t now;

    t->why = TIMELESS;
    if (!lwip_unix_time(&now))
        return OTA_ERR_AGAIN;
    t->why = NULL;
    tls_trust_begin(&t->trust, host, now);
    return OTA_OK;
}

static struct altcp_pcb *secure_wrap(void *ctx, struct altcp_pcb *inner)
{
    struct altcp_bearssl *t = ctx;
    struct altcp_pcb *conn = altcp_alloc();

    if (conn == NULL)
        return NULL;
    profile(t);
    t->begun = false;
    t->ready = false;
    t->ended = false;
    t->held = 0;
    t->outer = conn;
    conn->inner_conn = inner;
    conn->state = t;
    conn->fns = &LAYER;
    lower_callbacks(inner, conn);
    return conn;
}

static const char *secure_why(void *ctx)
{
    const struct altcp_bearssl *t = ctx;

    return t->why;
}

ota_err altcp_bearssl_init(struct altcp_bearssl *t, const uint8_t *ca,
                           size_t ca_len, const struct port_clock *clock,
                           const struct port_rng *rng)
{
    memset(t, 0, sizeof *t);
    t->clock = clock;
    t->rng = rng;
    t->secure = (struct lwip_secure){
        .ctx = t,
        .begin = secure_begin,
        .wrap = secure_wrap,
        .step = secure_step,
        .why = secure_why,
    };
    return tls_trust_init(&t->trust, ca, ca_len);
}
