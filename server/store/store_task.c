/* store_task.c - tasks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

static const struct field FIELDS[] = {
    FIELD_OF(task, id, FIELD_I64),
    FIELD_OF(task, job_id, FIELD_I64),
    FIELD_OF(task, package_id, FIELD_I64),
    FIELD_OF(task, device_id, FIELD_I64),
    FIELD_ENUM_OF(task, state, TASK_CANCELED + 1),
    FIELD_OF(task, step, FIELD_I32),
    FIELD_OF(task, pushes, FIELD_U32),
    FIELD_OF(task, attempts, FIELD_U32),
    FIELD_TEXT_OF(task, epoch),
    FIELD_TEXT_OF(task, reason),
    FIELD_TEXT_OF(task, source_version),
    FIELD_OF(task, created_ms, FIELD_I64),
    FIELD_OF(task, changed_ms, FIELD_I64),
    FIELD_OF(task, deadline_ms, FIELD_I64),
    FIELD_OF(task, row_version, FIELD_I64),
};

static const struct table TASK = TABLE_OF(task, FIELDS);

ota_err store_task_add(struct store *s, struct task *t, struct diag *why)
{
    ota_err e = table_add(s, &TASK, t, &t->id, why);

    if (e == OTA_ERR_EXISTS)
        diag_set(why, "the device has a task that is not over");
    return e;
}

ota_err store_task_save(struct store *s, struct task *t, struct diag *why)
{
    return table_save(s, &TASK, t, why);
}

ota_err store_task_get(struct store *s, int64_t id, struct task *t,
                       struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "id = $?", id);
    ota_err e = table_find(s, &TASK, &q, "", t, why);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "there is no task %lld", (long long)id);
    return e;
}

/* "state < 4" must stand in the text as it does in the partial indexes: with a
 * parameter instead of the 4 they would not be used. */
ota_err store_task_unfinished(struct store *s, int64_t device_id,
                              struct task *t, struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "device_id = $?", device_id);
    return table_find(s, &TASK, &q, "AND state < 4", t, why);
}

ota_err store_task_newest(struct store *s, int64_t device_id, struct task *t,
                          struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "device_id = $?", device_id);
    return table_find(s, &TASK, &q, "ORDER BY id DESC", t, why);
}

ota_err store_task_due(struct store *s, model_ms by, struct task *t,
                       struct diag *why)
{
    struct query q = {.count = 0};

    query_number(&q, "deadline_ms <= $?", by);
    return table_find(s, &TASK, &q,
                      "AND deadline_ms > 0 AND state < 4 ORDER BY deadline_ms",
                      t, why);
}

ota_err store_job_is_open(struct store *s, int64_t job_id, bool *open,
                          struct diag *why)
{
    struct value id = {NULL, job_id};

    return table_run(
        s, "SELECT 1 FROM task WHERE job_id = $1 AND state < 4 LIMIT 1", &id, 1,
        open, why);
}

ota_err store_package_is_open(struct store *s, int64_t package_id, bool *open,
                              struct diag *why)
{
    struct value id = {NULL, package_id};

    return table_run(
        s, "SELECT 1 FROM task WHERE package_id = $1 AND state < 4 LIMIT 1",
        &id, 1, open, why);
}

ota_err store_tasks_explain(struct store *s, const char *reason,
                            struct diag *why)
{
    struct value text = {reason, 0};

    return table_run(s,
                     "UPDATE task SET reason = $1,"
                     " row_version = row_version + 1 WHERE state < 4",
                     &text, 1, NULL, why);
}

struct each_task {
    struct store *store;
    bool (*each)(void *, const struct task *, const struct device *);
    void *ctx;
    ota_err error;
    struct diag *why;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_task *c = ctx;
    const struct task *t = row;
    struct device d;

    c->error = store_device_by_id(c->store, t->device_id, &d, c->why);
    return c->error == OTA_OK && c->each(c->ctx, t, &d);
}

ota_err store_tasks(struct store *s, const struct store_filter *f,
                    bool (*each)(void *, const struct task *,
                                 const struct device *),
                    void *ctx, struct diag *why)
{
    struct each_task c = {s, each, ctx, OTA_OK, why};
    struct query q = {.count = 0};

    filter_text(&q,
                "device_id IN (SELECT id FROM device WHERE product_key = $?)",
                f->product_key);
    filter_text(&q, "device_id IN (SELECT id FROM device WHERE name = $?)",
                f->device_name);
    filter_number(&q, "package_id = $?", f->package_id);
    filter_number(&q, "job_id = $?", f->job_id);
    filter_number(&q, "id = $?", f->task_id);
    ota_err e = table_list(s, &TASK, &q, f, each_row, &c, why);
    return e == OTA_OK ? c.error : e;
}
