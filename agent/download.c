/* download.c - bytes of the image from the network to flash, piece by piece,
 * across lost connections and resets.
 *
 * Start at download_receive(). What is written is always a whole piece (2,048
 * bytes) at a multiple of it, but for the image's end; each sector is erased
 * just before its first write. Bytes that wait in piece[] survive a lost
 * connection, so nothing is fetched twice within one boot.
 *
 * Tests: test/unit/agent/test_agent_download.c, test/sweep/update_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "agent/agent_log.h"
#include "agent/agent_state.h"
#include "base/text.h"

enum {
    REQUEST_MAX = 512, /* on the stack; host and path are at most 250 */
    STEP_PERCENT = 5,
    PORT_HTTP = 80, /* the one that Host need not name */
};
_Static_assert(FLASH_SECTOR_BYTES % AGENT_PIECE_BYTES == 0,
               "a piece never crosses a sector");

static uint32_t received(const struct agent_update *u)
{
    return u->written_bytes + u->piece_bytes;
}

static uint16_t port_of(const struct agent *a)
{
    return a->update.task.port ? a->update.task.port : a->config.http_port;
}

void download_hang_up(struct agent *a)
{
    http_close(&a->update.http);
    a->update.connected = false;
}

void download_reset(struct agent *a)
{
    struct agent_update *u = &a->update;

    u->written_bytes = 0;
    u->piece_bytes = 0;
    u->reread_bytes = 0;
    u->resumed = false;
    u->step = -1;
    u->tries = 0;
    digest_begin(&u->digest, u->task.digest_kind);
}

/* --- progress ------------------------------------------------------------ */

/* Every five percent: a line for a person and a report for the server. */
static void tell_progress(struct agent *a, uint32_t added)
{
    struct agent_update *u = &a->update;
    uint32_t percent = u->written_bytes * 100 / u->task.size_bytes;
    int8_t step = (int8_t)(percent - percent % STEP_PERCENT);

    if (step <= u->step)
        return;
    u->step = step;
    if (added > 0)
        agent_log(a->config.log, LINE_PROGRESS, step, (unsigned)added);
    report_step(a, (uint8_t)step, "");
}

/* --- a lost try ---------------------------------------------------------- */

/* why: a constant clause; its %u, if it has one, is the reply's status. */
static enum update_event lose(struct agent *a, const char *why)
{
    struct agent_update *u = &a->update;
    char cause[AGENT_DESC_MAX];
    struct text t = text_in(cause, sizeof cause);

    text_format(&t, why, u->http.reply.status);
    agent_log(a->config.log, LINE_INTERRUPTED, (unsigned)received(u), cause);
    u->tries++;
    if (u->tries < AGENT_DOWNLOAD_TRIES)
        return UPDATE_LOST;
    return update_fail(a, -2, "download failed, no try left: %s", cause);
}

static const char *net_text(const struct agent_update *u, ota_err e)
{
    if (e == OTA_ERR_PROTOCOL)
        return u->http.reply.why;
    if (e == OTA_ERR_NOT_FOUND)
        return "host name does not resolve";
    if (e == OTA_ERR_CLOSED)
        return "the server closed the connection";
    return "connection refused or lost";
}

/* A network call gave nothing: keep waiting, or lose this try. */
static enum update_event wait_or_lose(struct agent *a, ota_err e)
{
    if (e != OTA_OK && e != OTA_ERR_AGAIN)
        return lose(a, net_text(&a->update, e));
    if (agent_is_past(a, a->update.deadline))
        return lose(a, "the server does not answer");
    return UPDATE_NOTHING;
}

void download_back_off(struct agent *a)
{
    struct agent_update *u = &a->update;
    uint32_t wait_ms = agent_back_off_ms(a, u->tries);

    download_hang_up(a);
    u->deadline = a->now + wait_ms;
    agent_log(a->config.log, LINE_NEXT_TRY, (unsigned)wait_ms);
}

/* --- journal and what an earlier boot left ------------------------------- */

enum update_event download_prepare(struct agent *a)
{
    struct agent_update *u = &a->update;
    const struct port_flash *f = a->config.flash;

    ota_err e = journal_load(&u->journal, &u->reread_end, f, &u->task,
                             a->boot.inactive);
    if (e == OTA_OK && u->reread_end > 0) {
        agent_log(a->config.log, LINE_RESUMING);
        u->resumed = true;
        return UPDATE_RESUMED;
    }
    if (e == OTA_ERR_NOT_FOUND)
        e = journal_begin(&u->journal, f, &u->task, a->boot.inactive);
    if (e != OTA_OK)
        return update_fail(a, -4, "journal: %s", ota_err_text(e));
    tell_progress(a, 0);
    return UPDATE_DONE;
}

enum update_event download_reread(struct agent *a)
{
    struct agent_update *u = &a->update;
    const struct port_flash *f = a->config.flash;
    uint32_t len = u->reread_end - u->reread_bytes;

    if (len > AGENT_PIECE_BYTES)
        len = AGENT_PIECE_BYTES;
    if (f->read(f->ctx, slot_offset(a->boot.inactive) + u->reread_bytes,
                u->piece, len) != OTA_OK)
        return update_fail(a, -4, "flash failed while reading");
    digest_add(&u->digest, u->piece, len);
    u->reread_bytes += len;
    a->busy = true;
    return u->reread_bytes == u->reread_end ? UPDATE_DONE : UPDATE_NOTHING;
}

enum update_event download_rehash(struct agent *a)
{
    struct agent_update *u = &a->update;
    enum update_event ev = download_reread(a);

    if (ev != UPDATE_DONE)
        return ev;
    u->written_bytes = u->reread_end;
    tell_progress(a, 0);
    return u->written_bytes == u->task.size_bytes ? UPDATE_WHOLE : UPDATE_DONE;
}

/* --- request ------------------------------------------------------------- */

/* The same text each time it is asked for, so that it needs no memory while it
 * waits to be sent. */
static struct text request_make(const struct agent *a, char out[REQUEST_MAX])
{
    const struct agent_task *task = &a->update.task;
    struct text t = text_in(out, REQUEST_MAX);

    text_format(&t, "GET %s HTTP/1.1\r\nHost: %s", task->place + task->path_at,
                task->place);
    if (port_of(a) != PORT_HTTP)
        text_format(&t, ":%u", port_of(a));
    text_format(&t,
                "\r\n"
                "Accept: */*\r\n"
                "Range: bytes=%u-\r\n"
                "Connection: close\r\n\r\n",
                (unsigned)a->update.asked_at);
    return t;
}

static void log_request(const struct port_log *log, const char *request)
{
    const char *end;

    for (; (end = strchr(request, '\r')) != request; request = end + 2)
        agent_log_text(log, LINE_REQUEST, request, (size_t)(end - request));
}

void download_begin_request(struct agent *a)
{
    struct agent_update *u = &a->update;

    download_hang_up(a);
    u->sent = false;
    u->asked_at = received(u);
    u->deadline = a->now + AGENT_STALL_MS;
}

/* got new bytes are in piece[]. */
static void take(struct agent *a, size_t got)
{
    struct agent_update *u = &a->update;

    u->piece_bytes += (uint32_t)got;
    u->deadline = a->now + AGENT_STALL_MS;
    if (got > 0)
        u->tries = 0;
    a->busy = true;
}

static ota_err send_request(struct agent *a)
{
    struct agent_update *u = &a->update;
    char request[REQUEST_MAX];

    struct text t = request_make(a, request);
    ota_err e = http_send(&u->http, request, t.len);
    if (e != OTA_OK)
        return e;
    u->sent = true;
    log_request(a->config.log, request);
    http_reply_begin(&u->http.reply, a->config.log);
    return OTA_OK;
}

/* The range of a 206. A part may end before the image does, but parts of a few
 * bytes would make a connection for each of them. */
static const char *judge_range(const struct agent_update *u)
{
    const struct http_reply *r = &u->http.reply;

    if (!r->has_range)
        return "206 without Content-Range";
    if (r->range_first != u->asked_at || r->range_total != u->task.size_bytes)
        return "Content-Range is not what was asked for";
    if (r->length_bytes != r->range_last - r->range_first + 1)
        return "Content-Length and Content-Range differ";
    if (r->range_last + 1 < r->range_total &&
        r->length_bytes < AGENT_PIECE_BYTES)
        return "the reply is a part of only a few bytes";
    return NULL;
}

/* Is this reply what was asked for? NULL, or why not. */
static const char *judge(const struct agent_update *u)
{
    const struct http_reply *r = &u->http.reply;

    if (r->status >= 300 && r->status < 400)
        return "redirect refused, HTTP status %u";
    if (r->status != 206 && r->status != 200)
        return "HTTP status %u";
    if (!r->has_length)
        return "the reply has no Content-Length";
    if (r->status == 200)
        return u->asked_at == 0 && r->length_bytes == u->task.size_bytes
                   ? NULL
                   : "the server ignored Range or has another size";
    return judge_range(u);
}

enum update_event download_request(struct agent *a)
{
    struct agent_update *u = &a->update;
    size_t got;
    ota_err e = OTA_OK;

    if (!u->connected) {
        e = http_open(&u->http, u->task.place, port_of(a));
        u->connected = true;
    }
    if (e == OTA_OK && !u->sent)
        e = send_request(a);
    if (e == OTA_OK)
        e = http_head(&u->http, u->piece + u->piece_bytes,
                      AGENT_PIECE_BYTES - u->piece_bytes, &got);
    if (e != OTA_OK)
        return wait_or_lose(a, e);

    const char *why = judge(u);
    if (why)
        return lose(a, why);
    take(a, got);
    return UPDATE_DONE;
}

/* --- body to flash ------------------------------------------------------- */

/* The last piece may end anywhere: fill up to the flash's write unit. */
static uint32_t pad(struct agent_update *u, uint32_t write_bytes)
{
    uint32_t len = u->piece_bytes;

    while (len & (write_bytes - 1)) /* a power of two */
        u->piece[len++] = 0xff;
    return len;
}

static ota_err write_piece(struct agent *a)
{
    struct agent_update *u = &a->update;
    const struct port_flash *f = a->config.flash;
    uint32_t at = slot_offset(a->boot.inactive) + u->written_bytes;
    uint32_t len = pad(u, f->write_bytes);
    ota_err e = OTA_OK;

    if (at % FLASH_SECTOR_BYTES == 0)
        e = f->erase(f->ctx, at);
    if (e == OTA_OK)
        e = f->write(f->ctx, at, u->piece, len);
    if (e != OTA_OK)
        return e;

    digest_add(&u->digest, u->piece, u->piece_bytes);
    u->written_bytes += u->piece_bytes;
    u->piece_bytes = 0;
    /* Only now: a mark promises that the bytes before it are there. Proved by
     * update_cut: a mark written first resumes over a hole. */
    if (u->written_bytes % (AGENT_MARK_SECTORS * FLASH_SECTOR_BYTES) == 0)
        e = journal_mark(&u->journal, f, u->written_bytes);
    return e;
}

static enum update_event flush(struct agent *a)
{
    struct agent_update *u = &a->update;
    uint32_t added = u->piece_bytes;

    if (write_piece(a) != OTA_OK)
        return update_fail(a, -4, "flash failed while writing");
    tell_progress(a, added);
    return u->written_bytes == u->task.size_bytes ? UPDATE_WHOLE
                                                  : UPDATE_NOTHING;
}

enum update_event download_receive(struct agent *a)
{
    struct agent_update *u = &a->update;
    size_t got = 0;

    if (u->piece_bytes == AGENT_PIECE_BYTES ||
        received(u) == u->task.size_bytes) {
        enum update_event ev = flush(a);
        a->busy = true;
        if (ev != UPDATE_NOTHING)
            return ev;
    }
    if (u->http.body_left == 0)
        return UPDATE_PART;

    ota_err e = http_body(&u->http, u->piece + u->piece_bytes,
                          AGENT_PIECE_BYTES - u->piece_bytes, &got);
    if (e != OTA_OK || got == 0)
        return wait_or_lose(a, e);
    take(a, got);
    return UPDATE_NOTHING;
}
