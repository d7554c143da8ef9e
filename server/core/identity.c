/* identity.c - who a device is on the wire.
 *
 * Start at identity_login_parse(). Source: spec/device-protocol.md sections 1
 * and 2. Tests: test/unit/server_core/test_identity.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/identity.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <string.h>

#include "base/hex.h"
#include "base/text.h"

enum { TIMESTAMP_MAX = 20, SECRET_MIN = 8 };

/* A piece of a longer string. */
struct span {
    const char *at;
    size_t len;
};

static bool char_is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

static bool char_in(char c, const char *more)
{
    return char_is_alnum(c) || (c != '\0' && strchr(more, c) != NULL);
}

static bool span_ok(struct span s, const char *more, size_t min, size_t max)
{
    if (s.len < min || s.len > max)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!char_in(s.at[i], more))
            return false;
    return true;
}

static bool span_is(struct span s, const char *word)
{
    return s.len == strlen(word) && memcmp(s.at, word, s.len) == 0;
}

static struct span whole(const char *s)
{
    return (struct span){s, strlen(s)};
}

static bool product_key_span_ok(struct span s)
{
    return span_ok(s, "", 1, IDENTITY_PRODUCT_KEY_MAX - 1);
}

static bool device_name_span_ok(struct span s)
{
    return span_ok(s, "._:@-", 1, IDENTITY_DEVICE_NAME_MAX - 1);
}

static void span_copy(char *out, struct span s)
{
    memcpy(out, s.at, s.len);
    out[s.len] = '\0';
}

bool identity_product_key_ok(const char *s)
{
    return product_key_span_ok(whole(s));
}

bool identity_device_name_ok(const char *s)
{
    return device_name_span_ok(whole(s));
}

bool identity_secret_ok(const char *s)
{
    return span_ok(whole(s), "", SECRET_MIN, IDENTITY_SECRET_MAX - 1);
}

bool identity_version_ok(const char *s)
{
    return span_ok(whole(s), "._+-", 1, 64);
}

bool identity_username_parse(const char *username,
                             char product_key[IDENTITY_PRODUCT_KEY_MAX],
                             char device_name[IDENTITY_DEVICE_NAME_MAX])
{
    const char *amp = strchr(username, '&');
    if (amp == NULL)
        return false;

    struct span dn = {username, (size_t)(amp - username)};
    struct span pk = whole(amp + 1);
    if (!device_name_span_ok(dn) || !product_key_span_ok(pk))
        return false;
    span_copy(device_name, dn);
    span_copy(product_key, pk);
    return true;
}

/* The values of a clientId's list that mean something to us. */
struct client_params {
    struct span method, timestamp, agent;
};

/* Split at the first `sep`; what follows it stays in *rest. */
static struct span next_item(struct span *rest, char sep)
{
    const char *end = memchr(rest->at, sep, rest->len);
    struct span item = *rest;

    if (end != NULL)
        item.len = (size_t)(end - rest->at);
    size_t used = end != NULL ? item.len + 1 : item.len;
    rest->at += used;
    rest->len -= used;
    return item;
}

/* A second value for the same key is refused: one signed, another obeyed, is
 * how such parsers are fooled. */
static bool param_set(struct client_params *p, struct span item)
{
    struct span value = item;
    struct span key = next_item(&value, '=');
    struct span *to = span_is(key, "signmethod")  ? &p->method
                      : span_is(key, "timestamp") ? &p->timestamp
                      : span_is(key, "_v")        ? &p->agent
                                                  : NULL;
    if (to == NULL)
        return true;
    if (to->at != NULL)
        return false;
    *to = value;
    return true;
}

static const char *params_parse(struct client_params *p, struct span list)
{
    *p = (struct client_params){{0}, {0}, {0}};
    while (list.len > 0)
        if (!param_set(p, next_item(&list, ',')))
            return "clientId gives signmethod, timestamp or _v twice";
    return NULL;
}

static bool method_parse(enum identity_hmac *out, struct span name)
{
    static const char *const NAMES[] = {
        [HMAC_MD5] = "hmacmd5",
        [HMAC_SHA1] = "hmacsha1",
        [HMAC_SHA256] = "hmacsha256",
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (span_is(name, NAMES[i])) {
            *out = (enum identity_hmac)i;
            return true;
        }
    }
    return false;
}

static bool timestamp_ok(struct span s)
{
    if (s.len == 0 || s.len > TIMESTAMP_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

/* The agent's name goes into logs, JSON and pages: nothing in it may end a
 * string there. */
static void agent_copy(char out[IDENTITY_AGENT_MAX], struct span s)
{
    size_t len = s.len < IDENTITY_AGENT_MAX ? s.len : IDENTITY_AGENT_MAX - 1;

    for (size_t i = 0; i < len; i++) {
        char c = s.at[i];
        bool plain = c > ' ' && c <= '~' && strchr("\"\\<>&'", c) == NULL;
        out[i] = c;
        if (!plain)
            out[i] = '?';
    }
    out[len] = '\0';
}

/* What the password signs: the names in the order of the alphabet. */
static bool content_build(struct identity_login *l, struct span timestamp)
{
    struct text t = text_in(l->content, sizeof l->content);

    text_add(&t, "clientId");
    text_add(&t, l->cid);
    text_add(&t, "deviceName");
    text_add(&t, l->device_name);
    text_add(&t, "productKey");
    text_add(&t, l->product_key);
    if (timestamp.at != NULL) {
        text_add(&t, "timestamp");
        text_add_len(&t, timestamp.at, timestamp.len);
    }
    return !t.bad;
}

static const char *client_id_parse(struct identity_login *l,
                                   struct client_params *p,
                                   const char *client_id)
{
    struct span id = whole(client_id);
    if (id.len >= IDENTITY_CLIENT_ID_MAX)
        return "clientId is longer than 512 characters";

    const char *first = strchr(client_id, '|');
    const char *second = first != NULL ? strchr(first + 1, '|') : NULL;
    if (second == NULL || second[1] != '\0')
        return "clientId is not cid|key=value,...|";

    struct span cid = {client_id, (size_t)(first - client_id)};
    if (cid.len >= IDENTITY_CID_MAX)
        return "clientId has more than 64 characters before its first bar";
    span_copy(l->cid, cid);
    return params_parse(p,
                        (struct span){first + 1, (size_t)(second - first - 1)});
}

static const char *login_parse(struct identity_login *l, const char *client_id,
                               const char *username)
{
    if (client_id == NULL || username == NULL)
        return "clientId or username is missing";
    if (!identity_username_parse(username, l->product_key, l->device_name))
        return "username is not deviceName&productKey";

    struct client_params p;
    const char *why = client_id_parse(l, &p, client_id);
    if (why != NULL)
        return why;
    if (p.method.at == NULL)
        return "clientId has no signmethod";
    if (!method_parse(&l->method, p.method))
        return "signmethod is not hmacmd5, hmacsha1 or hmacsha256";
    if (p.timestamp.at != NULL && !timestamp_ok(p.timestamp))
        return "timestamp is not a number of 1 to 20 digits";
    if (p.agent.at != NULL)
        agent_copy(l->agent, p.agent);
    if (!content_build(l, p.timestamp))
        return "clientId is too long to be signed";
    return NULL;
}

ota_err identity_login_parse(struct identity_login *out, const char *client_id,
                             const char *username, const char **why)
{
    struct identity_login l;

    memset(&l, 0, sizeof l);
    const char *wrong = login_parse(&l, client_id, username);
    if (wrong != NULL) {
        *why = wrong;
        return OTA_ERR_SYNTAX;
    }
    *out = l;
    return OTA_OK;
}

static const EVP_MD *digest_of(enum identity_hmac method)
{
    switch (method) {
    case HMAC_MD5:
        return EVP_md5();
    case HMAC_SHA1:
        return EVP_sha1();
    case HMAC_SHA256:
        return EVP_sha256();
    }
    return NULL;
}

bool identity_password_ok(const struct identity_login *l, const char *secret,
                          const char *password)
{
    const EVP_MD *md = digest_of(l->method);
    uint8_t want[EVP_MAX_MD_SIZE], got[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (md == NULL || password == NULL)
        return false;
    if (HMAC(md, secret, (int)strlen(secret), (const uint8_t *)l->content,
             strlen(l->content), want, &len) == NULL)
        return false;

    bool ok = hex_decode(got, len, password, strlen(password)) &&
              CRYPTO_memcmp(want, got, len) == 0;
    OPENSSL_cleanse(want, sizeof want);
    return ok;
}

/* The next level of a topic, without its slash. */
static struct span next_level(struct span *rest)
{
    return next_item(rest, '/');
}

/* {pk}/{dn} into *t; false if they are no legal names. */
static bool owner_parse(struct identity_topic *t, struct span *rest)
{
    struct span pk = next_level(rest);
    struct span dn = next_level(rest);

    if (!product_key_span_ok(pk) || !device_name_span_ok(dn))
        return false;
    span_copy(t->product_key, pk);
    span_copy(t->device_name, dn);
    return true;
}

static enum identity_topic_kind ota_kind(struct span verb)
{
    if (span_is(verb, "inform"))
        return TOPIC_INFORM;
    if (span_is(verb, "progress"))
        return TOPIC_PROGRESS;
    if (span_is(verb, "upgrade"))
        return TOPIC_UPGRADE;
    if (span_is(verb, "request"))
        return TOPIC_DEVICE_DOWN;
    return TOPIC_OTHER;
}

static enum identity_topic_kind sys_kind(struct span rest)
{
    if (span_is(rest, "thing/ota/firmware/get"))
        return TOPIC_FIRMWARE_GET;
    if (span_is(rest, "thing/ota/firmware/get_reply"))
        return TOPIC_FIRMWARE_GET_REPLY;
    return rest.len > 0 ? TOPIC_DEVICE_UP : TOPIC_OTHER;
}

/* /ota/device/{verb}/{pk}/{dn}, and nothing behind it, not even a slash */
static enum identity_topic_kind ota_parse(struct identity_topic *t,
                                          struct span rest, const char *end)
{
    if (!span_is(next_level(&rest), "device"))
        return TOPIC_OTHER;
    enum identity_topic_kind kind = ota_kind(next_level(&rest));
    if (kind == TOPIC_OTHER || !owner_parse(t, &rest))
        return TOPIC_OTHER;
    return rest.len == 0 && end[-1] != '/' ? kind : TOPIC_OTHER;
}

static enum identity_topic_kind folder_parse(struct identity_topic *t,
                                             struct span all)
{
    struct span rest = all;
    struct span first = next_level(&rest);

    if (span_is(first, "sys"))
        return owner_parse(t, &rest) ? sys_kind(rest) : TOPIC_OTHER;
    rest = all;
    if (!owner_parse(t, &rest) || !span_is(next_level(&rest), "user"))
        return TOPIC_OTHER;
    return rest.len > 0 ? TOPIC_DEVICE_UP : TOPIC_OTHER;
}

struct identity_topic identity_topic_parse(const char *topic)
{
    struct identity_topic t;

    memset(&t, 0, sizeof t);
    if (topic[0] == '/') {
        struct span all = whole(topic + 1), rest = all;
        bool ota = span_is(next_level(&rest), "ota");
        t.kind =
            ota ? ota_parse(&t, rest, all.at + all.len) : folder_parse(&t, all);
    }
    if (t.kind == TOPIC_OTHER)
        memset(&t, 0, sizeof t);
    return t;
}
