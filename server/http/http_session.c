/* http_session.c - signing in with the text of a token, and out again.
 *
 * Start at http_session_create(). The browser keeps the text of a cookie, the
 * database its SHA-256. Guessing a token is hopeless; the limit keeps a loop of
 * failures from filling the log and the disk's time.
 * Tests: test/system/test_http_session.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/http/http_request.h"
#include "server/http/http_routes.h"
#include "server/log.h"
#include "server/token_text.h"

enum {
    PREFIX_LEN = 5, /* of a token's text; a cookie has none */
    SECRET_MAX = 201,
    SENDERS = 256, /* whose failures are counted at one time */
    FAILURES_MAX = 20,
    WINDOW_SECONDS = 60,
};

/* --- the limit ------------------------------------------------------------ */

struct sender {
    uint8_t network[8]; /* IPv4, or the half of IPv6 that one host may vary */
    time_t since;       /* monotonic, of the first failure; 0: free */
    unsigned failures;
};

struct http_signins {
    pthread_mutex_t lock;
    struct sender senders[SENDERS];
};

struct http_signins *http_signins_open(void)
{
    struct http_signins *n = calloc(1, sizeof *n);

    if (n)
        pthread_mutex_init(&n->lock, NULL);
    return n;
}

void http_signins_close(struct http_signins *n)
{
    if (!n)
        return;
    pthread_mutex_destroy(&n->lock);
    free(n);
}

static time_t seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1; /* never 0 */
}

static void network_of(struct http_request *r, uint8_t out[8])
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = info ? info->client_addr : NULL;

    memset(out, 0, 8);
    if (a && a->sa_family == AF_INET)
        memcpy(out, &((const struct sockaddr_in *)a)->sin_addr, 4);
    if (a && a->sa_family == AF_INET6)
        memcpy(out, &((const struct sockaddr_in6 *)a)->sin6_addr, 8);
}

/* The sender's place, or the one that has been there longest. */
static struct sender *sender_of(struct http_signins *n,
                                const uint8_t network[8], time_t now)
{
    struct sender *oldest = &n->senders[0];

    for (size_t i = 0; i < SENDERS; i++) {
        struct sender *s = &n->senders[i];
        if (s->since && now - s->since >= WINDOW_SECONDS)
            *s = (struct sender){.since = 0};
        if (s->since && memcmp(s->network, network, sizeof s->network) == 0)
            return s;
        if (s->since < oldest->since)
            oldest = s;
    }
    *oldest = (struct sender){.since = 0};
    memcpy(oldest->network, network, sizeof oldest->network);
    return oldest;
}

/* Seconds until the sender may try again, 0: at once. A failure counts. */
static time_t signin_wait(struct http_request *r, bool failed)
{
    struct http_signins *n = r->server->signins;
    time_t now = seconds_now(), wait = 0;
    uint8_t network[8];

    network_of(r, network);
    pthread_mutex_lock(&n->lock);
    struct sender *s = sender_of(n, network, now);
    if (failed) {
        s->since = s->since ? s->since : now;
        s->failures++;
    }
    if (s->failures >= FAILURES_MAX)
        wait = WINDOW_SECONDS - (now - s->since);
    pthread_mutex_unlock(&n->lock);
    return wait;
}

static bool signin_allowed(struct http_request *r)
{
    char seconds[24];
    time_t wait = signin_wait(r, false);

    if (wait == 0)
        return true;
    snprintf(seconds, sizeof seconds, "%lld", (long long)wait);
    http_refuse(r, MHD_HTTP_TOO_MANY_REQUESTS, "RATE_LIMITED",
                "too many failed attempts from your address; try again in %s "
                "seconds",
                seconds);
    http_reply_header(r, "Retry-After", seconds);
    return false;
}

/* --- the cookie ------------------------------------------------------------
 */

void http_session_cookie(struct http_request *r, const char *text)
{
    const struct http_config *c = &r->server->config;
    char line[256];

    snprintf(line, sizeof line,
             "tern_session=%s; Path=/; Max-Age=%lld; HttpOnly; "
             "SameSite=Strict%s",
             text, (long long)(text[0] ? c->session_ms / 1000 : 0),
             c->secure_cookie ? "; Secure" : "");
    http_reply_header(r, "Set-Cookie", line);
}

static void reply_session(struct http_request *r, model_ms expires_ms)
{
    http_reply_json(r, MHD_HTTP_OK,
                    json_pack("{s:s,s:s,s:I}", "name", r->who.name, "role",
                              role_name(r->who.role), "expires_ms",
                              (json_int_t)expires_ms));
}

/* --- sign in ----------------------------------------------------------------
 */

static void session_begun(struct http_request *r)
{
    struct diag why = {""};
    char hash[65];

    if (!http_result_ok(r))
        return;
    struct store *reader = http_reader_take(r);
    ota_err e = token_text_hash(r->token_text + PREFIX_LEN, hash)
                    ? store_session_by_hash(reader, hash, &r->session, &why)
                    : OTA_ERR_IO;
    http_reader_give(r, reader);
    if (e != OTA_OK) {
        http_refuse_error(r, e, &why);
        return;
    }
    reply_session(r, r->session.expires_ms);
    http_session_cookie(r, r->token_text + PREFIX_LEN);
}

static void session_begin(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_SESSION_BEGIN};

    cmd.u.session.token_id = r->who.id;
    if (!token_text_make(r->token_text) ||
        !token_text_hash(r->token_text + PREFIX_LEN, cmd.u.session.sha256)) {
        http_refuse_error(r, OTA_ERR_IO, &(struct diag){"no random numbers"});
        return;
    }
    http_command(r, &cmd, session_begun);
}

static bool any_text(const char *text)
{
    (void)text;
    return true;
}

static ota_err secret_find(struct http_request *r, const char *secret,
                           struct diag *why)
{
    char hash[65];

    if (!token_text_ok(secret))
        return OTA_ERR_NOT_FOUND;
    if (!token_text_hash(secret, hash))
        return OTA_ERR_IO;
    struct store *reader = http_reader_take(r);
    ota_err e = store_token_by_hash(reader, hash, &r->who, why);
    http_reader_give(r, reader);
    return e;
}

void http_session_create(struct http_request *r)
{
    struct diag why = {""};
    char secret[SECRET_MAX];
    const struct http_member member = {.name = "secret",
                                       .kind = MEMBER_TEXT,
                                       .required = true,
                                       .out = secret,
                                       .text_max = sizeof secret,
                                       .ok = any_text,
                                       .must = "a text of up to 200 bytes"};

    if (!signin_allowed(r) || !http_members(r, &member, 1))
        return;
    ota_err e = secret_find(r, secret, &why);
    explicit_bzero(secret, sizeof secret);
    if (e == OTA_ERR_NOT_FOUND) {
        (void)signin_wait(r, true);
        log_event(LOG_LEVEL_WARN, "a sign-in failed", NULL);
        http_refuse(r, MHD_HTTP_UNAUTHORIZED, "UNAUTHORIZED",
                    "this is no token of this server; the first one is in the "
                    "file admin.token of its data folder");
    } else if (e != OTA_OK) {
        http_refuse_error(r, e, &why);
    } else {
        session_begin(r);
    }
}

/* --- who am I, and sign out --------------------------------------------------
 */

static void session_extended(struct http_request *r)
{
    if (!http_result_ok(r))
        return;
    reply_session(r,
                  (model_ms)time(NULL) * 1000 + r->server->config.session_ms);
    r->cookie_renew = true;
}

void http_session_get(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_SESSION_EXTEND};

    if (r->session.id == 0) {
        reply_session(r, 0);
        return;
    }
    cmd.u.id = r->session.id;
    http_command(r, &cmd, session_extended);
}

static void session_ended(struct http_request *r)
{
    if (r->session.id != 0 && !http_result_ok(r))
        return;
    r->cookie_renew = false;
    http_reply_empty(r, MHD_HTTP_NO_CONTENT);
    http_session_cookie(r, "");
}

void http_session_delete(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_SESSION_END};
    struct diag why = {""};

    ota_err e = http_auth_session(r, &why);
    if (e == OTA_ERR_NOT_FOUND) {
        session_ended(r);
        return;
    }
    if (e != OTA_OK) {
        http_refuse_error(r, e, &why);
        return;
    }
    cmd.u.id = r->session.id;
    if (http_auth_is_console(r))
        http_command(r, &cmd, session_ended);
}
