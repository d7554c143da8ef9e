/* connect.c - which server, and with which token. Start at connect_find().
 * Tests: test/unit/cli/test_connect.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/connect.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/file.h"

enum { SMALL_FILE_MAX = 64 * 1024, PORT_MAX = 65535 };

/* The option, else the environment, else NULL. Empty counts as absent. */
static const char *setting(const struct cli *c, const char *option,
                           const char *variable)
{
    const char *v = args_value(&c->args, option);

    if (!v)
        v = getenv(variable);
    return v && v[0] ? v : NULL;
}

static bool copy(char out[CONNECT_TEXT_MAX], const char *text)
{
    size_t len = strlen(text);

    if (len >= CONNECT_TEXT_MAX)
        return false;
    memcpy(out, text, len + 1);
    return true;
}

static bool in_folder(char out[PATH_MAX], const char *folder, const char *name)
{
    return snprintf(out, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

/* A token goes into a header line: one line, visible characters only. */
static int token_read(struct connect *out, const char *path, struct why *why)
{
    struct file_bytes f;
    size_t len = 0;

    if (!file_read(&f, path, SMALL_FILE_MAX, why))
        return CLI_REFUSED;
    while (len < f.len && f.bytes[len] > 0x20 && f.bytes[len] < 0x7f)
        len++;
    size_t end = len;
    while (end < f.len && (f.bytes[end] == '\n' || f.bytes[end] == '\r'))
        end++;
    bool ok = len > 0 && len < sizeof out->token && end == f.len;
    if (ok) {
        memcpy(out->token, f.bytes, len);
        out->token[len] = 0;
    }
    file_free(&f);
    if (ok)
        return CLI_OK;
    why_set(why,
            "%s holds no token: it must be one line as ternd wrote it or "
            "`tern token create` printed it",
            path);
    return CLI_REFUSED;
}

static bool runtime_members(struct connect *out, const struct file_bytes *f)
{
    json_t *o = json_loadb((const char *)f->bytes, f->len, 0, NULL);
    const char *http = json_string_value(json_object_get(o, "http"));
    const char *mqtt = json_string_value(json_object_get(o, "mqtt"));
    const char *mqtts = json_string_value(json_object_get(o, "mqtts"));
    bool ok = http && (mqtt || mqtts) && copy(out->url, http) &&
              copy(out->mqtt, mqtt ? mqtt : "") &&
              copy(out->mqtts, mqtts ? mqtts : "");

    json_decref(o);
    return ok;
}

/* What a running ternd says about itself in its data folder. */
static int runtime_read(struct connect *out, struct why *why)
{
    char path[PATH_MAX];
    struct file_bytes f;

    if (!in_folder(path, out->data, "runtime.json")) {
        why_set(why, "the name of the data folder is too long");
        return CLI_USAGE;
    }
    if (access(path, F_OK) != 0) {
        why_set(why,
                "no server runs on %s (there is no %s); start one with "
                "`ternd --data %s`",
                out->data, path, out->data);
        return CLI_UNREACHABLE;
    }
    if (!file_read(&f, path, SMALL_FILE_MAX, why))
        return CLI_REFUSED;
    bool ok = runtime_members(out, &f);
    file_free(&f);
    if (ok)
        return CLI_OK;
    why_set(why, "%s is damaged; start ternd again, which writes it", path);
    return CLI_REFUSED;
}

static int url_take(struct connect *out, const char *url, struct why *why)
{
    char host[CONNECT_TEXT_MAX];
    uint16_t port;

    if (!copy(out->url, url) || !connect_url_host_port(url, host, &port)) {
        why_set(why, "%s is no server; write it like http://127.0.0.1:8080",
                url);
        return CLI_USAGE;
    }
    size_t len = strlen(out->url);
    while (len > 0 && out->url[len - 1] == '/')
        out->url[--len] = 0;
    return CLI_OK;
}

int connect_find(const struct cli *c, struct connect *out, struct why *why)
{
    /* An option beats the environment also when the two are different ones. */
    bool data_first = args_has(&c->args, "data");
    const char *url = data_first ? args_value(&c->args, "server")
                                 : setting(c, "server", "TERN_SERVER");
    const char *data = setting(c, "data", "TERN_DATA");
    const char *token = setting(c, "token-file", "TERN_TOKEN_FILE");
    char path[PATH_MAX];
    int code;

    memset(out, 0, sizeof *out);
    if (!url && !data) {
        why_set(why, "which server? Give --data DIR for a ternd on this "
                     "machine, or --server URL --token-file FILE");
        return CLI_USAGE;
    }
    if (url && !token && !data) {
        why_set(why, "--server needs --token-file FILE");
        return CLI_USAGE;
    }
    out->data = url ? NULL : data;
    code = url ? url_take(out, url, why) : runtime_read(out, why);
    if (code != CLI_OK)
        return code;
    bool own =
        data && (!token || (data_first && !args_has(&c->args, "token-file")));
    if (own && !in_folder(path, data, "admin.token")) {
        why_set(why, "the name of the data folder is too long");
        return CLI_USAGE;
    }
    return token_read(out, own ? path : token, why);
}

bool connect_host_port(const char *text, char host[CONNECT_TEXT_MAX],
                       uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    const char *end = colon;
    unsigned n = 0;

    if (!colon || !colon[1])
        return false;
    if (text[0] == '[' && colon > text && colon[-1] == ']') {
        text++;
        end--;
    } else if (strchr(text, ':') != colon) {
        return false; /* IPv6 without brackets */
    }
    for (const char *p = colon + 1; *p; p++) {
        if (*p < '0' || *p > '9' || n > PORT_MAX)
            return false;
        n = n * 10 + (unsigned)(*p - '0');
    }
    size_t len = (size_t)(end - text);
    if (n == 0 || n > PORT_MAX || len == 0 || len >= CONNECT_TEXT_MAX)
        return false;
    memcpy(host, text, len);
    host[len] = 0;
    *port = (uint16_t)n;
    return true;
}

bool connect_url_host_port(const char *url, char host[CONNECT_TEXT_MAX],
                           uint16_t *port)
{
    char text[CONNECT_TEXT_MAX];
    bool tls = strncmp(url, "https://", 8) == 0;

    if (!tls && strncmp(url, "http://", 7) != 0)
        return false;
    url += tls ? 8 : 7;
    size_t len = strcspn(url, "/?#");
    /* What follows would change the path that every request is built on, and
     * "user@" would put a secret into it. */
    if (len == 0 || url[len + strspn(url + len, "/")] != 0 ||
        memchr(url, '@', len))
        return false;
    bool has_port = url[len - 1] != ']' && memrchr(url, ':', len);
    int n = snprintf(text, sizeof text, "%.*s%s", (int)len, url,
                     has_port ? ""
                     : tls    ? ":443"
                              : ":80");
    return n > 0 && (size_t)n < sizeof text &&
           connect_host_port(text, host, port);
}
