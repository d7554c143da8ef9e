/* http_packages.c - packages: list, get, verify. Uploading is http_upload.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

enum { TIMEOUT_MINUTES_MAX = 1440 };

static ota_err job_of(struct store *s, const struct package *p, int64_t *job,
                      struct diag *why)
{
    struct job j;
    ota_err e = store_job_of_package(s, p->id, &j, why);

    *job = e == OTA_OK ? j.id : 0;
    return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
}

void http_package_reply(struct http_request *r, unsigned status, int64_t id)
{
    struct diag why = {""};
    struct package p;
    int64_t job;
    struct store *reader = http_reader_take(r);
    ota_err e = store_package_get(reader, id, &p, &why);

    if (e == OTA_OK)
        e = job_of(reader, &p, &job, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    else
        http_reply_json(r, status, http_model_package(&p, job));
}

void http_package_get(struct http_request *r)
{
    int64_t id;

    if (http_path_id(r, 0, &id))
        http_package_reply(r, MHD_HTTP_OK, id);
}

struct filling {
    struct store *store;
    struct http_list *list;
    ota_err error;
    struct diag *why;
};

static bool add(void *ctx, const struct package *p)
{
    struct filling *f = ctx;
    int64_t job;

    f->error = job_of(f->store, p, &job, f->why);
    return f->error == OTA_OK &&
           http_list_add(f->list, p->id, http_model_package(p, job));
}

static ota_err read_packages(struct store *s, const struct store_filter *f,
                             struct http_list *l, struct diag *why)
{
    struct filling into = {s, l, OTA_OK, why};
    ota_err e = store_packages(s, f, add, &into, why);

    return e == OTA_OK ? into.error : e;
}

static ota_err read_page(struct store *s, const struct store_filter *f,
                         struct http_list *l, struct diag *why)
{
    struct product p;
    ota_err e = store_product_get(s, f->product_key, &p, why);

    return e == OTA_OK ? read_packages(s, f, l, why) : e;
}

void http_package_list(struct http_request *r)
{
    struct store_filter f = {0};

    if (http_path_product(r, &f.product_key))
        http_list(r, &f, read_page);
}

void http_package_list_all(struct http_request *r)
{
    struct store_filter f = {
        .product_key = http_query(r, "product_key"),
        .newest_first = true,
    };
    const char *text = http_query(r, "state");
    enum package_state state;

    if (text && !package_state_parse(text, &state)) {
        http_query_refuse(r, "state", "must be a state of packages");
        return;
    }
    if (text)
        f.state = &state;
    http_list(r, &f, f.product_key ? read_page : read_packages);
}

static void verify_started(struct http_request *r)
{
    struct diag why = {""};
    struct job j;

    if (!http_result_ok(r))
        return;
    struct store *reader = http_reader_take(r);
    ota_err e = store_job_get(reader, r->result.id, &j, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    else
        http_reply_json(r, MHD_HTTP_CREATED, http_model_job(&j));
}

void http_package_verify(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_PACKAGE_VERIFY};
    struct cmd_verify *v = calloc(1, sizeof *v);

    if (!v) {
        http_refuse_error(r, OTA_ERR_IO, &(struct diag){"out of memory"});
        return;
    }
    const struct http_member members[] = {
        {.name = "device_names",
         .kind = MEMBER_TEXTS,
         .required = true,
         .out = v->devices,
         .text_max = sizeof v->devices[0],
         .ok = identity_device_name_ok,
         .must = "a list of 1 to 200 device names",
         .min = 1,
         .max = MODEL_TARGETS_MAX,
         .count = &v->device_count},
        {.name = "source_versions",
         .kind = MEMBER_TEXTS,
         .out = v->sources,
         .text_max = sizeof v->sources[0],
         .ok = identity_version_ok,
         .must = "a list of up to 16 versions",
         .max = MODEL_SOURCES_MAX,
         .count = &v->source_count},
        {.name = "timeout_minutes",
         .kind = MEMBER_U32,
         .out = &v->timeout_minutes,
         .must = "a whole number from 1 to 1440",
         .min = 1,
         .max = TIMEOUT_MINUTES_MAX},
    };
    r->verify = v; /* the core reads it while we wait */
    cmd.u.verify = v;
    if (http_path_id(r, 0, &v->package_id) && http_members(r, members, 3))
        http_command(r, &cmd, verify_started);
}
