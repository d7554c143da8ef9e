/* http_router.c - which row of the route table a request means.
 *
 * Start at http_router_find().
 * Tests: test/unit/server_http/test_http_router.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_router.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static bool segment_take(struct http_match *m, const char *text, size_t len)
{
    if (len == 0 || len >= HTTP_SEGMENT_MAX || m->count == HTTP_SEGMENTS_MAX)
        return false;
    memcpy(m->segment[m->count], text, len);
    m->segment[m->count][len] = '\0';
    m->count++;
    return true;
}

static bool pattern_matches(const char *pattern, const char *path,
                            struct http_match *m)
{
    m->count = 0;
    while (*pattern) {
        if (pattern[0] == '{') {
            size_t len = strcspn(path, "/");
            if (!segment_take(m, path, len))
                return false;
            pattern += 2;
            path += len;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static bool method_matches(const struct http_route *r, const char *method)
{
    return strcmp(r->method, method) == 0 ||
           (strcmp(r->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static void allow_add(struct text *t, const char *method)
{
    if (t->len)
        text_add(t, ", ");
    text_add(t, method);
    if (strcmp(method, "GET") == 0)
        text_add(t, ", HEAD");
}

const struct http_route *http_router_find(const struct http_table *t,
                                          const char *method, const char *path,
                                          struct http_match *m,
                                          char allow[HTTP_ALLOW_MAX])
{
    struct text allowed = text_in(allow, HTTP_ALLOW_MAX);

    for (size_t i = 0; i < t->count; i++) {
        const struct http_route *r = &t->routes[i];
        if (!pattern_matches(r->pattern, path, m))
            continue;
        if (method_matches(r, method))
            return r;
        allow_add(&allowed, r->method);
    }
    return NULL;
}
