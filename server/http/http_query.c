/* http_query.c - what the request line says: path segments and ?name=value.
 *
 * Start at http_query_check(). A name the route does not know is refused: a
 * filter with a typing error would otherwise show everything.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "server/http/http_request.h"

enum { QUERY_NAMES_MAX = 12 };

struct query_scan {
    struct http_request *r;
    const char *seen[QUERY_NAMES_MAX];
    unsigned count;
};

static bool word_in(const char *word, const char *words)
{
    size_t len = strlen(word);

    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (n == len && strncmp(p, word, n) == 0)
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

static bool utf8_ok(const char *value, size_t len)
{
    json_t *text = json_stringn(value, len);
    bool ok = text != NULL && strlen(value) == len;

    json_decref(text);
    return ok;
}

void http_query_refuse(struct http_request *r, const char *name,
                       const char *sentence)
{
    json_t *printable = json_string(name);

    http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                "query member \"%.64s\" %s", printable ? name : "?", sentence);
    json_decref(printable);
}

static enum MHD_Result query_member(void *ctx, enum MHD_ValueKind kind,
                                    const char *name, size_t name_len,
                                    const char *value, size_t value_len)
{
    struct query_scan *scan = ctx;
    const char *wrong = NULL;
    (void)kind;

    if (strcmp(scan->r->route->query, "*") == 0)
        return MHD_YES; /* the page's own business */
    if (strlen(name) != name_len || !word_in(name, scan->r->route->query))
        wrong = "is not known here";
    else if (!value)
        wrong = "has no value";
    else if (!utf8_ok(value, value_len))
        wrong = "is not UTF-8 text";
    for (unsigned i = 0; !wrong && i < scan->count; i++)
        if (strcmp(scan->seen[i], name) == 0)
            wrong = "is there twice";
    if (wrong || scan->count == QUERY_NAMES_MAX) {
        http_query_refuse(scan->r, name, wrong ? wrong : "is one too many");
        return MHD_NO;
    }
    scan->seen[scan->count++] = name;
    return MHD_YES;
}

bool http_query_check(struct http_request *r)
{
    struct query_scan scan = {.r = r};

    (void)MHD_get_connection_values_n(r->connection, MHD_GET_ARGUMENT_KIND,
                                      query_member, &scan);
    return r->response == NULL;
}

const char *http_query(struct http_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND,
                                       name);
}

/* 1..18 digits, so that it always fits. */
bool http_number(const char *text, int64_t *out)
{
    size_t len = strspn(text, "0123456789");

    if (len == 0 || len > 18 || text[len] != '\0')
        return false;
    *out = 0;
    for (; *text; text++)
        *out = *out * 10 + (*text - '0');
    return true;
}

bool http_query_id(struct http_request *r, const char *name, int64_t *out)
{
    const char *text = http_query(r, name);

    *out = 0;
    if (!text || http_number(text, out))
        return true;
    http_query_refuse(r, name, "must be a number");
    return false;
}

bool http_query_bool(struct http_request *r, const char *name, bool *out,
                     bool *given)
{
    const char *text = http_query(r, name);

    *given = text != NULL;
    *out = text && strcmp(text, "true") == 0;
    if (!text || *out || strcmp(text, "false") == 0)
        return true;
    http_query_refuse(r, name, "must be true or false");
    return false;
}

bool http_query_page(struct http_request *r, struct store_filter *f)
{
    int64_t limit;

    if (!http_query_id(r, "after", &f->after) ||
        !http_query_id(r, "before", &f->before) ||
        !http_query_id(r, "limit", &limit))
        return false;
    if (!http_query(r, "limit"))
        limit = HTTP_LIST_DEFAULT;
    if (limit < 1 || limit > HTTP_LIST_MAX) {
        http_query_refuse(r, "limit", "must be 1 to 500");
        return false;
    }
    f->limit = (uint32_t)limit;
    return true;
}

static bool not_found(struct http_request *r, const char *what)
{
    http_refuse(r, MHD_HTTP_NOT_FOUND, "NOT_FOUND", "there is no such %s",
                what);
    return false;
}

bool http_path_id(struct http_request *r, unsigned segment, int64_t *out)
{
    if (http_number(r->match.segment[segment], out) && *out > 0)
        return true;
    return not_found(r, "id");
}

bool http_path_product(struct http_request *r, const char **key)
{
    *key = r->match.segment[0];
    return identity_product_key_ok(*key) || not_found(r, "product");
}

bool http_path_device(struct http_request *r, const char **key,
                      const char **name)
{
    *name = r->match.segment[1];
    return http_path_product(r, key) &&
           (identity_device_name_ok(*name) || not_found(r, "device"));
}

bool http_text_copy(char *out, size_t cap, const char *text)
{
    size_t len = strlen(text);

    if (len >= cap)
        return false;
    memcpy(out, text, len + 1);
    return true;
}
