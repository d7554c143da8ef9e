/* uplink.c - what devices say, and what the broker says about them.
 *
 * A message may come twice, late, or from a device that nobody knows: the
 * first two change nothing a second time, the third is refused.
 *
 * Tests: test/unit/server_core/test_core_*.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/core/names.h"
#include "server/core/task_run.h"
#include "server/store/store.h"

static ota_err device_load(struct turn *t, const struct cmd_seen *s,
                           struct device *d)
{
    return store_device_get(t->store, s->product_key, s->device_name, d,
                            &t->result->why);
}

static struct event about(const struct device *d)
{
    struct event ev = {.id = 0};

    memcpy(ev.product_key, d->product_key, sizeof ev.product_key);
    memcpy(ev.device_name, d->name, sizeof ev.device_name);
    return ev;
}

/* Tell the device's task, if it has one. w->device is set and saved. */
static ota_err task_hear(struct turn *t, struct work *w,
                         const struct happening *h)
{
    ota_err e = task_run_load(t, w);

    if (e == OTA_ERR_NOT_FOUND)
        return OTA_OK;
    return e == OTA_OK ? task_run(t, w, h) : e;
}

ota_err uplink_online(struct turn *t, const struct cmd_seen *s)
{
    struct work w;
    struct device *d = &w.device;

    ota_err e = device_load(t, s, d);
    if (e != OTA_OK)
        return e;
    if (s->epoch[0] == '\0') {
        diag_set(&t->result->why, "presence of %s has no epoch",
                 s->device_name);
        return OTA_ERR_SYNTAX;
    }
    if (d->online && strcmp(d->epoch, s->epoch) == 0)
        return OTA_OK;
    d->online = true;
    d->seen_ms = t->now;
    memcpy(d->epoch, s->epoch, sizeof d->epoch);
    text_clean(d->agent, sizeof d->agent, s->agent);
    struct event ev = about(d);
    e = store_device_save(t->store, d, &t->result->why);
    if (e == OTA_OK)
        e = turn_event(t, &ev, "device.online", "online%s%s",
                       d->agent[0] ? ", agent " : "", d->agent);
    if (e == OTA_OK)
        e = task_run_load(t, &w);
    if (e != OTA_OK)
        return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
    /* After a lost broker the same connection is told of again. */
    struct happening h = {.event = strcmp(w.task.epoch, d->epoch) == 0
                                       ? TASK_EV_CHANGED
                                       : TASK_EV_CONNECTED};
    return task_run(t, &w, &h);
}

ota_err uplink_offline(struct turn *t, const struct cmd_seen *s)
{
    struct work w;
    struct happening h = {.event = TASK_EV_CHANGED};

    ota_err e = device_load(t, s, &w.device);
    if (e != OTA_OK)
        return e;
    /* The end of a connection that another one took over from. */
    if (!w.device.online || strcmp(w.device.epoch, s->epoch) != 0)
        return OTA_OK;
    w.device.online = false;
    w.device.seen_ms = t->now;
    struct event ev = about(&w.device);
    e = store_device_save(t->store, &w.device, &t->result->why);
    if (e == OTA_OK)
        e = turn_event(t, &ev, "device.offline", "offline");
    return e == OTA_OK ? task_hear(t, &w, &h) : e;
}

/* --- inform --------------------------------------------------------------- */

static ota_err inform_task(struct turn *t, struct work *w,
                           const struct cmd_seen *s, bool booted)
{
    struct happening h = {.event = TASK_EV_OTHER, .version = s->version};

    ota_err e = task_run_load(t, w);
    if (e != OTA_OK)
        return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
    if (strcmp(s->version, w->package.version) == 0)
        h.event = TASK_EV_TARGET;
    else if (strcmp(s->version, w->task.source_version) == 0)
        h.event = booted ? task_run_source_event(w) : TASK_EV_CHANGED;
    return task_run(t, w, &h);
}

static ota_err inform_check(struct turn *t, const struct cmd_seen *s)
{
    if (identity_version_ok(s->version) && module_is_ok(s->module))
        return OTA_OK;
    diag_set(&t->result->why,
             "inform of %s: a version has 1 to 64 of A-Z a-z 0-9 . _ + - and "
             "a module 1 to 32 of A-Z a-z 0-9 _ -",
             s->device_name);
    return OTA_ERR_SYNTAX;
}

static struct event *informed(struct event *ev, const struct cmd_seen *s)
{
    memcpy(ev->version, s->version, sizeof ev->version);
    return ev;
}

ota_err uplink_inform(struct turn *t, const struct cmd_seen *s)
{
    struct work w;
    struct device *d = &w.device;

    ota_err e = inform_check(t, s);
    if (e == OTA_OK)
        e = device_load(t, s, d);
    if (e != OTA_OK)
        return e;
    struct event ev = about(d);
    if (strcmp(s->module, "default") != 0)
        return turn_event(t, informed(&ev, s), "device.inform",
                          "module %s has version %s", s->module, s->version);
    /* A device informs once after each start, and a start needs a new
     * connection: the same connection again is a repeated message. */
    bool booted = strcmp(d->epoch, d->boot_epoch) != 0;
    if (!booted && strcmp(d->version, s->version) == 0)
        return OTA_OK;
    if (booted)
        d->begun = false;
    memcpy(d->boot_epoch, d->epoch, sizeof d->boot_epoch);
    memcpy(d->version, s->version, sizeof d->version);
    d->informed_ms = d->seen_ms = t->now;
    e = store_device_save(t->store, d, &t->result->why);
    if (e == OTA_OK)
        e = turn_event(t, informed(&ev, s), "device.inform", "runs version %s",
                       d->version);
    return e == OTA_OK ? inform_task(t, &w, s, booted) : e;
}

/* --- progress ------------------------------------------------------------- */

/* It began an update, ours or another's: see may_push() in task_run.c. */
static ota_err begun_note(struct turn *t, struct device *d)
{
    if (d->begun)
        return OTA_OK;
    d->begun = true;
    return store_device_save(t->store, d, &t->result->why);
}

ota_err uplink_progress(struct turn *t, const struct cmd_seen *s)
{
    struct work w;
    char desc[MODEL_DESC_MAX];
    bool failed = s->step < 0 || s->step > 100;
    struct happening h = {.event = failed ? TASK_EV_STEP_FAILED : TASK_EV_STEP,
                          .step = s->step,
                          .desc = desc};

    text_clean(desc, sizeof desc, s->desc);
    ota_err e = device_load(t, s, &w.device);
    if (e == OTA_OK)
        e = begun_note(t, &w.device);
    if (e != OTA_OK)
        return e;
    e = task_run_load(t, &w);
    if (e == OTA_OK && strcmp(s->module, w.package.module) == 0)
        return task_run(t, &w, &h);
    return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
}

/* --- pull ----------------------------------------------------------------- */

static ota_err reply_nothing(struct turn *t, const struct device *d,
                             const struct cmd_seen *s)
{
    struct push p;
    struct push_order o = {.config = t->config,
                           .now = t->now,
                           .device = d,
                           .request_id = s->request_id};

    ota_err e = push_reply(&p, &o, &t->result->why);
    return e == OTA_OK ? effects_push(t->effects, d->epoch, &p, &t->result->why)
                       : e;
}

ota_err uplink_get(struct turn *t, const struct cmd_seen *s)
{
    struct work w;
    struct happening h = {.event = TASK_EV_PULL, .request_id = s->request_id};

    ota_err e = device_load(t, s, &w.device);
    if (e != OTA_OK)
        return e;
    if (!w.device.online) {
        diag_set(&t->result->why, "%s asked, but has no connection any more",
                 s->device_name);
        return OTA_ERR_CLOSED;
    }
    e = task_run_load(t, &w);
    if (e == OTA_OK && strcmp(s->module, w.package.module) == 0 &&
        task_step(w.task.state, h.event).action == TASK_ACT_REPLY)
        return task_run(t, &w, &h);
    if (e != OTA_OK && e != OTA_ERR_NOT_FOUND)
        return e;
    return reply_nothing(t, &w.device, s);
}

ota_err uplink_broker_lost(struct turn *t)
{
    struct diag *why = &t->result->why;
    struct event ev = {.id = 0};

    ota_err e = store_devices_all_offline(t->store, why);
    if (e == OTA_OK)
        e = store_tasks_explain(
            t->store, "device was not seen since the broker was lost", why);
    return e == OTA_OK ? turn_event(t, &ev, "broker.lost",
                                    "every device is offline until the broker "
                                    "tells of it again")
                       : e;
}
