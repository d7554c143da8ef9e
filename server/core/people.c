/* people.c - what people ask for through the API: checked, saved, noted in the
 * audit log. Verification has a file of its own (verify.c).
 *
 * Tests: test/unit/server_core/test_core_people.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/core/names.h"
#include "server/core/release_keys.h"
#include "server/core/task_run.h"
#include "server/store/store.h"

enum {
    /* Long enough that nobody meets a made-up one twice. */
    MADE_KEY_LETTERS = 11,
    MADE_SECRET_LETTERS = 32,
};

static ota_err refuse(struct turn *t, ota_err e, const char *sentence)
{
    diag_set(&t->result->why, "%s", sentence);
    return e;
}

static ota_err slot_check(struct turn *t, uint32_t bytes)
{
    if (bytes >= MODEL_SLOT_MIN && bytes <= MODEL_SLOT_MAX)
        return OTA_OK;
    return refuse(t, OTA_ERR_RANGE, "a slot has 4096 to 1000000000 bytes");
}

ota_err people_product_create(struct turn *t, const struct product *asked)
{
    struct product p = *asked;
    struct event ev = {.id = 0};

    if (p.key[0] == '\0' && !random_name(p.key, MADE_KEY_LETTERS + 1))
        return refuse(t, OTA_ERR_IO, "the system gave no randomness");
    if (!identity_product_key_ok(p.key))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a productKey has 1 to 32 letters and digits");
    if (!name_is_ok(p.name))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a product's name has 1 to 80 bytes of UTF-8 without "
                      "control characters");
    if (p.slot_bytes == 0)
        p.slot_bytes = MODEL_SLOT_DEFAULT;
    ota_err e = slot_check(t, p.slot_bytes);
    if (e != OTA_OK)
        return e;
    p.created_ms = t->now;
    p.row_version = 0;
    p.release_keys[0] = '\0';
    memcpy(ev.product_key, p.key, sizeof ev.product_key);
    memcpy(t->result->key, p.key, sizeof t->result->key);
    e = store_product_add(t->store, &p, &t->result->why);
    return e == OTA_OK
               ? turn_event(t, &ev, "product.created", "product %s", p.name)
               : e;
}

/* The product that `asked` names, and an event about it. */
static ota_err product_load(struct turn *t, const struct product *asked,
                            struct product *p, struct event *ev)
{
    *ev = (struct event){.id = 0};
    memcpy(ev->product_key, asked->key, sizeof ev->product_key);
    memcpy(t->result->key, asked->key, sizeof t->result->key);
    return store_product_get(t->store, asked->key, p, &t->result->why);
}

ota_err people_product_slot(struct turn *t, const struct product *asked)
{
    struct product p = {0};
    struct event ev;

    ota_err e = slot_check(t, asked->slot_bytes);
    if (e == OTA_OK)
        e = product_load(t, asked, &p, &ev);
    if (e != OTA_OK || p.slot_bytes == asked->slot_bytes)
        return e;
    p.slot_bytes = asked->slot_bytes;
    e = store_product_save(t->store, &p, &t->result->why);
    return e == OTA_OK ? turn_event(t, &ev, "product.updated",
                                    "slots of %" PRIu32 " bytes", p.slot_bytes)
                       : e;
}

ota_err people_product_keys(struct turn *t, const struct product *asked)
{
    struct product p;
    struct event ev;
    size_t count = 0;
    struct release_key key;

    if (!release_keys_are_ok(asked->release_keys))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a product has at most 4 keys, none twice, each an "
                      "uncompressed P-256 point or an RSA-2048 modulus in "
                      "lower-case hex");
    for (const char *at = asked->release_keys; release_key_next(&at, &key);)
        count++;
    ota_err e = product_load(t, asked, &p, &ev);
    if (e != OTA_OK || strcmp(p.release_keys, asked->release_keys) == 0)
        return e;
    memcpy(p.release_keys, asked->release_keys, sizeof p.release_keys);
    e = store_product_save(t->store, &p, &t->result->why);
    return e == OTA_OK
               ? turn_event(t, &ev, "product.keys", "%zu release key%s now",
                            count, count == 1 ? "" : "s")
               : e;
}

static struct event about_device(const struct device *d)
{
    struct event ev = {.id = 0};

    memcpy(ev.product_key, d->product_key, sizeof ev.product_key);
    memcpy(ev.device_name, d->name, sizeof ev.device_name);
    return ev;
}

ota_err people_device_create(struct turn *t, const struct device *asked)
{
    struct device d = {.enabled = true, .created_ms = t->now};

    memcpy(d.product_key, asked->product_key, sizeof d.product_key);
    memcpy(d.name, asked->name, sizeof d.name);
    memcpy(d.secret, asked->secret, sizeof d.secret);
    if (d.secret[0] == '\0' && !random_name(d.secret, MADE_SECRET_LETTERS + 1))
        return refuse(t, OTA_ERR_IO, "the system gave no randomness");
    if (!identity_device_name_ok(d.name))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a deviceName has 1 to 32 of A-Z a-z 0-9 . _ : @ -");
    if (!identity_secret_ok(d.secret))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a deviceSecret has 8 to 64 letters and digits");
    struct event ev = about_device(&d);
    ota_err e = store_device_add(t->store, &d, &t->result->why);
    if (e == OTA_OK)
        e = turn_event(t, &ev, "device.created", "device %s", d.name);
    t->result->id = d.id;
    return e == OTA_OK ? effects_device_key(t->effects, &d, &t->result->why)
                       : e;
}

ota_err people_device_enable(struct turn *t, const struct device *asked)
{
    struct work w;
    struct device *d = &w.device;
    struct happening h = {.event = TASK_EV_CHANGED};

    ota_err e = store_device_get(t->store, asked->product_key, asked->name, d,
                                 &t->result->why);
    if (e != OTA_OK)
        return e;
    t->result->id = d->id;
    if (d->enabled == asked->enabled)
        return OTA_OK;
    d->enabled = asked->enabled;
    struct event ev = about_device(d);
    e = store_device_save(t->store, d, &t->result->why);
    if (e == OTA_OK)
        e = turn_event(
            t, &ev, d->enabled ? "device.enabled" : "device.disabled",
            d->enabled ? "may connect again" : "may not connect any more");
    if (e == OTA_OK)
        e = effects_device_key(t->effects, d, &t->result->why);
    if (e == OTA_OK)
        e = task_run_load(t, &w);
    if (e != OTA_OK)
        return e == OTA_ERR_NOT_FOUND ? OTA_OK : e;
    return task_run(t, &w, &h);
}

static ota_err package_check(struct turn *t, const struct package *p)
{
    if (!name_is_ok(p->name))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a package's name has 1 to 80 bytes of UTF-8 without "
                      "control characters");
    if (!identity_version_ok(p->version) || is_push_word(p->version))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a version has 1 to 64 of A-Z a-z 0-9 . _ + - and is "
                      "none of the names in a push, such as url");
    if (!module_is_ok(p->module) || is_push_word(p->module))
        return refuse(t, OTA_ERR_SYNTAX,
                      "a module has 1 to 32 of A-Z a-z 0-9 _ - and is none of "
                      "the names in a push, such as url");
    if (p->size_bytes == 0)
        return refuse(t, OTA_ERR_RANGE,
                      "the file is empty: Link SDK devices would crash on it");
    if (!is_hex(p->sha256, 64) || !is_hex(p->md5, 32))
        return refuse(t, OTA_ERR_SYNTAX, "a digest is not lower-case hex");
    if (p->state != PACKAGE_NOT_NEEDED && p->state != PACKAGE_UNVERIFIED)
        return refuse(t, OTA_ERR_STATE,
                      "a new package is unverified, or needs no verification");
    return OTA_OK;
}

ota_err people_package_create(struct turn *t, const struct package *asked)
{
    struct package p = *asked;
    struct event ev = {.id = 0};

    if (p.module[0] == '\0')
        (void)snprintf(p.module, sizeof p.module, "default");
    if (p.name[0] == '\0')
        (void)snprintf(p.name, sizeof p.name, "%s", p.version);
    text_clean(p.image, sizeof p.image, asked->image);
    ota_err e = package_check(t, &p);
    if (e != OTA_OK)
        return e;
    p.created_ms = t->now;
    p.row_version = 0;
    e = store_package_add(t->store, &p, &t->result->why);
    if (e != OTA_OK)
        return e;
    t->result->id = ev.package_id = p.id;
    memcpy(ev.product_key, p.product_key, sizeof ev.product_key);
    memcpy(ev.version, p.version, sizeof ev.version);
    event_state(&ev, package_state_name(p.state));
    return turn_event(t, &ev, "package.created",
                      "package %s, version %s, %" PRIu32 " bytes, %s", p.name,
                      p.version, p.size_bytes, package_state_name(p.state));
}

ota_err people_task_cancel(struct turn *t, int64_t id)
{
    struct work w;
    struct happening h = {.event = TASK_EV_CANCEL};
    struct diag *why = &t->result->why;

    ota_err e = store_task_get(t->store, id, &w.task, why);
    if (e == OTA_OK && task_is_over(w.task.state)) {
        diag_set(why, "task %" PRId64 " is over already: %s", id,
                 task_state_name(w.task.state));
        e = OTA_ERR_STATE;
    }
    if (e == OTA_OK)
        e = store_device_by_id(t->store, w.task.device_id, &w.device, why);
    if (e == OTA_OK)
        e = store_package_get(t->store, w.task.package_id, &w.package, why);
    t->result->id = id;
    return e == OTA_OK ? task_run(t, &w, &h) : e;
}
