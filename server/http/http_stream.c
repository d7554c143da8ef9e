/* http_stream.c - events to readers as they happen (server-sent events).
 *
 * Start at stream_read(), which libmicrohttpd calls when a connection can take
 * more. It reads the database from where this reader is; nothing is queued, so
 * a slow reader costs one buffer, and a restart of the server loses nothing. A
 * reader that has everything is parked: its connection is suspended.
 *
 * The hub's thread wakes the parked ones. The core tells it of each commit; it
 * reads the new events once for all and resumes those whose filter matches, at
 * most every 50 ms, however many commits there are.
 *
 * Who parks looks under the lock whether the hub has seen more than it had when
 * the database was asked; so no event falls between asking and parking.
 * Tests: test/system/test_http_stream.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

enum {
    STREAMS_MAX = 512,
    BUFFER_BYTES = 16 * 1024, /* of each reader */
    EVENT_BYTES = 2 * 1024,   /* no event is longer as JSON */
    READ_EVENTS = 16,         /* at once by a reader */
    PAGE_EVENTS = 256,        /* at once by the hub */
    BEAT_MS = 15000,
    SPACING_MS = 50, /* between two rounds of the hub */
    IDLE_MS = 1000,
};

struct stream {
    struct stream *next, **link; /* in the hub's list */
    struct http_hub *hub;
    struct http_request *request; /* lives as long as the connection */
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char device_name[IDENTITY_DEVICE_NAME_MAX];
    struct store_filter filter; /* its texts are the two above */
    bool begun;                 /* the first lines are sent */

    /* Under the hub's lock, and `filter.after` while parked. */
    bool parked;
    bool beat;        /* say that we are still there */
    bool check;       /* somebody's session or token ended */
    bool ending;      /* nothing comes any more */
    int64_t quiet_ms; /* since when nothing was said, monotonic */
};

struct http_hub {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct store *store; /* the thread's own */
    struct stream *streams;
    unsigned count;
    int64_t seen; /* the newest event that the hub has read */
    bool dirty;   /* there was a commit */
    bool stopping;
    bool running; /* the thread */
};

static int64_t monotonic_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- one reader -------------------------------------------------------------
 */

static void say_begin(struct stream *s, struct text *out)
{
    char line[64];

    snprintf(line, sizeof line, "retry: 1000\nid: %" PRId64 "\n\n",
             s->filter.after);
    text_add(out, line);
    s->begun = true;
}

struct filling {
    struct stream *stream;
    struct text *out;
};

static bool say_event(void *ctx, const struct event *ev)
{
    struct filling *f = ctx;
    char line[96];
    json_t *json = http_model_event(ev);
    char *data = json ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    if (!data)
        return false;
    snprintf(line, sizeof line, "id: %" PRId64 "\nevent: %s\ndata: ", ev->id,
             ev->kind);
    text_add(f->out, line);
    text_add(f->out, data);
    text_add(f->out, "\n\n");
    free(data);
    f->stream->filter.after = ev->id;
    return f->out->len + EVENT_BYTES < f->out->cap;
}

/* What the database has for this reader, as much as fits. */
static ota_err say_events(struct stream *s, struct text *out)
{
    struct filling f = {s, out};
    struct diag why;
    struct store *reader = http_reader_take(s->request);
    ota_err e = store_events(reader, &s->filter, say_event, &f, &why);

    http_reader_give(s->request, reader);
    return e;
}

struct orders {
    bool beat, check, ending;
    int64_t seen;
};

static struct orders orders_take(struct stream *s)
{
    struct http_hub *h = s->hub;

    pthread_mutex_lock(&h->lock);
    const struct orders o = {s->beat, s->check, s->ending || h->stopping,
                             h->seen};
    s->beat = s->check = false;
    pthread_mutex_unlock(&h->lock);
    return o;
}

static void end_soon(struct stream *s)
{
    pthread_mutex_lock(&s->hub->lock);
    s->ending = true;
    pthread_mutex_unlock(&s->hub->lock);
}

/* False: something came meanwhile. */
static bool park(struct stream *s, int64_t seen)
{
    struct http_hub *h = s->hub;

    pthread_mutex_lock(&h->lock);
    bool still =
        !s->beat && !s->check && !s->ending && !h->stopping && h->seen == seen;
    if (still) {
        s->parked = true;
        if (s->filter.after < seen)
            s->filter.after = seen; /* nothing up to there was for us */
        MHD_suspend_connection(s->request->connection);
    }
    pthread_mutex_unlock(&h->lock);
    return still;
}

/* What to say next; nothing: everything is said. */
static ota_err say_next(struct stream *s, const struct orders *o,
                        struct text *out)
{
    if (!s->begun) {
        say_begin(s, out);
    } else if (o->check && !http_auth_still_known(s->request)) {
        text_add(out, "event: session_expired\ndata: {}\n\n");
        end_soon(s);
        return OTA_OK;
    }
    ota_err e = say_events(s, out);
    if (e == OTA_OK && out->len == 0 && o->beat)
        text_add(out, ":\n\n");
    return e;
}

static ssize_t stream_read(void *ctx, uint64_t at, char *bytes, size_t max)
{
    struct stream *s = ctx;
    (void)at;

    for (;;) {
        struct text out = text_in(bytes, max);
        const struct orders o = orders_take(s);

        if (o.ending)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (say_next(s, &o, &out) != OTA_OK || out.bad)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (out.len > 0) {
            pthread_mutex_lock(&s->hub->lock);
            s->quiet_ms = monotonic_ms();
            pthread_mutex_unlock(&s->hub->lock);
            return (ssize_t)out.len;
        }
        if (park(s, o.seen))
            return 0;
    }
}

/* --- the list ----------------------------------------------------------------
 */

static bool stream_enter(struct http_hub *h, struct stream *s)
{
    pthread_mutex_lock(&h->lock);
    bool room = h->count < STREAMS_MAX && !h->stopping;
    if (room) {
        h->count++;
        s->hub = h;
        s->quiet_ms = monotonic_ms();
        s->next = h->streams;
        s->link = &h->streams;
        if (s->next)
            s->next->link = &s->next;
        h->streams = s;
    }
    pthread_mutex_unlock(&h->lock);
    return room;
}

static void stream_leave(void *ctx)
{
    struct stream *s = ctx;
    struct http_hub *h = s->hub;

    pthread_mutex_lock(&h->lock);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    h->count--;
    pthread_mutex_unlock(&h->lock);
    free(s);
}

/* --- the request
 * -------------------------------------------------------------- */

static bool text_take(struct http_request *r, const char *name, char *out,
                      size_t cap, bool (*ok)(const char *))
{
    const char *text = http_query(r, name);

    if (!text || (ok(text) && http_text_copy(out, cap, text)))
        return true;
    http_query_refuse(r, name, "is no such name");
    return false;
}

/* Where the reader goes on: Last-Event-ID, ?after=, or now. */
static bool begin_find(struct http_request *r, int64_t *after)
{
    const char *last = MHD_lookup_connection_value(
        r->connection, MHD_HEADER_KIND, "Last-Event-ID");
    struct diag why = {""};

    if (!http_query_id(r, "after", after))
        return false;
    if (last && last[0] != '\0' && !http_number(last, after)) {
        http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                    "Last-Event-ID must be the id of an event");
        return false;
    }
    if ((last && last[0] != '\0') || http_query(r, "after"))
        return true;
    struct store *reader = http_reader_take(r);
    ota_err e = store_event_last(reader, after, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    return e == OTA_OK;
}

static bool filter_take(struct http_request *r, struct stream *s)
{
    s->request = r;
    s->filter.limit = READ_EVENTS;
    s->filter.product_key = s->product_key;
    s->filter.device_name = s->device_name;
    return text_take(r, "product_key", s->product_key, sizeof s->product_key,
                     identity_product_key_ok) &&
           text_take(r, "device_name", s->device_name, sizeof s->device_name,
                     identity_device_name_ok) &&
           http_query_id(r, "package_id", &s->filter.package_id) &&
           http_query_id(r, "job_id", &s->filter.job_id) &&
           http_query_id(r, "task_id", &s->filter.task_id) &&
           begin_find(r, &s->filter.after);
}

void http_stream(struct http_request *r)
{
    struct stream *s = calloc(1, sizeof *s);

    if (!s) {
        http_refuse_error(r, OTA_ERR_IO, &(struct diag){"out of memory"});
        return;
    }
    if (!filter_take(r, s)) {
        free(s);
        return;
    }
    if (!stream_enter(r->server->config.hub, s)) {
        http_refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE, "UNAVAILABLE",
                    "%d streams are open already; close one, or ask "
                    "/api/v1/events now and then",
                    STREAMS_MAX);
        free(s);
        return;
    }
    r->status = MHD_HTTP_OK;
    r->response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BUFFER_BYTES, stream_read, s, stream_leave);
    if (!r->response) {
        stream_leave(s);
        return;
    }
    http_reply_header(r, "Content-Type", "text/event-stream");
    http_reply_header(r, "Cache-Control", "no-store");
    http_reply_header(r, "X-Content-Type-Options", "nosniff");
    http_reply_header(r, "X-Accel-Buffering", "no"); /* a proxy's buffer */
}

/* --- the hub
 * ------------------------------------------------------------------ */

/* A parked one. */
static void wake(struct stream *s)
{
    s->parked = false;
    MHD_resume_connection(s->request->connection);
}

static bool number_matches(int64_t wanted, int64_t has)
{
    return wanted == 0 || wanted == has;
}

static bool text_matches(const char *wanted, const char *has)
{
    return wanted[0] == '\0' || strcmp(wanted, has) == 0;
}

static bool matches(const struct stream *s, const struct event *ev)
{
    return ev->id > s->filter.after &&
           text_matches(s->product_key, ev->product_key) &&
           text_matches(s->device_name, ev->device_name) &&
           number_matches(s->filter.package_id, ev->package_id) &&
           number_matches(s->filter.job_id, ev->job_id) &&
           number_matches(s->filter.task_id, ev->task_id);
}

/* Somebody may not read on. */
static bool ends_a_reader(const struct event *ev)
{
    return strcmp(ev->kind, "token.revoked") == 0 ||
           strcmp(ev->kind, "session.ended") == 0 ||
           strcmp(ev->kind, "session.expired") == 0;
}

static bool hub_event(void *ctx, const struct event *ev)
{
    struct http_hub *h = ctx;
    bool ends = ends_a_reader(ev);

    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->next) {
        s->check = s->check || ends;
        if (!s->parked)
            continue; /* it asks the database again before it parks */
        if (ends || matches(s, ev))
            wake(s);
        else if (s->filter.after < ev->id)
            s->filter.after = ev->id;
    }
    h->seen = ev->id;
    pthread_mutex_unlock(&h->lock);
    return true;
}

/* The events since the last round. */
static void hub_read(struct http_hub *h)
{
    int64_t before;
    struct diag why;

    do {
        struct store_filter f = {.after = h->seen, .limit = PAGE_EVENTS};

        before = h->seen;
        if (store_events(h->store, &f, hub_event, h, &why) != OTA_OK)
            return; /* the next round tries again */
    } while (h->seen != before);
}

static void hub_beat(struct http_hub *h)
{
    int64_t now = monotonic_ms();

    pthread_mutex_lock(&h->lock);
    for (struct stream *s = h->streams; s; s = s->next) {
        if (!s->parked || now - s->quiet_ms < BEAT_MS)
            continue;
        s->beat = true;
        wake(s);
    }
    pthread_mutex_unlock(&h->lock);
}

/* Until there was a commit, or a second is over. False: stop. */
static bool hub_wait(struct http_hub *h)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += IDLE_MS / 1000;
    pthread_mutex_lock(&h->lock);
    while (!h->dirty && !h->stopping &&
           pthread_cond_timedwait(&h->changed, &h->lock, &until) == 0)
        ;
    h->dirty = false;
    bool go_on = !h->stopping;
    pthread_mutex_unlock(&h->lock);
    return go_on;
}

static void *hub_main(void *ctx)
{
    const struct timespec spacing = {.tv_nsec = SPACING_MS * 1000000L};
    struct http_hub *h = ctx;

    while (hub_wait(h)) {
        hub_read(h);
        hub_beat(h);
        nanosleep(&spacing, NULL);
    }
    return NULL;
}

static bool locks_init(struct http_hub *h)
{
    pthread_condattr_t attr;

    if (pthread_condattr_init(&attr) != 0)
        return false;
    bool ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
              pthread_mutex_init(&h->lock, NULL) == 0 &&
              pthread_cond_init(&h->changed, &attr) == 0;
    pthread_condattr_destroy(&attr);
    return ok;
}

struct http_hub *http_hub_start(const char *store_url, struct diag *why)
{
    struct http_hub *h = calloc(1, sizeof *h);

    if (!h || !locks_init(h)) {
        diag_set(why, "out of memory");
        free(h);
        return NULL;
    }
    h->store = store_open_reader(store_url, why);
    if (h->store && store_event_last(h->store, &h->seen, why) == OTA_OK) {
        h->running = pthread_create(&h->thread, NULL, hub_main, h) == 0;
        if (h->running)
            return h;
        diag_set(why, "cannot start a thread");
    }
    http_hub_free(h);
    return NULL;
}

void http_hub_notice(struct http_hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->dirty = true;
    pthread_cond_signal(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

void http_hub_stop(struct http_hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    for (struct stream *s = h->streams; s; s = s->next) {
        if (s->parked)
            wake(s);
    }
    pthread_cond_signal(&h->changed);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    h->running = false;
}

void http_hub_free(struct http_hub *h)
{
    if (!h)
        return;
    if (h->running)
        http_hub_stop(h);
    store_close(h->store);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
