/* http_jobs.c - jobs and their tasks: get, list, cancel.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

void http_job_get(struct http_request *r)
{
    struct diag why = {""};
    struct job j;
    int64_t id;

    if (!http_path_id(r, 0, &id))
        return;
    struct store *reader = http_reader_take(r);
    ota_err e = store_job_get(reader, id, &j, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    else
        http_reply_json(r, MHD_HTTP_OK, http_model_job(&j));
}

static bool add(void *ctx, const struct task *t, const struct device *d)
{
    return http_list_add(ctx, t->id, http_model_task(t, d));
}

static ota_err read_page(struct store *s, const struct store_filter *f,
                         struct http_list *l, struct diag *why)
{
    struct job j;
    ota_err e = f->job_id ? store_job_get(s, f->job_id, &j, why) : OTA_OK;

    return e == OTA_OK ? store_tasks(s, f, add, l, why) : e;
}

void http_job_tasks(struct http_request *r)
{
    struct store_filter f = {0};

    if (http_path_id(r, 0, &f.job_id))
        http_list(r, &f, read_page);
}

void http_task_list(struct http_request *r)
{
    struct store_filter f = {
        .product_key = http_query(r, "product_key"),
        .device_name = http_query(r, "device_name"),
    };

    if (http_query_id(r, "package_id", &f.package_id))
        http_list(r, &f, read_page);
}

static void reply_task(struct http_request *r, int64_t id)
{
    struct diag why = {""};
    struct device d;
    struct task t;
    struct store *reader = http_reader_take(r);
    ota_err e = store_task_get(reader, id, &t, &why);

    if (e == OTA_OK)
        e = store_device_by_id(reader, t.device_id, &d, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK)
        http_refuse_error(r, e, &why);
    else
        http_reply_json(r, MHD_HTTP_OK, http_model_task(&t, &d));
}

void http_task_get(struct http_request *r)
{
    int64_t id;

    if (http_path_id(r, 0, &id))
        reply_task(r, id);
}

static void task_canceled(struct http_request *r)
{
    int64_t id;

    if (http_result_ok(r) && http_path_id(r, 0, &id))
        reply_task(r, id);
}

void http_task_cancel(struct http_request *r)
{
    struct core_command cmd = {.type = CMD_TASK_CANCEL};

    if (http_path_id(r, 0, &cmd.u.id))
        http_command(r, &cmd, task_canceled);
}
