/* http_router.h - which row of the route table a request means.
 *
 * Pure. Tests: test/unit/server_http/test_http_router.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_HTTP_ROUTER_H
#define TERN_SERVER_HTTP_ROUTER_H

#include <stddef.h>

struct http_request;

enum http_access { ACCESS_OPEN, ACCESS_VIEWER, ACCESS_OPERATOR, ACCESS_ADMIN };
enum http_body_kind { BODY_NONE, BODY_JSON, BODY_FILE };

enum { HTTP_SEGMENTS_MAX = 2, HTTP_SEGMENT_MAX = 65 };

struct http_match {
    unsigned count;
    char segment[HTTP_SEGMENTS_MAX][HTTP_SEGMENT_MAX];
};

struct http_route {
    const char *method;      /* GET answers HEAD as well */
    const char *pattern;     /* {} stands for one whole segment */
    enum http_access access; /* the least role */
    enum http_body_kind body;
    const char *query; /* names it may have, parted by blanks; "*" any */
    void (*handle)(struct http_request *r);
};

enum { HTTP_ALLOW_MAX = 64 };

struct http_table {
    const struct http_route *routes;
    size_t count;
};

/* The row for method and path, with its segments in *m.
 *
 * NULL: none; then allow is "" if no row has the path, else the methods that
 * it has, e.g. "GET, HEAD, POST". */
const struct http_route *http_router_find(const struct http_table *t,
                                          const char *method, const char *path,
                                          struct http_match *m,
                                          char allow[HTTP_ALLOW_MAX]);

#endif
