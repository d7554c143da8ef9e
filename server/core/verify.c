/* verify.c - start a verification: one job, one task per test device, all or
 * none.
 *
 * Tests: test/unit/server_core/test_core_verify.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/core/names.h"
#include "server/core/package_step.h"
#include "server/core/task_run.h"
#include "server/store/store.h"

enum { TIMEOUT_MINUTES_MAX = 1440 };

static ota_err request_check(struct turn *t, const struct cmd_verify *v)
{
    struct diag *why = &t->result->why;

    if (v->device_count == 0 || v->device_count > MODEL_TARGETS_MAX) {
        diag_set(why, "name 1 to %d devices", MODEL_TARGETS_MAX);
        return OTA_ERR_RANGE;
    }
    if (v->source_count > MODEL_SOURCES_MAX) {
        diag_set(why, "name at most %d source versions", MODEL_SOURCES_MAX);
        return OTA_ERR_RANGE;
    }
    if (v->timeout_minutes > TIMEOUT_MINUTES_MAX) {
        diag_set(why, "the timeout is 1 to %d minutes, or 0 for none",
                 TIMEOUT_MINUTES_MAX);
        return OTA_ERR_RANGE;
    }
    for (uint32_t i = 0; i < v->source_count; i++) {
        if (!identity_version_ok(v->sources[i])) {
            diag_set(why,
                     "\"%.64s\" is no source version: 1 to 64 of A-Z a-z "
                     "0-9 . _ + -",
                     v->sources[i]);
            return OTA_ERR_SYNTAX;
        }
    }
    return OTA_OK;
}

static ota_err names_check(struct turn *t, const struct cmd_verify *v)
{
    for (uint32_t i = 0; i < v->device_count; i++) {
        for (uint32_t k = i + 1; k < v->device_count; k++) {
            if (strcmp(v->devices[i], v->devices[k]) == 0) {
                diag_set(&t->result->why, "device %s is named twice",
                         v->devices[i]);
                return OTA_ERR_EXISTS;
            }
        }
    }
    return OTA_OK;
}

static ota_err package_check(struct turn *t, const struct package *p)
{
    struct diag *why = &t->result->why;

    if (!package_may_verify(p->state)) {
        diag_set(why,
                 "package %" PRId64 " was uploaded as needing no "
                 "verification",
                 p->id);
        return OTA_ERR_STATE;
    }
    if (strcmp(p->module, "default") != 0) {
        diag_set(why,
                 "package %" PRId64 " is for the module %s: only whole-device "
                 "packages (module default) can be verified",
                 p->id, p->module);
        return OTA_ERR_STATE;
    }
    return OTA_OK;
}

static bool is_source(const struct cmd_verify *v, const char *version)
{
    for (uint32_t i = 0; i < v->source_count; i++) {
        if (strcmp(v->sources[i], version) == 0)
            return true;
    }
    return v->source_count == 0; /* none named: any */
}

static ota_err device_check(struct turn *t, const struct cmd_verify *v,
                            const struct package *p, const struct device *d)
{
    struct diag *why = &t->result->why;
    struct task other;

    if (!d->enabled) {
        diag_set(why, "device %s is disabled: enable it first", d->name);
        return OTA_ERR_STATE;
    }
    if (d->version[0] == '\0') {
        diag_set(why,
                 "device %s never told its version: let it connect once first",
                 d->name);
        return OTA_ERR_STATE;
    }
    if (strcmp(d->version, p->version) == 0) {
        diag_set(why, "device %s runs %s already", d->name, d->version);
        return OTA_ERR_STATE;
    }
    if (!is_source(v, d->version)) {
        diag_set(why,
                 "device %s runs %s, which is not among the source versions",
                 d->name, d->version);
        return OTA_ERR_STATE;
    }
    ota_err e = store_task_unfinished(t->store, d->id, &other, why);
    if (e == OTA_OK) {
        diag_set(why,
                 "device %s has the unfinished task %" PRId64
                 ": wait for it or cancel it",
                 d->name, other.id);
        return OTA_ERR_EXISTS;
    }
    return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
}

static ota_err job_make(struct turn *t, const struct cmd_verify *v,
                        const struct package *p, struct job *j)
{
    struct event ev = {.package_id = p->id};

    *j = (struct job){.package_id = p->id,
                      .type = JOB_VERIFY_FIRMWARE,
                      .state = JOB_IN_PROGRESS,
                      .timeout_minutes = v->timeout_minutes,
                      .source_count = v->source_count,
                      .created_ms = t->now};
    memcpy(j->sources, v->sources, sizeof j->sources);
    ota_err e = store_job_add(t->store, j, &t->result->why);
    if (e != OTA_OK)
        return e;
    t->result->id = ev.job_id = j->id;
    memcpy(ev.product_key, p->product_key, sizeof ev.product_key);
    memcpy(ev.version, p->version, sizeof ev.version);
    return turn_event(t, &ev, "job.created",
                      "verification of %s on %" PRIu32 " device%s", p->version,
                      v->device_count, v->device_count == 1 ? "" : "s");
}

static ota_err task_make(struct turn *t, struct work *w, int64_t job_id)
{
    struct happening h = {.event = TASK_EV_CHANGED};
    struct event ev = {.package_id = w->package.id, .job_id = job_id};
    struct task *k = &w->task;

    *k = (struct task){.job_id = job_id,
                       .package_id = w->package.id,
                       .device_id = w->device.id,
                       .state = TASK_QUEUED,
                       .created_ms = t->now,
                       .changed_ms = t->now};
    memcpy(k->source_version, w->device.version, sizeof k->source_version);
    ota_err e = store_task_add(t->store, k, &t->result->why);
    if (e != OTA_OK)
        return e;
    ev.task_id = k->id;
    memcpy(ev.product_key, w->device.product_key, sizeof ev.product_key);
    memcpy(ev.device_name, w->device.name, sizeof ev.device_name);
    memcpy(ev.version, w->package.version, sizeof ev.version);
    event_state(&ev, task_state_name(k->state));
    e = turn_event(t, &ev, "task.state", "%s: from %s to %s",
                   task_state_name(k->state), k->source_version,
                   w->package.version);
    /* Push it, or say why it waits. */
    return e == OTA_OK ? task_run(t, w, &h) : e;
}

static ota_err package_begin(struct turn *t, struct package *p, int64_t job_id)
{
    struct event ev = {.package_id = p->id, .job_id = job_id};
    enum package_state next = package_step(p->state, PACKAGE_EV_VERIFY);

    if (next == p->state)
        return OTA_OK;
    p->state = next;
    memcpy(ev.product_key, p->product_key, sizeof ev.product_key);
    memcpy(ev.version, p->version, sizeof ev.version);
    event_state(&ev, package_state_name(next));
    ota_err e = store_package_save(t->store, p, &t->result->why);
    return e == OTA_OK ? turn_event(t, &ev, "package.state", "%s is %s",
                                    p->version, package_state_name(next))
                       : e;
}

ota_err verify_package(struct turn *t, const struct cmd_verify *v)
{
    struct diag *why = &t->result->why;
    struct work w;
    struct job j;

    ota_err e = request_check(t, v);
    if (e == OTA_OK)
        e = names_check(t, v);
    if (e == OTA_OK)
        e = store_package_get(t->store, v->package_id, &w.package, why);
    if (e == OTA_OK)
        e = package_check(t, &w.package);
    if (e == OTA_OK)
        e = job_make(t, v, &w.package, &j);
    if (e == OTA_OK)
        e = package_begin(t, &w.package, j.id);
    for (uint32_t i = 0; e == OTA_OK && i < v->device_count; i++) {
        e = store_device_get(t->store, w.package.product_key, v->devices[i],
                             &w.device, why);
        if (e == OTA_OK)
            e = device_check(t, v, &w.package, &w.device);
        if (e == OTA_OK)
            e = task_make(t, &w, j.id);
    }
    return e;
}
