/* api.h - one request to the server: JSON out, JSON back, and its refusals as
 * sentences.
 *
 * Tests: test/unit/cli/test_api_path.c, test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_API_H
#define TERN_CLI_API_H

#include <curl/curl.h>
#include <jansson.h>

#include "cli/cli.h"
#include "cli/connect.h"

enum { API_PATH_MAX = 2048 };

/* The path of a request; names are escaped as they are added. Too long is
 * sticky: the request is then refused. */
struct api_path {
    char text[API_PATH_MAX];
    size_t len;
    bool query; /* a '?' is in it */
    bool bad;
    bool newest_first; /* a list that goes on with ?before=, not ?after= */
};

struct api_path api_path(const char *fixed); /* "/api/v1/products" */
void api_path_add(struct api_path *p, const char *segment);
void api_path_query(struct api_path *p, const char *name, const char *value);

struct api {
    const struct cli *cli;
    struct connect to;
    CURL *curl;
    long status;    /* of the last reply, 0 if there was none */
    struct why why; /* of the last failure */
};

/* Find the server and get ready; nothing is sent yet. Returns CLI_OK or the
 * exit code after saying what is wrong. api_close() is due in either case. */
int api_open(struct api *a, const struct cli *c);
void api_close(struct api *a);

/* Send, wait for the answer.
 *
 * method  "GET", "POST", "PATCH".
 * body    borrowed; NULL sends none.
 * out     a new reference, only on CLI_OK.
 *
 * Returns CLI_OK; CLI_REFUSED the server said no; CLI_UNREACHABLE there was no
 * answer. api_try() leaves the reason in a->why, api_call() says it. */
int api_try(struct api *a, const char *method, const struct api_path *path,
            const json_t *body, json_t **out);
int api_call(struct api *a, const char *method, const struct api_path *path,
             const json_t *body, json_t **out);

/* All items of a list, page by page; at most `most` of them, 0 for all. The
 * first of them comes after the one with the id `after`, 0 for all. */
int api_list_try(struct api *a, const struct api_path *path, uint32_t most,
                 json_int_t after, json_t **items);
int api_list(struct api *a, const struct api_path *path, uint32_t most,
             json_t **items);

/* Send the file that is open as fd, from its beginning, as the body. */
int api_upload(struct api *a, const struct api_path *path, int fd,
               uint64_t bytes, json_t **out);

/* DELETE, which has no answer. */
int api_delete(struct api *a, const struct api_path *path);

/* Where the bytes of a reply that does not end go. */
struct api_sink {
    void *ctx;
    const char *last_event_id;                              /* "" for none */
    bool (*take)(void *ctx, const char *bytes, size_t len); /* false: enough */
    bool (*go_on)(void *ctx); /* asked about once a second */
};

/* GET what does not end (server-sent events), until one side has enough.
 * Returns CLI_OK it ended; else as api_try(), the reason in a->why. */
int api_stream(struct api *a, const struct api_path *path,
               const struct api_sink *sink);

/* One number as `tern ... list` shows it, into the path. Returns CLI_OK or
 * CLI_USAGE after saying what is wrong. */
int api_path_add_id(const struct cli *c, struct api_path *p, const char *id);

/* For api.c and upload.c: the request itself, once method and body are set in
 * a->curl. type: of the body, or NULL if there is none. */
int api_perform(struct api *a, const struct api_path *path, const char *type,
                json_t **out);
int api_say(const struct api *a, int code); /* print a->why unless CLI_OK */

#endif
