/* follow.c - what happens, as it happens. Start at follow_events().
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/follow.h"

#include <string.h>

#include "cli/patience.h"
#include "cli/watch.h"

/* --- the wire: WHATWG HTML, "Server-sent events" ----------------------------
 */

static void copy(char *out, size_t cap, const char *text)
{
    (void)snprintf(out, cap, "%s", text);
}

static void field_take(struct follow_parser *p, const char *name,
                       const char *value)
{
    if (strcmp(name, "event") == 0)
        copy(p->event, sizeof p->event, value);
    else if (strcmp(name, "data") == 0)
        copy(p->data, sizeof p->data, value);
    else if (strcmp(name, "id") == 0)
        copy(p->id, sizeof p->id, value);
}

static void line_take(struct follow_parser *p)
{
    char *colon = strchr(p->line, ':');

    if (p->line[0] == '\0') { /* the block ends */
        p->block(p->ctx, p->event, p->id, p->data);
        p->event[0] = p->id[0] = p->data[0] = '\0';
        return;
    }
    if (!colon || colon == p->line) /* a comment, or no field of ours */
        return;
    *colon = '\0';
    field_take(p, p->line, colon + 1 + (colon[1] == ' '));
}

void follow_parse(struct follow_parser *p, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\n') {
            p->line[p->len] = '\0';
            if (!p->too_long)
                line_take(p);
            p->len = 0;
            p->too_long = false;
        } else if (p->len + 1 < sizeof p->line) {
            p->line[p->len++] = bytes[i];
        } else {
            p->too_long = true;
        }
    }
}

/* --- one connection after another --------------------------------------------
 */

struct follow {
    struct api *a;
    struct follow_parser parser;
    char last[24]; /* id; "" before the first connection */
    bool expired;  /* the token is no longer known */
    struct patience patience;
};

static void print_data(const struct follow *f, const char *data)
{
    json_t *event = json_loads(data, 0, NULL);

    if (f->a->cli->json) {
        (void)json_dumpf(event, stdout, JSON_COMPACT);
        (void)fputc('\n', stdout);
    } else {
        watch_print_event(event);
    }
    (void)fflush(stdout);
    json_decref(event);
}

static void block_take(void *ctx, const char *event, const char *id,
                       const char *data)
{
    struct follow *f = ctx;

    patience_regained(&f->patience);
    if (id[0])
        copy(f->last, sizeof f->last, id);
    if (strcmp(event, "session_expired") == 0)
        f->expired = true;
    else if (data[0])
        print_data(f, data);
}

static bool bytes_take(void *ctx, const char *bytes, size_t len)
{
    struct follow *f = ctx;

    follow_parse(&f->parser, bytes, len);
    return !patience_interrupted();
}

static bool may_go_on(void *ctx)
{
    (void)ctx;
    return !patience_interrupted();
}

/* The connection is gone. False: for too long, or for good. */
static bool worth_waiting(struct follow *f, int code)
{
    bool busy = code == CLI_REFUSED && f->a->status == 503;

    if (code != CLI_OK && code != CLI_UNREACHABLE && !busy)
        return false;
    patience_pause();
    return patience_lost(&f->patience, "the server closed the stream.");
}

int follow_events(struct api *a, const struct api_path *path)
{
    struct follow f = {.a = a};
    int code;

    patience_begin(&f.patience, a);
    do {
        f.parser = (struct follow_parser){.block = block_take, .ctx = &f};
        const struct api_sink sink = {&f, f.last, bytes_take, may_go_on};
        code = api_stream(a, path, &sink);
    } while (!patience_interrupted() && !f.expired && worth_waiting(&f, code));
    patience_end(&f.patience);
    if (patience_interrupted())
        return CLI_OK;
    if (f.expired)
        return cli_refuse(a->cli, "the token was revoked");
    if (code == CLI_OK)
        return cli_end(a->cli, CLI_UNREACHABLE,
                       "the server closes every stream");
    return api_say(a, code);
}
