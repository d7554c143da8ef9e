/* http_request.h - one request on its way through the server.
 *
 * begin (head is there: route, token, query) -> body -> handle -> reply, or
 * wait -> then -> reply. A handler never blocks: what takes time happens on
 * another thread while the connection is suspended (http_wait.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_HTTP_REQUEST_H
#define TERN_SERVER_HTTP_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/blob/blob.h"
#include "server/core/core.h"
#include "server/http/http_router.h"
#include "server/http/http_server.h"
#include "server/store/store.h"

enum {
    HTTP_THREADS = 2,
    HTTP_JSON_MAX = 64 * 1024,
    HTTP_LIST_DEFAULT = 100,
    HTTP_LIST_MAX = 500,
};
#define HTTP_FILE_MAX (1000ull * 1000 * 1000) /* bytes of one package */

struct http_worker;
struct http_readers;
struct http_signins;
struct http_console;

struct http_server {
    struct http_config config;
    struct MHD_Daemon *daemon;
    struct http_worker *worker;
    struct http_readers *readers;
    struct http_signins *signins;
    struct http_console *console; /* NULL: there is none */
    model_ms started_ms;
    _Atomic unsigned active;  /* requests begun and not completed */
    _Atomic unsigned waiting; /* suspended (http_wait.c) */
    _Atomic bool stopping;
};

struct http_request {
    struct http_server *server;
    struct MHD_Connection *connection;
    const struct http_route *route; /* NULL: refused before one was found */
    const char *path;               /* decoded; the connection's */
    struct http_match match;
    struct token who;        /* name "" on open routes */
    struct session session;  /* id 0: no cookie speaks for the caller */
    bool cookie_renew;       /* the browser is to keep it longer */
    uint64_t content_length; /* 0 if there is none */

    /* The next step once body or result is there; NULL: none, so reply. */
    void (*next)(struct http_request *r);

    uint64_t received; /* bytes of the body so far */
    char *body;        /* BODY_JSON */
    size_t body_len;
    json_t *json; /* the body, once http_body_json() took it */

    struct blob_writer *upload; /* BODY_FILE */
    struct package package;     /* what the upload will be */
    struct product product;     /* that it is for */

    struct core_result result; /* what was waited for */
    struct cmd_verify *verify; /* lent to the core while waiting */
    char token_text[80];       /* of a token or cookie being made */

    unsigned status;
    struct MHD_Response *response;
};

/* --- replies (http_reply.c): the last of them counts ------------------- */

/* Takes json. */
void http_reply_json(struct http_request *r, unsigned status, json_t *json);
void http_reply_empty(struct http_request *r, unsigned status);
void http_refuse(struct http_request *r, unsigned status, const char *code,
                 const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));
/* The status and code that belong to an error of core, store or blob. */
void http_refuse_error(struct http_request *r, ota_err e,
                       const struct diag *why);
/* The same, with one more member in the error; takes json. */
void http_refuse_with(struct http_request *r, ota_err e, const struct diag *why,
                      const char *name, json_t *json);
void http_reply_header(struct http_request *r, const char *name,
                       const char *value);

/* --- waiting (http_wait.c) ---------------------------------------------- */

/* Give the core a command in the caller's name; then() runs with r->result. */
void http_command(struct http_request *r, struct core_command *cmd,
                  void (*then)(struct http_request *r));
/* Run work() on the worker thread; it ends with one of the two below. */
void http_work(struct http_request *r, void (*work)(struct http_request *r),
               void (*then)(struct http_request *r));
void http_work_done(struct http_request *r, ota_err e, const struct diag *why);
void http_work_command(struct http_request *r, struct core_command *cmd);

/* Did what was waited for succeed? If not, the request is refused. */
bool http_result_ok(struct http_request *r);

struct http_worker *http_worker_start(void);
void http_worker_stop(struct http_worker *w); /* NULL is fine */

/* --- reading the database (http_readers.c) ------------------------------ */

struct http_readers *http_readers_open(const char *store_url, struct diag *why);
void http_readers_close(struct http_readers *p); /* NULL is fine */
/* One per HTTP thread, so there always is one; back before the step ends. */
struct store *http_reader_take(struct http_request *r);
void http_reader_give(struct http_request *r, struct store *reader);

/* --- what came in (http_auth.c, http_query.c, http_body.c) -------------- */

/* Is the caller known and may it? Else refused with 401 or 403. */
bool http_auth_check(struct http_request *r);

/* Who does the cookie speak for? r->who and r->session on OTA_OK;
 * OTA_ERR_NOT_FOUND: for nobody. */
ota_err http_auth_session(struct http_request *r, struct diag *why);
/* The cookie's text, if it can be one; else NULL. */
const char *http_auth_cookie(struct http_request *r);
/* Was it made by the console's own page? Else refused with 403. */
bool http_auth_is_console(struct http_request *r);
/* Is the caller's session, or token, still there? */
bool http_auth_still_known(struct http_request *r);
/* Let the browser keep this cookie; "": forget the one it has. */
void http_session_cookie(struct http_request *r, const char *text);

struct http_signins *http_signins_open(void);    /* failures, by sender */
void http_signins_close(struct http_signins *n); /* NULL is fine */

/* Only names the route knows, none twice, all UTF-8? Else refused. */
bool http_query_check(struct http_request *r);
/* NULL if it was not given. */
const char *http_query(struct http_request *r, const char *name);
/* after, limit; refused if they are no numbers in range. */
bool http_query_page(struct http_request *r, struct store_filter *f);
bool http_query_id(struct http_request *r, const char *name, int64_t *out);
/* "true" or "false" into *out and *given; refused if it is something else. */
bool http_query_bool(struct http_request *r, const char *name, bool *out,
                     bool *given);
/* 422: query member "name" sentence. */
void http_query_refuse(struct http_request *r, const char *name,
                       const char *sentence);
/* 1 to 18 digits. */
bool http_number(const char *text, int64_t *out);

/* A path segment that should be a number: 404 if it is not. */
bool http_path_id(struct http_request *r, unsigned segment, int64_t *out);
/* Segment 0 is a product key, segment 1 a device name: 404 if not. */
bool http_path_product(struct http_request *r, const char **key);
bool http_path_device(struct http_request *r, const char **key,
                      const char **name);

/* With its NUL; false: it does not fit. */
bool http_text_copy(char *out, size_t cap, const char *text);

bool http_body_begin(struct http_request *r); /* headers that announce it */
/* false: more than anybody needs to send; close the connection. */
bool http_body_take(struct http_request *r, const char *bytes, size_t len);

/* --- members of a JSON body (http_members.c) ---------------------------- */

enum http_member_kind { MEMBER_TEXT, MEMBER_BOOL, MEMBER_U32, MEMBER_TEXTS };

struct http_member {
    const char *name;
    enum http_member_kind kind;
    bool required;
    void *out;       /* char[text_max], bool, uint32_t, char[][text_max] */
    size_t text_max; /* bytes with NUL */
    bool (*ok)(const char *text); /* TEXT, TEXTS */
    const char *must;             /* what ok() wants, for the refusal */
    uint32_t min, max;            /* U32: value; TEXTS: how many */
    uint32_t *count;              /* TEXTS: how many there are */
};

/* Take the JSON body apart; false: refused, naming the member. */
bool http_members(struct http_request *r, const struct http_member *m,
                  size_t count);

/* Answer with the package (http_packages.c). */
void http_package_reply(struct http_request *r, unsigned status, int64_t id);

/* --- lists (http_list.c) ------------------------------------------------ */

struct http_list;

/* Read rows into the list, in the store's order; gets a checked filter. */
typedef ota_err (*http_page_reader)(struct store *s,
                                    const struct store_filter *f,
                                    struct http_list *l, struct diag *why);

/* Answer with the page that ?after= (f->newest_first: ?before=) and ?limit= ask
 * for. */
void http_list(struct http_request *r, struct store_filter *f,
               http_page_reader read_page);

/* Takes item. false: the page is full. */
bool http_list_add(struct http_list *l, int64_t id, json_t *item);

/* --- the console's files (http_console.c) --------------------------------- */

struct http_console *http_console_load(const char *folder, struct diag *why);
void http_console_free(struct http_console *c); /* NULL is fine */
/* Is this a path of the console's, not of the API? */
bool http_console_owns(const char *path);

/* --- streams (http_stream.c) -----------------------------------------------
 */

/* End all streams, and the hub's thread. */
void http_hub_stop(struct http_hub *h);

#endif
