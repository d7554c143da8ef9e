/* push.c - the JSON of pushes and replies.
 *
 * Tests: test/unit/server_core/test_push.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/push.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/core/link.h"
#include "server/core/names.h"

/* 254 of URL, 64 of version, 32 + 64 of digests, 32 of module, names. */
enum { DATA_MAX = 768 };
_Static_assert(DATA_MAX + 128 < PUSH_PAYLOAD_MAX, "a payload holds its data");

bool push_agent_is_tern(const struct device *d)
{
    return strncmp(d->agent, "tern-", 5) == 0;
}

/* Ids that are 2^31 apart share a number: a device never has both. */
uint32_t push_task_number(int64_t task_id)
{
    return (uint32_t)((uint64_t)(task_id - 1) % PUSH_TASK_MAX) + 1;
}

static const char *sign_method_name(enum sign_method m)
{
    switch (m) {
    case SIGN_MD5:
        return "Md5"; /* Link SDK ignores "MD5" silently */
    case SIGN_SHA256:
        return "SHA256";
    }
    return "SHA256";
}

/* Characters of a host name or IPv4 address: nothing that JSON escapes. */
static bool host_is_ok(const char *s)
{
    size_t len = strlen(s);

    return len > 0 &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789.-") == len;
}

ota_err push_config_check(const struct core_config *c, struct diag *why)
{
    static const char BLOB[] = "00000000000000000000000000000000";
    char url[LINK_URL_MAX];

    if (!host_is_ok(c->url_host)) {
        diag_set(why,
                 "\"%.100s\" cannot be the host of a download link: give a "
                 "name or an IPv4 address, without port",
                 c->url_host);
        return OTA_ERR_SYNTAX;
    }
    if (link_build(url, c->url_host, c->url_port, BLOB, UINT32_MAX,
                   c->link_key) == OTA_OK)
        return OTA_OK;
    diag_set(why,
             "download links would be longer than %d characters: choose a "
             "shorter --url-host",
             LINK_URL_MAX - 1);
    return OTA_ERR_RANGE;
}

/* People's input was checked when it came; this is the last gate before the
 * wire, where nothing is escaped. */
static ota_err texts_check(const struct package *p, struct diag *why)
{
    if (!identity_version_ok(p->version) || !module_is_ok(p->module) ||
        is_push_word(p->version) || is_push_word(p->module)) {
        diag_set(why,
                 "version or module of package %" PRId64
                 " cannot be sent to a device",
                 p->id);
        return OTA_ERR_SYNTAX;
    }
    if (!is_hex(p->sha256, 64) || !is_hex(p->md5, 32) || p->size_bytes == 0) {
        diag_set(why, "package %" PRId64 " has no size or no digests", p->id);
        return OTA_ERR_SYNTAX;
    }
    return OTA_OK;
}

static ota_err url_of(char url[LINK_URL_MAX], const struct push_order *o,
                      struct diag *why)
{
    const struct core_config *c = o->config;
    uint16_t port = push_agent_is_tern(o->device) ? c->url_port : 0;
    uint32_t expires = (uint32_t)(o->now / 1000) + c->link_seconds;

    ota_err e = link_build(url, c->url_host, port, o->package->sha256, expires,
                           c->link_key);
    if (e == OTA_OK)
        return OTA_OK;
    diag_set(why, "the download link cannot be made: %s", ota_err_text(e));
    return e == OTA_ERR_FULL ? OTA_ERR_RANGE : e;
}

/* The order of the names is part of the protocol (section 5): module last. */
static ota_err data_of(char data[DATA_MAX], const struct push_order *o,
                       struct diag *why)
{
    const struct package *p = o->package;
    char url[LINK_URL_MAX], module[MODEL_MODULE_MAX + 12] = "", task[24] = "";

    ota_err e = texts_check(p, why);
    if (e == OTA_OK)
        e = url_of(url, o, why);
    if (e != OTA_OK)
        return e;
    if (strcmp(p->module, "default") != 0)
        (void)snprintf(module, sizeof module, ",\"module\":\"%s\"", p->module);
    if (push_agent_is_tern(o->device))
        (void)snprintf(task, sizeof task, ",\"task\":%" PRIu32,
                       push_task_number(o->task_id));
    (void)snprintf(data, DATA_MAX,
                   "{\"size\":%" PRIu32 ",\"version\":\"%s\",\"url\":\"%s\","
                   "\"md5\":\"%s\",\"sign\":\"%s\",\"signMethod\":\"%s\"%s%s}",
                   p->size_bytes, p->version, url, p->md5,
                   p->sign_method == SIGN_MD5 ? p->md5 : p->sha256,
                   sign_method_name(p->sign_method), task, module);
    return OTA_OK;
}

ota_err push_upgrade(struct push *out, const struct push_order *o,
                     struct diag *why)
{
    char data[DATA_MAX];

    ota_err e = data_of(data, o, why);
    if (e != OTA_OK)
        return e;
    (void)snprintf(out->topic, sizeof out->topic, "/ota/device/upgrade/%s/%s",
                   o->device->product_key, o->device->name);
    (void)snprintf(out->payload, sizeof out->payload,
                   "{\"code\":\"1000\",\"data\":%s,\"id\":%" PRId64
                   ",\"message\":\"success\"}",
                   data, o->now);
    out->task = out->count = 0;
    return OTA_OK;
}

ota_err push_reply(struct push *out, const struct push_order *o,
                   struct diag *why)
{
    char data[DATA_MAX] = "{}";
    size_t digits = strspn(o->request_id, "0123456789");

    if (digits == 0 || o->request_id[digits] != '\0') {
        diag_set(why, "the id of a question must be digits");
        return OTA_ERR_SYNTAX;
    }
    ota_err e = o->package ? data_of(data, o, why) : OTA_OK;
    if (e != OTA_OK)
        return e;
    (void)snprintf(out->topic, sizeof out->topic,
                   "/sys/%s/%s/thing/ota/firmware/get_reply",
                   o->device->product_key, o->device->name);
    (void)snprintf(out->payload, sizeof out->payload,
                   "{\"id\":\"%s\",\"code\":200,\"data\":%s}", o->request_id,
                   data);
    out->task = out->count = 0;
    return OTA_OK;
}
