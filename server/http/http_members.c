/* http_members.c - a JSON body against the table of members a route takes.
 *
 * Start at http_members(). The refusal names the member and what it must be.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "server/http/http_request.h"

static bool wrong(struct http_request *r, const struct http_member *m,
                  const char *must)
{
    http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                "member \"%s\" must be %s", m->name, must);
    return false;
}

static bool text_take(const struct http_member *m, const json_t *value,
                      char *out)
{
    const char *text = json_string_value(value);

    return text && http_text_copy(out, m->text_max, text) && m->ok(text);
}

static bool take_text(struct http_request *r, const struct http_member *m,
                      const json_t *value)
{
    return text_take(m, value, m->out) || wrong(r, m, m->must);
}

static bool take_bool(struct http_request *r, const struct http_member *m,
                      const json_t *value)
{
    if (!json_is_boolean(value))
        return wrong(r, m, "true or false");
    *(bool *)m->out = json_is_true(value);
    return true;
}

static bool take_u32(struct http_request *r, const struct http_member *m,
                     const json_t *value)
{
    json_int_t n = json_integer_value(value);

    if (!json_is_integer(value) || n < m->min || n > m->max)
        return wrong(r, m, m->must);
    *(uint32_t *)m->out = (uint32_t)n;
    return true;
}

static bool take_texts(struct http_request *r, const struct http_member *m,
                       const json_t *value)
{
    size_t count = json_array_size(value);

    if (!json_is_array(value) || count < m->min || count > m->max)
        return wrong(r, m, m->must);
    for (size_t i = 0; i < count; i++) {
        char *out = (char *)m->out + i * m->text_max;
        if (!text_take(m, json_array_get(value, i), out))
            return wrong(r, m, m->must);
    }
    *m->count = (uint32_t)count;
    return true;
}

static bool take(struct http_request *r, const struct http_member *m,
                 const json_t *value)
{
    switch (m->kind) {
    case MEMBER_TEXT:
        return take_text(r, m, value);
    case MEMBER_BOOL:
        return take_bool(r, m, value);
    case MEMBER_U32:
        return take_u32(r, m, value);
    case MEMBER_TEXTS:
        return take_texts(r, m, value);
    }
    return false;
}

/* jansson: duplicates, bad UTF-8, \u0000 and text after the object are errors;
 * it refuses depth above 2048, far below what 64 KiB could make it recurse. */
static bool parse(struct http_request *r)
{
    json_error_t at;

    r->json = json_loadb(r->body ? r->body : "", r->body_len,
                         JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
    if (!r->json) {
        http_refuse(r, MHD_HTTP_BAD_REQUEST, "BAD_REQUEST",
                    "the body is not JSON (line %d, column %d: %s)", at.line,
                    at.column, at.text);
        return false;
    }
    if (!json_is_object(r->json)) {
        http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                    "the body must be a JSON object");
        return false;
    }
    return true;
}

static bool all_known(struct http_request *r, const struct http_member *m,
                      size_t count)
{
    const char *name;
    json_t *value;

    json_object_foreach(r->json, name, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || strcmp(m[i].name, name) == 0;
        if (!known) {
            http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                        "member \"%.64s\" is not known here", name);
            return false;
        }
    }
    return true;
}

bool http_members(struct http_request *r, const struct http_member *m,
                  size_t count)
{
    if (!parse(r) || !all_known(r, m, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(r->json, m[i].name);
        if (value && !take(r, &m[i], value))
            return false;
        if (!value && m[i].required) {
            http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                        "member \"%s\" is missing", m[i].name);
            return false;
        }
    }
    return true;
}
