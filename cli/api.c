/* api.c - one request to the server. Start at api_call().
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/api.h"

#include <stdlib.h>
#include <string.h>

enum {
    REPLY_MAX = 64 * 1024 * 1024, /* no page of ours comes near this */
    CONNECT_TIMEOUT_S = 5,
    STALL_TIMEOUT_S = 60, /* with less than a byte a second */
    LIST_PAGE = 500,      /* the most that the server gives at once */
    NO_CONTENT = 204,
};

struct reply {
    char *text; /* malloc */
    size_t len;
};

static size_t reply_add(char *bytes, size_t size, size_t count, void *ctx)
{
    struct reply *r = ctx;
    size_t len = size * count;

    if (len > REPLY_MAX - r->len)
        return 0; /* ends the transfer */
    char *text = realloc(r->text, r->len + len + 1);
    if (!text)
        return 0;
    memcpy(text + r->len, bytes, len);
    r->text = text;
    r->len += len;
    text[r->len] = 0;
    return len;
}

int api_say(const struct api *a, int code)
{
    return code == CLI_OK
               ? CLI_OK
               : cli_end(a->cli, (enum cli_exit)code, "%s", a->why.text);
}

int api_open(struct api *a, const struct cli *c)
{
    memset(a, 0, sizeof *a);
    a->cli = c;
    int code = connect_find(c, &a->to, &a->why);
    if (code != CLI_OK)
        return api_say(a, code);
    a->curl = curl_easy_init();
    return a->curl ? CLI_OK : cli_refuse(c, "out of memory");
}

void api_close(struct api *a)
{
    curl_easy_cleanup(a->curl);
    a->curl = NULL;
    explicit_bzero(a->to.token, sizeof a->to.token);
}

/* The server's own sentence; it knows the cause. */
static int refusal(struct api *a, const json_t *body)
{
    const json_t *error = json_object_get(body, "error");
    const char *text = json_string_value(json_object_get(error, "message"));

    if (text)
        why_set(&a->why, "%s", text);
    else
        why_set(&a->why,
                "%s answered with status %ld and no reason; is it "
                "a Tern server?",
                a->to.url, a->status);
    return CLI_REFUSED;
}

static int reply_take(struct api *a, const struct reply *r, json_t **out)
{
    json_t *body = r->text ? json_loadb(r->text, r->len, 0, NULL) : NULL;

    if (a->status < 200 || a->status > 299) {
        int code = refusal(a, body);
        json_decref(body);
        return code;
    }
    if (a->status == NO_CONTENT) {
        json_decref(body);
        return CLI_OK;
    }
    if (!json_is_object(body)) {
        json_decref(body);
        why_set(&a->why,
                "%s answered with something that is no JSON object; "
                "is it a Tern server?",
                a->to.url);
        return CLI_REFUSED;
    }
    *out = body;
    return CLI_OK;
}

static int no_answer(struct api *a, CURLcode e, const char *detail)
{
    why_set(&a->why, "cannot reach %s: %s. Is ternd running? %s%s%s", a->to.url,
            detail[0] ? detail : curl_easy_strerror(e),
            a->to.data ? "Start it with `ternd --data " : "Check the address",
            a->to.data ? a->to.data : "", a->to.data ? "`" : "");
    return CLI_UNREACHABLE;
}

/* The header lines, or NULL when memory is used up. */
static struct curl_slist *headers_make(const struct api *a, const char *type)
{
    char lines[3][CONNECT_TEXT_MAX + 32] = {"Accept: application/json"};
    struct curl_slist *list = NULL;

    (void)snprintf(lines[1], sizeof lines[1], "Authorization: Bearer %s",
                   a->to.token);
    if (type)
        (void)snprintf(lines[2], sizeof lines[2], "Content-Type: %s", type);
    for (size_t i = 0; i < (type ? 3 : 2); i++) {
        struct curl_slist *longer = curl_slist_append(list, lines[i]);
        if (!longer) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

static void set_common(struct api *a, struct reply *r, char *detail)
{
    CURL *h = a->curl;

    (void)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, reply_add);
    (void)curl_easy_setopt(h, CURLOPT_WRITEDATA, r);
    (void)curl_easy_setopt(h, CURLOPT_ERRORBUFFER, detail);
    (void)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
    (void)curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (long)STALL_TIMEOUT_S);
    /* A server of this machine's is not behind the proxy of this machine's. */
    if (a->to.data)
        (void)curl_easy_setopt(h, CURLOPT_NOPROXY, "*");
}

int api_perform(struct api *a, const struct api_path *path, const char *type,
                json_t **out)
{
    char url[CONNECT_TEXT_MAX + API_PATH_MAX], detail[CURL_ERROR_SIZE] = "";
    struct reply r = {0};
    struct curl_slist *headers = headers_make(a, type);

    *out = NULL;
    a->status = 0;
    if (path->bad || !headers) {
        why_set(&a->why, "%s",
                path->bad ? "a name is empty or too long" : "out of memory");
        curl_slist_free_all(headers);
        return path->bad ? CLI_USAGE : CLI_REFUSED;
    }
    (void)snprintf(url, sizeof url, "%s%s", a->to.url, path->text);
    (void)curl_easy_setopt(a->curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, headers);
    set_common(a, &r, detail);
    CURLcode e = curl_easy_perform(a->curl);
    (void)curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &a->status);
    /* A refusal that came while we still sent counts more than the broken
     * connection behind it. */
    bool answered = e == CURLE_OK || (a->status >= 400 && r.len > 0);
    int code = answered ? reply_take(a, &r, out) : no_answer(a, e, detail);
    free(r.text);
    curl_easy_reset(a->curl); /* it must not point to what ends here */
    curl_slist_free_all(headers);
    return code;
}

int api_try(struct api *a, const char *method, const struct api_path *path,
            const json_t *body, json_t **out)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;

    if (body && !text) {
        why_set(&a->why, "a value is not UTF-8 text");
        return CLI_REFUSED;
    }
    if (strcmp(method, "GET") != 0) {
        /* Before the method's name: these would choose one themselves. */
        (void)curl_easy_setopt(a->curl, CURLOPT_POSTFIELDSIZE,
                               text ? (long)strlen(text) : 0L);
        (void)curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, text ? text : "");
        (void)curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, method);
    }
    int code = api_perform(a, path, body ? "application/json" : NULL, out);
    free(text);
    return code;
}

int api_call(struct api *a, const char *method, const struct api_path *path,
             const json_t *body, json_t **out)
{
    return api_say(a, api_try(a, method, path, body, out));
}

int api_delete(struct api *a, const struct api_path *path)
{
    json_t *none = NULL;
    int code = api_call(a, "DELETE", path, NULL, &none);

    json_decref(none);
    return code;
}

/* --- a reply that does not end
 * ------------------------------------------------ */

struct streaming {
    struct api *a;
    const struct api_sink *sink;
    struct reply refusal; /* what came is no stream */
};

static size_t stream_add(char *bytes, size_t size, size_t count, void *ctx)
{
    struct streaming *s = ctx;
    long status = 0;

    (void)curl_easy_getinfo(s->a->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return reply_add(bytes, size, count, &s->refusal);
    return s->sink->take(s->sink->ctx, bytes, size * count) ? size * count : 0;
}

static int stream_progress(void *ctx, curl_off_t down_all, curl_off_t down,
                           curl_off_t up_all, curl_off_t up)
{
    const struct streaming *s = ctx;

    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    return s->sink->go_on(s->sink->ctx) ? 0 : 1;
}

static struct curl_slist *stream_headers(const struct api *a,
                                         const struct api_sink *sink)
{
    struct curl_slist *headers = headers_make(a, NULL);
    char line[64];

    if (!headers || !sink->last_event_id[0])
        return headers;
    (void)snprintf(line, sizeof line, "Last-Event-ID: %s", sink->last_event_id);
    struct curl_slist *longer = curl_slist_append(headers, line);
    if (!longer)
        curl_slist_free_all(headers);
    return longer;
}

int api_stream(struct api *a, const struct api_path *path,
               const struct api_sink *sink)
{
    char url[CONNECT_TEXT_MAX + API_PATH_MAX], detail[CURL_ERROR_SIZE] = "";
    struct streaming s = {.a = a, .sink = sink};
    struct curl_slist *headers = stream_headers(a, sink);
    CURL *h = a->curl;
    json_t *none = NULL;

    a->status = 0;
    if (!headers || path->bad) {
        why_set(&a->why, "%s",
                path->bad ? "a name is empty or too long" : "out of memory");
        curl_slist_free_all(headers);
        return path->bad ? CLI_USAGE : CLI_REFUSED;
    }
    (void)snprintf(url, sizeof url, "%s%s", a->to.url, path->text);
    (void)curl_easy_setopt(h, CURLOPT_URL, url);
    (void)curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    set_common(a, &s.refusal, detail);
    (void)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, stream_add);
    (void)curl_easy_setopt(h, CURLOPT_WRITEDATA, &s);
    (void)curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, stream_progress);
    (void)curl_easy_setopt(h, CURLOPT_XFERINFODATA, &s);
    (void)curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    CURLcode e = curl_easy_perform(h);
    (void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &a->status);
    curl_easy_reset(h); /* it must not point to what ends here */
    curl_slist_free_all(headers);
    int code = CLI_OK;
    if (a->status == 0)
        code = no_answer(a, e, detail);
    else if (a->status != 200)
        code = reply_take(a, &s.refusal, &none);
    free(s.refusal.text);
    return code;
}

/* --- lists
 * --------------------------------------------------------------------- */

/* Does the next page lie beyond this one? A cursor that stands still would make
 * us ask for ever. */
static bool cursor_moves(const struct api_path *p, json_int_t from,
                         json_int_t next)
{
    if (p->newest_first)
        return from == 0 || next < from;
    return next > from;
}

/* One page into items; `after` becomes where the next one begins, 0 at the
 * end. */
static int page_take(struct api *a, const struct api_path *base, uint32_t most,
                     json_int_t *after, json_t *items)
{
    struct api_path path = *base;
    char number[24];
    json_t *page;
    size_t left = most ? most - json_array_size(items) : LIST_PAGE;

    (void)snprintf(number, sizeof number, "%zu",
                   left < LIST_PAGE ? left : (size_t)LIST_PAGE);
    api_path_query(&path, "limit", number);
    if (*after > 0) {
        (void)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, *after);
        api_path_query(&path, base->newest_first ? "before" : "after", number);
    }
    int code = api_try(a, "GET", &path, NULL, &page);
    if (code != CLI_OK)
        return code;
    json_int_t next = json_integer_value(json_object_get(page, "next"));
    if (json_array_extend(items, json_object_get(page, "items")) != 0 ||
        (next != 0 && !cursor_moves(base, *after, next))) {
        why_set(&a->why, "%s answered with a list that is none", a->to.url);
        code = CLI_REFUSED;
    }
    *after = next;
    json_decref(page);
    return code;
}

int api_list_try(struct api *a, const struct api_path *path, uint32_t most,
                 json_int_t after, json_t **items)
{
    json_t *all = json_array();
    int code;

    do {
        code = page_take(a, path, most, &after, all);
    } while (code == CLI_OK && after > 0 &&
             (most == 0 || json_array_size(all) < most));
    if (code == CLI_OK)
        *items = all;
    else
        json_decref(all);
    return code;
}

int api_list(struct api *a, const struct api_path *path, uint32_t most,
             json_t **items)
{
    return api_say(a, api_list_try(a, path, most, 0, items));
}
