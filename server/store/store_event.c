/* store_event.c - timelines and the audit log.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

static const struct field FIELDS[] = {
    FIELD_OF(event, id, FIELD_I64),
    FIELD_OF(event, at_ms, FIELD_I64),
    FIELD_TEXT_OF(event, actor),
    FIELD_TEXT_OF(event, kind),
    FIELD_TEXT_OF(event, product_key),
    FIELD_TEXT_OF(event, device_name),
    FIELD_OF(event, package_id, FIELD_I64),
    FIELD_OF(event, job_id, FIELD_I64),
    FIELD_OF(event, task_id, FIELD_I64),
    FIELD_TEXT_OF(event, state),
    FIELD_OF(event, step, FIELD_I32),
    FIELD_TEXT_OF(event, version),
    FIELD_TEXT_OF(event, text),
};

static const struct table EVENT = TABLE_OF(event, FIELDS);

ota_err store_event_add(struct store *s, struct event *ev, struct diag *why)
{
    return table_add(s, &EVENT, ev, &ev->id, why);
}

ota_err store_event_last(struct store *s, int64_t *id, struct diag *why)
{
    struct query q = {.count = 0};
    struct event ev = {.id = 0};

    ota_err e = table_find(s, &EVENT, &q, "ORDER BY id DESC", &ev, why);
    *id = ev.id;
    return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
}

struct each_event {
    bool (*each)(void *, const struct event *);
    void *ctx;
};

static bool each_row(void *ctx, const void *row)
{
    struct each_event *c = ctx;

    return c->each(c->ctx, row);
}

ota_err store_events(struct store *s, const struct store_filter *f,
                     bool (*each)(void *, const struct event *), void *ctx,
                     struct diag *why)
{
    struct each_event c = {each, ctx};
    struct query q = {.count = 0};

    filter_text(&q, "product_key = $?", f->product_key);
    filter_text(&q, "device_name = $?", f->device_name);
    filter_number(&q, "package_id > 0 AND package_id = $?", f->package_id);
    filter_number(&q, "job_id > 0 AND job_id = $?", f->job_id);
    filter_number(&q, "task_id > 0 AND task_id = $?", f->task_id);
    return table_list(s, &EVENT, &q, f, each_row, &c, why);
}
