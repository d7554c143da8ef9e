/* push.c - strict reading of a push; start at push_parse().
 *
 * Everything is checked before a byte of the task is believed, so nothing later
 * has to ask again whether a name fits its buffer or a path may go on the wire.
 *
 * Tests: test/unit/agent/test_agent_push.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/push.h"

#include <string.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/text.h"

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* Blanks and control characters would let a URL write header lines of its own.
 */
static bool is_path(const char *s)
{
    if (*s != '/')
        return false;
    for (; *s; s++)
        if (*s <= ' ' || *s > '~' || *s == '#')
            return false;
    return true;
}

/* Split t->place from "http://host:port/path" into host NUL path NUL. */
static const char *split_url(struct agent_task *t)
{
    static const char SCHEME[] = "http://";
    const size_t scheme_len = sizeof SCHEME - 1;
    char *host = t->place + scheme_len;
    size_t host_len = 0;

    if (strncmp(t->place, SCHEME, scheme_len) != 0)
        return "url: does not begin with http://";
    while (is_host_char(host[host_len]))
        host_len++;
    if (host_len == 0)
        return "url: has no host";

    const char *rest = host + host_len;
    uint32_t port = 0;
    if (*rest == ':') {
        rest++;
        if (!text_read_u32(&rest, t->place + sizeof t->place, &port) ||
            port == 0 || port > UINT16_MAX)
            return "url: port is not 1 to 65535";
    }
    t->port = (uint16_t)port;
    if (!is_path(rest))
        return "url: no path, or a character that may not be in it";

    memmove(t->place, host, host_len);
    t->place[host_len] = '\0';
    t->path_at = (uint8_t)(host_len + 1);
    memmove(t->place + t->path_at, rest, strlen(rest) + 1);
    return NULL;
}

/* ---- members of the push's data ---- */

static bool has(const struct json *data, const char *name)
{
    return json_get(*data, name).type != JSON_NONE;
}

static bool get_u32(const struct json *data, const char *name, uint32_t *out)
{
    return json_u32(json_get(*data, name), out);
}

/* Also true if there is none; *out then stays. */
static bool may_have_u32(const struct json *data, const char *name,
                         uint32_t *out)
{
    return !has(data, name) || get_u32(data, name, out);
}

static bool get_text(const struct json *data, const char *name, char *out,
                     size_t cap)
{
    return json_text(json_get(*data, name), out, cap) == OTA_OK;
}

static const char *read_digest(struct agent_task *t, const struct json *data)
{
    char text[2 * DIGEST_BYTES_MAX + 1];

    if (!get_text(data, "signMethod", text, sizeof text))
        return "signMethod is missing or no text";
    if (strcmp(text, "SHA256") == 0)
        t->digest_kind = DIGEST_SHA256;
    else if (strcmp(text, "Md5") == 0)
        t->digest_kind = DIGEST_MD5;
    else
        return "signMethod is neither Md5 nor SHA256";

    if (!get_text(data, "sign", text, sizeof text))
        return "sign is missing or too long";
    if (!hex_decode(t->digest, digest_bytes(t->digest_kind), text,
                    strlen(text)))
        return "sign is no digest of signMethod in hex";
    return NULL;
}

static const char *read_version(struct agent_task *t, const struct json *data)
{
    if (!get_text(data, "version", t->version_text, sizeof t->version_text))
        return "version is missing or too long";
    /* An image header holds numbers only; other text could never match it. */
    if (version_parse(&t->version, t->version_text, strlen(t->version_text)) !=
        OTA_OK)
        return "version is not major.minor.revision";
    return NULL;
}

/* Parts of a push that ask for something this agent does not do. */
static const char *refuse_extras(const struct json *data)
{
    char module[8];
    uint32_t diff = 0;

    if (has(data, "module") &&
        (!get_text(data, "module", module, sizeof module) ||
         strcmp(module, "default") != 0))
        return "this device has no module but default";
    if (!may_have_u32(data, "isDiff", &diff) || diff != 0)
        return "differential packages are not supported";
    return NULL;
}

static const char *read_number(struct agent_task *t, const struct json *data)
{
    if (!may_have_u32(data, "task", &t->number) || t->number > PUSH_TASK_MAX)
        return "task is no number";
    return NULL;
}

static const char *read_task(struct agent_task *t, const struct json *data)
{
    const char *why = refuse_extras(data);

    if (!why)
        why = read_number(t, data);
    if (!why && !get_u32(data, "size", &t->size_bytes))
        why = "size is missing or no number";
    if (!why && t->size_bytes == 0)
        why = "size is 0";
    if (!why)
        why = read_version(t, data);
    if (!why)
        why = read_digest(t, data);
    if (!why && !get_text(data, "url", t->place, sizeof t->place))
        why = "url is missing or longer than 254 characters";
    if (!why)
        why = split_url(t);
    return why;
}

enum push_kind push_parse(struct agent_task *out, const void *payload,
                          size_t len, const char **why)
{
    struct agent_task t;
    struct json root;

    memset(&t, 0, sizeof t);
    *why = NULL;
    if (len > AGENT_PUSH_MAX)
        *why = "message is too long";
    else if (json_check(&root, payload, len) != OTA_OK)
        *why = "message is not well-formed JSON";
    if (*why)
        return PUSH_BAD;

    struct json data = json_get(root, "data");
    if (data.type != JSON_OBJECT) {
        *why = "data is missing or no object";
        return PUSH_BAD;
    }
    if (!has(&data, "size") && !has(&data, "version") && !has(&data, "url"))
        return PUSH_NOTHING;

    *why = read_task(&t, &data);
    if (*why)
        return PUSH_BAD;
    *out = t;
    return PUSH_TASK;
}

bool push_is_same(const struct agent_task *a, const struct agent_task *b)
{
    return a->size_bytes == b->size_bytes &&
           version_compare(&a->version, &b->version) == 0 &&
           a->digest_kind == b->digest_kind &&
           memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}
