/* http_devices.c - devices: create, list, get, enable and disable.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

/* The device, with its newest task; NULL and *e if that cannot be had. */
static json_t *device_json(struct store *s, const struct device *d, ota_err *e,
                           struct diag *why)
{
    struct package p;
    struct task t;

    *e = store_task_newest(s, d->id, &t, why);
    if (*e == OTA_ERR_NOT_FOUND) {
        *e = OTA_OK;
        return http_model_device(d, NULL, NULL);
    }
    if (*e == OTA_OK)
        *e = store_package_get(s, t.package_id, &p, why);
    return *e == OTA_OK ? http_model_device(d, &t, &p) : NULL;
}

/* A secret leaves the server only here: to the admin who makes the device, or
 * who asks for it. */
static void reply_device(struct http_request *r, unsigned status,
                         const char *name, bool with_secret)
{
    struct diag why = {""};
    struct device d;
    struct store *reader = http_reader_take(r);
    ota_err e = store_device_get(reader, r->match.segment[0], name, &d, &why);
    json_t *json = NULL;

    if (e == OTA_OK)
        json = device_json(reader, &d, &e, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK) {
        http_refuse_error(r, e, &why);
        return;
    }
    if (with_secret)
        json_object_set_new(json, "device_secret", json_string(d.secret));
    http_reply_json(r, status, json);
}

static void device_created(struct http_request *r)
{
    const json_t *name = json_object_get(r->json, "device_name");

    if (http_result_ok(r))
        reply_device(r, MHD_HTTP_CREATED, json_string_value(name), true);
}

void http_device_create(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_DEVICE_CREATE};
    struct device *d = &cmd.u.device;
    const char *key;
    const struct http_member members[] = {
        {.name = "device_name",
         .kind = MEMBER_TEXT,
         .required = true,
         .out = d->name,
         .text_max = sizeof d->name,
         .ok = identity_device_name_ok,
         .must = "1 to 32 letters, digits or . _ : @ -"},
        {.name = "device_secret",
         .kind = MEMBER_TEXT,
         .out = d->secret,
         .text_max = sizeof d->secret,
         .ok = identity_secret_ok,
         .must = "8 to 64 letters and digits"},
    };

    if (!http_path_product(r, &key) || !http_members(r, members, 2))
        return;
    (void)http_text_copy(d->product_key, sizeof d->product_key, key);
    d->enabled = true;
    http_command(r, &cmd, device_created);
}

void http_device_get(struct http_request *r)
{
    const char *key, *name;
    const char *secret = http_query(r, "secret");

    if (!http_path_device(r, &key, &name))
        return;
    if (secret && strcmp(secret, "1") != 0) {
        http_refuse(r, MHD_HTTP_UNPROCESSABLE_CONTENT, "INVALID",
                    "query member \"secret\" must be 1");
        return;
    }
    if (secret && r->who.role != ROLE_ADMIN) {
        http_refuse(r, MHD_HTTP_FORBIDDEN, "FORBIDDEN",
                    "a device's secret needs the role admin");
        return;
    }
    reply_device(r, MHD_HTTP_OK, name, secret != NULL);
}

static void device_enabled(struct http_request *r)
{
    if (http_result_ok(r))
        reply_device(r, MHD_HTTP_OK, r->match.segment[1], false);
}

void http_device_enable(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_DEVICE_ENABLE};
    struct device *d = &cmd.u.device;
    const char *key, *name;
    const struct http_member members[] = {
        {.name = "enabled",
         .kind = MEMBER_BOOL,
         .required = true,
         .out = &d->enabled},
    };

    if (!http_path_device(r, &key, &name) || !http_members(r, members, 1))
        return;
    (void)http_text_copy(d->product_key, sizeof d->product_key, key);
    (void)http_text_copy(d->name, sizeof d->name, name);
    http_command(r, &cmd, device_enabled);
}

struct filling {
    struct store *store;
    struct http_list *list;
    ota_err error;
    struct diag *why;
};

static bool add(void *ctx, const struct device *d)
{
    struct filling *f = ctx;
    json_t *json = device_json(f->store, d, &f->error, f->why);

    return f->error == OTA_OK && http_list_add(f->list, d->id, json);
}

static ota_err read_devices(struct store *s, const struct store_filter *f,
                            struct http_list *l, struct diag *why)
{
    struct filling into = {s, l, OTA_OK, why};
    ota_err e = store_devices(s, f, add, &into, why);

    return e == OTA_OK ? into.error : e;
}

static ota_err read_page(struct store *s, const struct store_filter *f,
                         struct http_list *l, struct diag *why)
{
    struct product p;
    ota_err e = store_product_get(s, f->product_key, &p, why);

    return e == OTA_OK ? read_devices(s, f, l, why) : e;
}

void http_device_list(struct http_request *r)
{
    struct store_filter f = {0};

    if (http_path_product(r, &f.product_key))
        http_list(r, &f, read_page);
}

void http_device_list_all(struct http_request *r)
{
    struct store_filter f = {
        .product_key = http_query(r, "product_key"),
        .name_begin = http_query(r, "q"),
    };
    bool online, given;

    if (!http_query_bool(r, "online", &online, &given))
        return;
    if (f.name_begin && !identity_device_name_ok(f.name_begin)) {
        http_query_refuse(r, "q", "must be letters of a device name");
        return;
    }
    if (given)
        f.online = &online;
    http_list(r, &f, f.product_key ? read_page : read_devices);
}
