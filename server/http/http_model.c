/* http_model.c - the nouns of the server as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_model.h"

#include <stdbool.h>

#include "base/text.h"
#include "server/core/checks.h"
#include "server/core/release_keys.h"

json_t *http_model_product(const struct product *p)
{
    json_t *keys = json_array();
    struct release_key key;
    const char *at = p->release_keys;

    for (const char *from = at; release_key_next(&at, &key); from = at) {
        uint8_t hash[SHA256_BYTES];
        char hex[2 * SHA256_BYTES + 1];
        struct text t = text_in(hex, sizeof hex);

        release_key_hash(hash, &key);
        text_add_hex(&t, hash, sizeof hash, false);
        json_array_append_new(keys,
                              json_pack("{s:s,s:s#,s:s}", "type",
                                        release_key_type(&key), "public", from,
                                        (int)(2 * key.len), "key_hash", hex));
    }
    return json_pack("{s:s,s:s,s:I,s:o,s:I}", "product_key", p->key, "name",
                     p->name, "slot_bytes", (json_int_t)p->slot_bytes, "keys",
                     keys, "created_ms", (json_int_t)p->created_ms);
}

static json_t *device_task(const struct task *t, const struct package *p)
{
    if (!t)
        return json_null();
    return json_pack("{s:I,s:I,s:s,s:s,s:i,s:s,s:I}", "id", (json_int_t)t->id,
                     "package_id", (json_int_t)t->package_id, "version",
                     p->version, "state", task_state_name(t->state), "step",
                     (int)t->step, "reason", t->reason, "changed_ms",
                     (json_int_t)t->changed_ms);
}

json_t *http_model_device(const struct device *d, const struct task *t,
                          const struct package *p)
{
    return json_pack("{s:s,s:s,s:b,s:s,s:s,s:b,s:I,s:I,s:I,s:o}", "product_key",
                     d->product_key, "device_name", d->name, "enabled",
                     (int)d->enabled, "version", d->version, "agent", d->agent,
                     "online", (int)d->online, "seen_ms",
                     (json_int_t)d->seen_ms, "informed_ms",
                     (json_int_t)d->informed_ms, "created_ms",
                     (json_int_t)d->created_ms, "task", device_task(t, p));
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

json_t *http_model_checks(const char *checks)
{
    json_t *list = json_array();
    char text[CHECK_TEXT_MAX];
    struct check c;

    while (checks_next(&checks, &c)) {
        json_t *values = json_array();

        for (size_t n = 0; n < CHECK_VALUES && c.values[n][0]; n++)
            json_array_append_new(values, json_string(c.values[n]));
        check_text(text, &c);
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:s,s:s,s:o}", "name",
                                        check_name_text(c.name), "state",
                                        check_state_text(c.state), "text", text,
                                        "format", c.format, "values", values));
    }
    return list;
}

json_t *http_model_token(const struct token *t)
{
    return json_pack("{s:I,s:s,s:s,s:I}", "id", (json_int_t)t->id, "name",
                     t->name, "role", role_name(t->role), "created_ms",
                     (json_int_t)t->created_ms);
}

json_t *http_model_package(const struct package *p, int64_t job)
{
    return json_pack(
        "{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:o,s:o,s:I}", "id",
        (json_int_t)p->id, "product_key", p->product_key, "name", p->name,
        "module", p->module, "version", p->version, "state",
        package_state_name(p->state), "sign_method",
        http_model_sign_method(p->sign_method), "size_bytes",
        (json_int_t)p->size_bytes, "sha256", p->sha256, "md5", p->md5, "image",
        p->image, "checks", http_model_checks(p->checks), "job",
        job ? json_integer(job) : json_null(), "created_ms",
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
    return json_pack(
        "{s:I,s:I,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:s,s:i,s:s,s:s}", "id",
        (json_int_t)e->id, "at_ms", (json_int_t)e->at_ms, "actor", e->actor,
        "kind", e->kind, "product_key", e->product_key, "device_name",
        e->device_name, "package_id", (json_int_t)e->package_id, "job_id",
        (json_int_t)e->job_id, "task_id", (json_int_t)e->task_id, "state",
        e->state, "step", (int)e->step, "version", e->version, "text", e->text);
}
