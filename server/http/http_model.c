/* http_model.c - the nouns of the server as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_model.h"

#include <stdbool.h>

json_t *http_model_product(const struct product *p)
{
    return json_pack("{s:s,s:s,s:I}", "product_key", p->key, "name", p->name,
                     "created_ms", (json_int_t)p->created_ms);
}

json_t *http_model_device(const struct device *d)
{
    return json_pack(
        "{s:s,s:s,s:b,s:s,s:s,s:b,s:I,s:I,s:I}", "product_key", d->product_key,
        "device_name", d->name, "enabled", (int)d->enabled, "version",
        d->version, "agent", d->agent, "online", (int)d->online, "seen_ms",
        (json_int_t)d->seen_ms, "informed_ms", (json_int_t)d->informed_ms,
        "created_ms", (json_int_t)d->created_ms);
}

/* The names that Link SDK reads in a push; exactly these. */
const char *http_model_sign_method(enum sign_method m)
{
    switch (m) {
    case SIGN_MD5:
        return "Md5";
    case SIGN_SHA256:
        return "SHA256";
    }
    return "?";
}

json_t *http_model_package(const struct package *p)
{
    return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:I}", "id",
                     (json_int_t)p->id, "product_key", p->product_key, "name",
                     p->name, "module", p->module, "version", p->version,
                     "state", package_state_name(p->state), "sign_method",
                     http_model_sign_method(p->sign_method), "size_bytes",
                     (json_int_t)p->size_bytes, "sha256", p->sha256, "md5",
                     p->md5, "image", p->image, "created_ms",
                     (json_int_t)p->created_ms);
}

json_t *http_model_job(const struct job *j)
{
    json_t *sources = json_array();

    for (uint32_t i = 0; i < j->source_count; i++)
        json_array_append_new(sources, json_string(j->sources[i]));
    return json_pack("{s:I,s:I,s:s,s:s,s:I,s:o,s:I}", "id", (json_int_t)j->id,
                     "package_id", (json_int_t)j->package_id, "type",
                     job_type_name(j->type), "state", job_state_name(j->state),
                     "timeout_minutes", (json_int_t)j->timeout_minutes,
                     "source_versions", sources, "created_ms",
                     (json_int_t)j->created_ms);
}

json_t *http_model_task(const struct task *t, const struct device *d)
{
    return json_pack(
        "{s:I,s:I,s:I,s:s,s:s,s:s,s:i,s:I,s:s,s:s,s:I,s:I,s:I}", "id",
        (json_int_t)t->id, "job_id", (json_int_t)t->job_id, "package_id",
        (json_int_t)t->package_id, "product_key", d->product_key, "device_name",
        d->name, "state", task_state_name(t->state), "step", (int)t->step,
        "pushes", (json_int_t)t->pushes, "reason", t->reason, "source_version",
        t->source_version, "created_ms", (json_int_t)t->created_ms,
        "changed_ms", (json_int_t)t->changed_ms, "deadline_ms",
        (json_int_t)t->deadline_ms);
}

json_t *http_model_event(const struct event *e)
{
    return json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:s}", "id",
                     (json_int_t)e->id, "at_ms", (json_int_t)e->at_ms, "actor",
                     e->actor, "kind", e->kind, "product_key", e->product_key,
                     "device_name", e->device_name, "package_id",
                     (json_int_t)e->package_id, "job_id", (json_int_t)e->job_id,
                     "task_id", (json_int_t)e->task_id, "text", e->text);
}
