/* fake_broker.c - see fake_broker.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/port_lwip/fake_broker.h"

#include <lwip/altcp_tcp.h>
#include <lwip/priv/altcp_priv.h>
#include <lwip/timeouts.h>
#include <stdlib.h>
#include <string.h>

#include "port/lwip/lwip_stack.h"

enum { STEP_MS = 250, ROOM = 2920 };

struct fake_broker broker;
static struct fake_rng rng;

/* --- the cable -------------------------------------------------------------
 */

static bool no_link(void *ctx)
{
    (void)ctx;
    return false;
}

static uint8_t *no_buffer(void *ctx)
{
    (void)ctx;
    return NULL;
}

static void no_send(void *ctx, size_t len)
{
    (void)ctx;
    (void)len;
}

static const uint8_t *no_frame(void *ctx, size_t *len)
{
    (void)ctx;
    *len = 0;
    return NULL;
}

static void no_end(void *ctx)
{
    (void)ctx;
}

static const struct port_frame CABLE = {
    .link_is_up = no_link,
    .send_begin = no_buffer,
    .send = no_send,
    .receive = no_frame,
    .receive_end = no_end,
};

/* --- what lwIP's altcp_tcp.c would do --------------------------------------
 */

static void fake_set_poll(struct altcp_pcb *conn, u8_t interval)
{
    (void)conn;
    (void)interval;
}

static void fake_recved(struct altcp_pcb *conn, u16_t len)
{
    (void)conn;
    broker.acked_window += len;
}

static err_t fake_bind(struct altcp_pcb *conn, const ip_addr_t *address,
                       u16_t port)
{
    (void)conn;
    (void)address;
    (void)port;
    return ERR_OK;
}

static err_t fake_connect(struct altcp_pcb *conn, const ip_addr_t *address,
                          u16_t port, altcp_connected_fn connected)
{
    (void)address;
    (void)port;
    conn->connected = connected;
    return ERR_OK;
}

static void fake_abort(struct altcp_pcb *conn)
{
    broker.conn = NULL;
    if (conn->err != NULL)
        conn->err(conn->arg, ERR_ABRT);
    altcp_free(conn);
}

static err_t fake_close(struct altcp_pcb *conn)
{
    broker.conn = NULL;
    altcp_free(conn);
    return ERR_OK;
}

static err_t fake_write(struct altcp_pcb *conn, const void *bytes, u16_t len,
                        u8_t flags)
{
    (void)conn;
    (void)flags;
    if (len > broker.room || len > sizeof broker.sent - broker.sent_len)
        return ERR_MEM;
    memcpy(broker.sent + broker.sent_len, bytes, len);
    broker.sent_len += len;
    broker.room -= len;
    return ERR_OK;
}

static err_t fake_output(struct altcp_pcb *conn)
{
    (void)conn;
    return ERR_OK;
}

static u16_t fake_sndbuf(struct altcp_pcb *conn)
{
    (void)conn;
    return (u16_t)broker.room;
}

static const struct altcp_functions FAKE = {
    .set_poll = fake_set_poll,
    .recved = fake_recved,
    .bind = fake_bind,
    .connect = fake_connect,
    .abort = fake_abort,
    .close = fake_close,
    .write = fake_write,
    .output = fake_output,
    .sndbuf = fake_sndbuf,
};

struct altcp_pcb *altcp_tcp_new_ip_type(u8_t type)
{
    struct altcp_pcb *conn = altcp_alloc();

    (void)type;
    if (conn == NULL)
        abort(); /* the one before has leaked */
    conn->fns = &FAKE;
    broker.conn = conn;
    broker.room = ROOM;
    broker.sent_len = 0;
    broker.acked_window = 0;
    return conn;
}

/* --- what a test does ------------------------------------------------------
 */

void fake_broker_begin(void)
{
    static bool begun;
    struct lwip_setup s = {
        .frame = &CABLE,
        .clock = &broker.clock.port,
        .rng = &rng.port,
        .hostname = "test",
    };

    if (begun)
        return;
    begun = true;
    fake_clock_init(&broker.clock, 0);
    fake_rng_init(&rng, 1);
    if (lwip_begin(&s) != OTA_OK)
        abort();
}

void fake_broker_accept(void)
{
    if (broker.conn != NULL)
        (void)broker.conn->connected(broker.conn->arg, broker.conn, ERR_OK);
}

void fake_broker_send(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0 && broker.conn != NULL && broker.conn->recv != NULL) {
        u16_t n =
            (u16_t)(len < FAKE_BROKER_SEGMENT_MAX ? len
                                                  : FAKE_BROKER_SEGMENT_MAX);
        struct pbuf *p = pbuf_alloc(PBUF_RAW, n, PBUF_POOL);
        if (p == NULL)
            return; /* the window is shut: a real peer would wait */
        (void)pbuf_take(p, at, n);
        (void)broker.conn->recv(broker.conn->arg, broker.conn, p, ERR_OK);
        at += n;
        len -= n;
    }
}

void fake_broker_end(void)
{
    if (broker.conn != NULL && broker.conn->recv != NULL)
        (void)broker.conn->recv(broker.conn->arg, broker.conn, NULL, ERR_OK);
}

void fake_broker_reset(void)
{
    struct altcp_pcb *conn = broker.conn;

    if (conn == NULL)
        return;
    broker.conn = NULL;
    if (conn->err != NULL)
        conn->err(conn->arg, ERR_RST);
    altcp_free(conn);
}

void fake_broker_wait(uint32_t ms)
{
    for (uint32_t at = 0; at < ms; at += STEP_MS) {
        broker.clock.now_ms += STEP_MS;
        sys_check_timeouts();
    }
}
