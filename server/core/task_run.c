/* task_run.c - the driver of the task table.
 *
 * Start at task_run(). Every change writes one row into the timeline, and every
 * task that is not over has a reason that says what it waits for.
 *
 * Tests: test/unit/server_core/test_core_*.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/task_run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "server/core/names.h"
#include "server/core/package_step.h"
#include "server/store/store.h"

enum {
    /* Deadlines handled in one command; the rest is due at the next tick. */
    DUE_MAX = 256,
};

static struct event about(const struct work *w)
{
    struct event ev = {
        .package_id = w->task.package_id,
        .job_id = w->task.job_id,
        .task_id = w->task.id,
    };

    memcpy(ev.product_key, w->device.product_key, sizeof ev.product_key);
    memcpy(ev.device_name, w->device.name, sizeof ev.device_name);
    memcpy(ev.version, w->package.version, sizeof ev.version);
    return ev;
}

/* --- reasons -------------------------------------------------------------- */

static void reason_set(struct task *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void reason_set(struct task *t, const char *format, ...)
{
    char text[2 * MODEL_DESC_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_clean(t->reason, sizeof t->reason, text);
}

/* ", device is offline since ..." or "" */
static void offline_text(char out[64], const struct device *d,
                         const char *before)
{
    char when[32] = "";
    time_t s = (time_t)(d->seen_ms / 1000);
    struct tm utc;

    out[0] = '\0';
    if (d->online)
        return;
    if (d->seen_ms == 0) {
        (void)snprintf(out, 64, "%sdevice has never connected", before);
        return;
    }
    if (gmtime_r(&s, &utc))
        (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S UTC", &utc);
    (void)snprintf(out, 64, "%sdevice is offline since %s", before, when);
}

static void explain_queued(struct work *w)
{
    const struct device *d = &w->device;
    char offline[64];

    offline_text(offline, d, "");
    if (!d->enabled)
        reason_set(&w->task, "device is disabled");
    else if (offline[0])
        reason_set(&w->task, "%s", offline);
    else
        reason_set(&w->task, "device already began an update since it started; "
                             "it is told after its next start");
}

static void explain_progress(struct work *w, const char *desc)
{
    struct task *t = &w->task;
    char offline[64];

    offline_text(offline, &w->device, "; ");
    if (t->step < 100)
        reason_set(t, "downloading, %" PRId32 " %%%s%s%s", t->step,
                   desc[0] ? ": " : "", desc, offline);
    else if (desc[0])
        reason_set(t, "%s%s", desc, offline);
    else
        reason_set(t, "downloaded, waits for %s to start%s", w->package.version,
                   offline);
}

static void explain(struct work *w, const char *desc)
{
    char offline[64];

    switch (w->task.state) {
    case TASK_CONFIRM:
        reason_set(&w->task, "waits for a person to confirm it");
        break;
    case TASK_QUEUED:
        explain_queued(w);
        break;
    case TASK_NOTIFIED:
        offline_text(offline, &w->device, "; ");
        if (w->task.attempts > 0 || w->task.step > 0)
            reason_set(&w->task, "connected anew with %s, no progress yet%s",
                       w->task.source_version, offline);
        else
            reason_set(&w->task, "pushed, no progress yet%s", offline);
        break;
    case TASK_IN_PROGRESS:
        explain_progress(w, desc);
        break;
    case TASK_SUCCEEDED:
    case TASK_FAILED:
    case TASK_CANCELED:
        break; /* over: the reason is what ended it */
    }
}

static const char *step_text(int32_t step)
{
    switch (step) {
    case -1:
        return "the upgrade failed (-1)";
    case -2:
        return "the download failed (-2)";
    case -3:
        return "verification failed (-3)";
    case -4:
        return "writing the flash failed (-4)";
    default:
        return "the device reported a failure of an unknown kind";
    }
}

static void explain_failed_step(struct task *t, const struct happening *h)
{
    if (h->step > 100)
        reason_set(t,
                   "the download failed (-2): the device reported step "
                   "%" PRId32 ", which Link SDK does after a damaged transfer",
                   h->step);
    else if (h->desc[0])
        reason_set(t, "%s", h->desc);
    else
        reason_set(t, "%s", step_text(h->step));
}

static void explain_end(struct turn *t, struct work *w,
                        const struct happening *h)
{
    struct task *k = &w->task;

    switch (h->event) {
    case TASK_EV_TARGET:
        reason_set(k, "device runs %s", w->package.version);
        break;
    case TASK_EV_STEP_FAILED:
        explain_failed_step(k, h);
        break;
    case TASK_EV_SOURCE_LAST:
        reason_set(k, "came back with %s after %d attempts", h->version,
                   TASK_ATTEMPTS_MAX);
        break;
    case TASK_EV_OTHER:
        reason_set(k, "came back with %s, which is neither %s nor %s",
                   h->version, k->source_version, w->package.version);
        break;
    case TASK_EV_TIMEOUT:
        reason_set(k, "did not run %s in time; last seen at %" PRId32 " %%",
                   w->package.version, k->step);
        break;
    case TASK_EV_CANCEL:
        reason_set(k, "canceled by %s", t->actor);
        break;
    case TASK_EV_CONNECTED:
    case TASK_EV_STEP:
    case TASK_EV_SOURCE:
    case TASK_EV_PULL:
    case TASK_EV_CHANGED:
        break; /* no rule ends a task on these */
    }
}

/* --- telling the device --------------------------------------------------- */

/* Tern's agent puts a new task in the place of an old one; Link SDK's must not
 * be told twice in one boot. */
static bool may_push(const struct device *d)
{
    return d->enabled && d->online && (!d->begun || push_agent_is_tern(d));
}

static ota_err told(struct turn *t, struct work *w, const struct push *p,
                    const char *how)
{
    struct event ev = about(w);

    w->task.pushes++;
    memcpy(w->task.epoch, w->device.epoch, sizeof w->task.epoch);
    ota_err e = effects_push(t->effects, w->device.epoch, p, &t->result->why);
    if (e != OTA_OK)
        return e;
    return turn_event(
        t, &ev, "task.pushed", "%s %s, %" PRIu32 " bytes (push %" PRIu32 ")",
        how, w->package.version, w->package.size_bytes, w->task.pushes);
}

static struct push_order order_of(const struct turn *t, const struct work *w)
{
    return (struct push_order){.config = t->config,
                               .now = t->now,
                               .package = &w->package,
                               .device = &w->device};
}

static ota_err push_now(struct turn *t, struct work *w)
{
    struct push_order o = order_of(t, w);
    struct push p;

    if (!may_push(&w->device)) {
        w->task.state = TASK_QUEUED;
        return OTA_OK;
    }
    ota_err e = push_upgrade(&p, &o, &t->result->why);
    return e == OTA_OK ? told(t, w, &p, "pushed") : e;
}

/* Tern's agent asks over each connection, so a push would be a second delivery.
 * It also resumes: being cut off in the download is no failed attempt. */
static ota_err push_again(struct turn *t, struct work *w)
{
    if (!push_agent_is_tern(&w->device) || !may_push(&w->device))
        return push_now(t, w);
    if (w->task.step < 100 && w->task.attempts > 0)
        w->task.attempts--;
    memcpy(w->task.epoch, w->device.epoch, sizeof w->task.epoch);
    return OTA_OK;
}

static ota_err reply_now(struct turn *t, struct work *w,
                         const struct happening *h)
{
    struct push_order o = order_of(t, w);
    struct push p;

    o.request_id = h->request_id;
    ota_err e = push_reply(&p, &o, &t->result->why);
    return e == OTA_OK ? told(t, w, &p, "answered with") : e;
}

enum task_event task_run_source_event(const struct work *w)
{
    bool resumes = push_agent_is_tern(&w->device) && w->task.step < 100;

    return w->task.state == TASK_IN_PROGRESS && !resumes &&
                   w->task.attempts >= TASK_ATTEMPTS_MAX
               ? TASK_EV_SOURCE_LAST
               : TASK_EV_SOURCE;
}

/* --- the end: job and package --------------------------------------------- */

static ota_err job_hear(struct turn *t, const struct work *w, struct job *j)
{
    struct diag *why = &t->result->why;
    struct event ev = {.package_id = j->package_id, .job_id = j->id};
    bool open = false;

    ota_err e = store_job_is_open(t->store, j->id, &open, why);
    if (e != OTA_OK || job_step(j->state, open) == j->state)
        return e;
    j->state = job_step(j->state, open);
    memcpy(ev.product_key, w->package.product_key, sizeof ev.product_key);
    memcpy(ev.version, w->package.version, sizeof ev.version);
    event_state(&ev, job_state_name(j->state));
    e = store_job_save(t->store, j, why);
    return e == OTA_OK ? turn_event(t, &ev, "job.state", "job is %s",
                                    job_state_name(j->state))
                       : e;
}

static ota_err package_hear(struct turn *t, struct work *w)
{
    struct diag *why = &t->result->why;
    struct package *p = &w->package;
    struct event ev = {.package_id = p->id, .job_id = w->task.job_id};
    enum package_state next = p->state;
    bool open = false;

    if (w->task.state == TASK_SUCCEEDED)
        next = package_step(next, PACKAGE_EV_SUCCEEDED);
    ota_err e = store_package_is_open(t->store, p->id, &open, why);
    if (e != OTA_OK)
        return e;
    if (!open)
        next = package_step(next, PACKAGE_EV_OVER);
    if (next == p->state)
        return OTA_OK;
    p->state = next;
    memcpy(ev.product_key, p->product_key, sizeof ev.product_key);
    memcpy(ev.version, p->version, sizeof ev.version);
    event_state(&ev, package_state_name(next));
    e = store_package_save(t->store, p, why);
    return e == OTA_OK ? turn_event(t, &ev, "package.state", "%s is %s",
                                    p->version, package_state_name(next))
                       : e;
}

static ota_err end_tell(struct turn *t, struct work *w)
{
    struct job j;

    ota_err e = store_job_get(t->store, w->task.job_id, &j, &t->result->why);
    if (e == OTA_OK)
        e = job_hear(t, w, &j);
    if (e == OTA_OK && j.type == JOB_VERIFY_FIRMWARE)
        e = package_hear(t, w);
    return e;
}

/* --- one event ------------------------------------------------------------ */

static bool is_progress(const struct happening *h)
{
    return h->event == TASK_EV_STEP || h->event == TASK_EV_STEP_FAILED;
}

/* The clock starts at the first progress of a task, never again. */
static ota_err progress_take(struct turn *t, struct work *w,
                             const struct happening *h)
{
    struct task *k = &w->task;
    struct job j;

    if (!is_progress(h))
        return OTA_OK;
    k->step = h->step > 100 ? -2 : h->step;
    if (k->deadline_ms != 0 || h->event != TASK_EV_STEP)
        return OTA_OK;
    ota_err e = store_job_get(t->store, k->job_id, &j, &t->result->why);
    if (e == OTA_OK && j.timeout_minutes > 0)
        k->deadline_ms = t->now + (model_ms)j.timeout_minutes * 60000;
    return e;
}

static bool task_differs(const struct task *a, const struct task *b)
{
    return a->state != b->state || a->step != b->step ||
           a->pushes != b->pushes || a->attempts != b->attempts ||
           a->deadline_ms != b->deadline_ms ||
           strcmp(a->epoch, b->epoch) != 0 || strcmp(a->reason, b->reason) != 0;
}

/* Which part of the way a device's progress is about: the words that Tern's
 * agent has for it (spec/device-protocol.md section 4). */
static const char *progress_kind(const struct happening *h)
{
    static const struct {
        const char *desc, *kind;
    } MARKS[] = {
        {"verified", "task.verified"},
        {"armed", "task.armed"},
        {"trial boot", "task.trial"},
    };

    if (h->step < 0 || h->step > 100)
        return strncmp(h->desc, "rolled back", 11) == 0 ? "task.rolled_back"
                                                        : "task.failed";
    for (size_t i = 0; h->step == 100 && i < sizeof MARKS / sizeof MARKS[0];
         i++) {
        if (strcmp(h->desc, MARKS[i].desc) == 0)
            return MARKS[i].kind;
    }
    return "task.progress";
}

static ota_err progress_tell(struct turn *t, const struct work *w,
                             const struct happening *h)
{
    struct event ev = about(w);

    ev.step = w->task.step;
    if (h->event == TASK_EV_STEP_FAILED)
        return turn_event(t, &ev, progress_kind(h), "%s",
                          h->desc[0] ? h->desc : step_text(ev.step));
    return turn_event(t, &ev, progress_kind(h), "%" PRId32 " %%%s%s", h->step,
                      h->desc[0] ? ": " : "", h->desc);
}

static ota_err task_save(struct turn *t, struct work *w,
                         const struct task *before, const struct happening *h)
{
    struct event state = about(w);

    if (!task_differs(before, &w->task))
        return OTA_OK;
    w->task.changed_ms = t->now;
    ota_err e = store_task_save(t->store, &w->task, &t->result->why);
    if (e == OTA_OK && is_progress(h))
        e = progress_tell(t, w, h);
    if (e != OTA_OK || before->state == w->task.state)
        return e;
    event_state(&state, task_state_name(w->task.state));
    return turn_event(t, &state, "task.state", "%s: %s",
                      task_state_name(w->task.state), w->task.reason);
}

static ota_err act(struct turn *t, struct work *w, const struct happening *h,
                   enum task_action action)
{
    switch (action) {
    case TASK_ACT_PUSH:
        return push_now(t, w);
    case TASK_ACT_REPUSH:
        return push_again(t, w);
    case TASK_ACT_REPLY:
        return reply_now(t, w, h);
    case TASK_ACT_END:
        explain_end(t, w, h);
        return OTA_OK;
    case TASK_ACT_EXPLAIN:
    case TASK_ACT_NONE:
        break;
    }
    return OTA_OK;
}

ota_err task_run(struct turn *t, struct work *w, const struct happening *h)
{
    const struct task before = w->task;
    struct task_rule rule = task_step(before.state, h->event);

    if (rule.action == TASK_ACT_NONE)
        return OTA_OK;
    w->task.state = rule.to;
    ota_err e = act(t, w, h, rule.action);
    if (e == OTA_OK)
        e = progress_take(t, w, h);
    if (e != OTA_OK)
        return e;
    if (before.state != TASK_IN_PROGRESS && rule.to == TASK_IN_PROGRESS)
        w->task.attempts++;
    explain(w, h->desc ? h->desc : "");
    e = task_save(t, w, &before, h);
    if (e == OTA_OK && rule.action == TASK_ACT_END)
        e = end_tell(t, w);
    return e;
}

ota_err task_run_load(struct turn *t, struct work *w)
{
    struct diag *why = &t->result->why;

    ota_err e = store_task_unfinished(t->store, w->device.id, &w->task, why);
    if (e == OTA_OK)
        e = store_package_get(t->store, w->task.package_id, &w->package, why);
    return e;
}

static ota_err run_due(struct turn *t, struct work *w)
{
    struct diag *why = &t->result->why;
    struct happening h = {.event = TASK_EV_TIMEOUT};

    ota_err e =
        store_device_by_id(t->store, w->task.device_id, &w->device, why);
    if (e == OTA_OK)
        e = store_package_get(t->store, w->task.package_id, &w->package, why);
    return e == OTA_OK ? task_run(t, w, &h) : e;
}

ota_err task_run_due(struct turn *t)
{
    for (int i = 0; i < DUE_MAX; i++) {
        struct work w;
        ota_err e = store_task_due(t->store, t->now, &w.task, &t->result->why);

        if (e == OTA_ERR_NOT_FOUND)
            return OTA_OK;
        if (e == OTA_OK)
            e = run_due(t, &w);
        if (e != OTA_OK)
            return e;
    }
    return OTA_OK;
}
