/* cmd_device.c - `tern device`: single devices, and the identity file that a
 * tern-device starts with. Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/show.h"

static const struct view_column COLUMNS[] = {
    {"PRODUCT", "product_key", VIEW_TEXT},
    {"DEVICE", "device_name", VIEW_TEXT},
    {"ENABLED", "enabled", VIEW_YES},
    {"ONLINE", "online", VIEW_YES},
    {"VERSION", "version", VIEW_TEXT},
    {"AGENT", "agent", VIEW_TEXT},
    {"SEEN", "seen_ms", VIEW_TIME},
    {"INFORMED", "informed_ms", VIEW_TIME},
    {"TASK", "task.id", VIEW_NUMBER},
    {"STATE", "task.state", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column FIELDS[] = {
    {"product key", "product_key", VIEW_TEXT},
    {"device name", "device_name", VIEW_TEXT},
    {"enabled", "enabled", VIEW_YES},
    {"online", "online", VIEW_YES},
    {"version", "version", VIEW_TEXT},
    {"agent", "agent", VIEW_TEXT},
    {"seen", "seen_ms", VIEW_TIME},
    {"informed", "informed_ms", VIEW_TIME},
    {"created", "created_ms", VIEW_TIME},
    {"task", "task.id", VIEW_TEXT},
    {"task's version", "task.version", VIEW_TEXT},
    {"task's state", "task.state", VIEW_TEXT},
    {"task's reason", "task.reason", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column FILED_FIELDS[] = {
    {"product key", "product_key", VIEW_TEXT},
    {"device name", "device_name", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static const struct view_column CREATED_FIELDS[] = {
    {"product key", "product_key", VIEW_TEXT},
    {"device name", "device_name", VIEW_TEXT},
    {"device secret", "device_secret", VIEW_TEXT},
    {NULL, NULL, VIEW_TEXT},
};

static struct api_path devices_path(const struct cli *c)
{
    struct api_path path = api_path("/api/v1/products");

    api_path_add(&path, c->args.words[0]);
    api_path_add(&path, "devices");
    return path;
}

static struct api_path device_path(const struct cli *c)
{
    struct api_path path = devices_path(c);

    api_path_add(&path, c->args.words[1]);
    return path;
}

/* ---- create, with the identity file ---- */

/* A server that listens everywhere is reached where we reach it. */
static bool everywhere(const char *host)
{
    return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

/* Where a device finds broker and downloads. */
struct endpoints {
    char mqtt_host[CONNECT_TEXT_MAX];
    uint16_t mqtt_port, http_port;
};

static int endpoints_find(const struct api *a, struct endpoints *out)
{
    const char *given = args_value(&a->cli->args, "mqtt");
    const char *mqtt = given ? given : a->to.mqtt;
    char http_host[CONNECT_TEXT_MAX];

    if (!mqtt[0])
        return cli_usage(a->cli, "where do devices find the broker? Give "
                                 "--mqtt HOST:PORT");
    if (!connect_host_port(mqtt, out->mqtt_host, &out->mqtt_port))
        return cli_usage(a->cli,
                         "%s is no address; write it like "
                         "192.0.2.7:1883",
                         mqtt);
    if (!connect_url_host_port(a->to.url, http_host, &out->http_port))
        return cli_refuse(a->cli, "%s is no address of a server", a->to.url);
    if (everywhere(out->mqtt_host))
        memcpy(out->mqtt_host, http_host, sizeof http_host);
    return CLI_OK;
}

static bool identity_write(const char *path, const json_t *device,
                           const struct endpoints *to, struct why *why)
{
    json_t *o = json_pack(
        "{s:O,s:O,s:O,s:s,s:i,s:i}", "productKey",
        json_object_get(device, "product_key"), "deviceName",
        json_object_get(device, "device_name"), "deviceSecret",
        json_object_get(device, "device_secret"), "mqttHost", to->mqtt_host,
        "mqttPort", (int)to->mqtt_port, "httpPort", (int)to->http_port);
    char *text = o ? json_dumps(o, JSON_INDENT(2)) : NULL;
    bool ok = false;

    if (text)
        ok = file_create_secret(path, text, strlen(text), why);
    else
        why_set(why, "the server's answer lacks the device's names or secret");
    free(text);
    json_decref(o);
    return ok;
}

static int create_open(const struct cli *c, struct api *a, json_t **device)
{
    const char *identity = args_value(&c->args, "identity");
    const struct api_path path = devices_path(c);
    struct endpoints to = {0};
    struct why why;
    json_t *body = json_pack("{s:s,s:s*}", "device_name", c->args.words[1],
                             "device_secret", args_value(&c->args, "secret"));

    if (!body)
        return cli_usage(c, "what is given is not UTF-8 text");
    int code = identity ? endpoints_find(a, &to) : CLI_OK;
    if (code == CLI_OK)
        code = api_call(a, "POST", &path, body, device);
    json_decref(body);
    if (code == CLI_OK && identity &&
        !identity_write(identity, *device, &to, &why))
        code =
            cli_refuse(c, "the device is made, its file is not: %s", why.text);
    return code;
}

static int create(struct cli *c)
{
    const char *identity = args_value(&c->args, "identity");
    struct api a;
    json_t *device = NULL;

    /* Before the device is made, so that nothing has to be undone. */
    if (identity && access(identity, F_OK) == 0)
        return cli_refuse(c,
                          "%s exists already and is not overwritten; remove "
                          "it or choose another name",
                          identity);
    int code = api_open(&a, c);
    if (code == CLI_OK)
        code = create_open(c, &a, &device);
    /* Who asked for the file has the secret there, not on the screen; unless
     * writing it failed. */
    bool in_file = identity && code == CLI_OK;
    if (device)
        show_object(c, device, in_file ? FILED_FIELDS : CREATED_FIELDS);
    json_decref(device);
    api_close(&a);
    return code;
}

/* ---- the others ---- */

static int list(struct cli *c)
{
    struct api_path path = api_path("/api/v1/devices");
    const char *name = args_value(&c->args, "name");
    bool online = args_has(&c->args, "online");

    if (online && args_has(&c->args, "offline"))
        return cli_usage(c, "a device is online or offline, not both");
    if (c->args.words[0])
        api_path_query(&path, "product_key", c->args.words[0]);
    if (name)
        api_path_query(&path, "q", name);
    if (online || args_has(&c->args, "offline"))
        api_path_query(&path, "online", online ? "true" : "false");
    return show_list(c, &path, 0, COLUMNS);
}

static int show(struct cli *c)
{
    const struct api_path path = device_path(c);

    return show_get(c, &path, FIELDS);
}

static int set_enabled(struct cli *c, bool enabled)
{
    const struct api_path path = device_path(c);

    return show_send(c, "PATCH", &path, json_pack("{s:b}", "enabled", enabled),
                     FIELDS);
}

static int enable(struct cli *c)
{
    return set_enabled(c, true);
}

static int disable(struct cli *c)
{
    return set_enabled(c, false);
}

static const struct args_option CREATE_OPTIONS[] = {
    {"secret", "S", ARGS_MAY, "its deviceSecret (one is made up)"},
    {"identity", "FILE", ARGS_MAY, "write what the device starts with"},
    {"mqtt", "HOST:PORT", ARGS_MAY,
     "the broker, for --identity, with --server"},
    {NULL, NULL, ARGS_MAY, NULL},
};

static const struct args_option LIST_OPTIONS[] = {
    {"name", "BEGIN", ARGS_MAY, "only names that begin so"},
    {"online", NULL, ARGS_MAY, "only those that are connected"},
    {"offline", NULL, ARGS_MAY, "only those that are not"},
    {NULL, NULL, ARGS_MAY, NULL},
};

const struct cli_command CMD_DEVICE[] = {
    {"create", "PK DN", "Add a device to a product", CREATE_OPTIONS, create},
    {"list", "[PK]", "Show all devices, or a product's", LIST_OPTIONS, list},
    {"show", "PK DN", "Show one device", NULL, show},
    {"enable", "PK DN", "Let a device connect again", NULL, enable},
    {"disable", "PK DN", "Disconnect a device and keep it out", NULL, disable},
    {NULL, NULL, NULL, NULL, NULL},
};
