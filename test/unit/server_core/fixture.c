/* fixture.c - see fixture.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/server_core/fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { START_MS = 1700000000 };

static model_ms clock_now(void *ctx)
{
    struct fixture *f = ctx;

    (void)pthread_mutex_lock(&f->lock);
    model_ms now = f->now;
    (void)pthread_mutex_unlock(&f->lock);
    return now;
}

static void note_push(void *ctx, const char *epoch, const char *topic,
                      const char *payload)
{
    struct fixture *f = ctx;

    (void)pthread_mutex_lock(&f->lock);
    struct seen_push *p = &f->pushes[f->push_count++ % PUSHES_MAX];
    (void)snprintf(p->epoch, sizeof p->epoch, "%s", epoch);
    (void)snprintf(p->push.topic, sizeof p->push.topic, "%s", topic);
    (void)snprintf(p->push.payload, sizeof p->push.payload, "%s", payload);
    (void)pthread_mutex_unlock(&f->lock);
}

static void note_key(void *ctx, const struct device *d)
{
    struct fixture *f = ctx;

    (void)pthread_mutex_lock(&f->lock);
    f->keys[f->key_count++ % PUSHES_MAX] = *d;
    (void)pthread_mutex_unlock(&f->lock);
}

void fixture_start(struct fixture *f)
{
    struct diag why = {""};
    struct core_config c = {
        .effects = {f, note_push, note_key, NULL},
        .now_ms = clock_now,
        .now_ctx = f,
        .url_host = "ota.example",
        .url_port = 8080,
        .link_key = {1, 2, 3},
        .link_seconds = 3600,
        .session_ms = MINUTES(60),
    };

    f->store = store_open(f->url, &why);
    assert_string_equal(why.text, "");
    assert_non_null(f->store);
    f->reader = store_open_reader(f->url, &why);
    assert_non_null(f->reader);
    c.store = f->store;
    f->core = core_start(&c, &why);
    assert_non_null(f->core);
}

void fixture_stop(struct fixture *f)
{
    core_stop(f->core);
    store_close(f->reader);
    store_close(f->store);
    f->core = NULL;
    f->reader = f->store = NULL;
}

int fixture_open(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/tern-core-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->url, sizeof f->url, "sqlite:%s/tern.db", f->folder);
    assert_int_equal(pthread_mutex_init(&f->lock, NULL), 0);
    f->now = START_MS * (model_ms)1000;
    fixture_start(f);
    *state = f;
    return 0;
}

static int forget(const char *path, const struct stat *st, int kind,
                  struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

int fixture_close(void **state)
{
    struct fixture *f = *state;

    fixture_stop(f);
    (void)pthread_mutex_destroy(&f->lock);
    (void)nftw(f->folder, forget, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* --- commands ------------------------------------------------------------- */

static struct core_command person(enum core_command_type type)
{
    return (struct core_command){.type = type, .actor = "ann"};
}

static struct core_command seen(enum core_command_type type, const char *device)
{
    struct core_command c = {.type = type};

    (void)snprintf(c.u.seen.product_key, sizeof c.u.seen.product_key, "pk");
    (void)snprintf(c.u.seen.device_name, sizeof c.u.seen.device_name, "%s",
                   device);
    (void)snprintf(c.u.seen.module, sizeof c.u.seen.module, "default");
    return c;
}

struct core_result do_product(struct fixture *f, const char *key)
{
    struct core_command c = person(CMD_PRODUCT_CREATE);

    (void)snprintf(c.u.product.key, sizeof c.u.product.key, "%s", key);
    (void)snprintf(c.u.product.name, sizeof c.u.product.name, "lamp");
    return core_call(f->core, &c);
}

static struct core_command device_command(enum core_command_type type,
                                          const char *name)
{
    struct core_command c = person(type);

    (void)snprintf(c.u.device.product_key, sizeof c.u.device.product_key, "pk");
    (void)snprintf(c.u.device.name, sizeof c.u.device.name, "%s", name);
    return c;
}

struct core_result do_device(struct fixture *f, const char *name)
{
    struct core_command c = device_command(CMD_DEVICE_CREATE, name);

    return core_call(f->core, &c);
}

struct core_result do_enable(struct fixture *f, const char *name, bool on)
{
    struct core_command c = device_command(CMD_DEVICE_ENABLE, name);

    c.u.device.enabled = on;
    return core_call(f->core, &c);
}

struct core_result do_package_as(struct fixture *f, const struct package *p)
{
    struct core_command c = person(CMD_PACKAGE_CREATE);

    c.u.package = *p;
    return core_call(f->core, &c);
}

struct core_result do_package(struct fixture *f, const char *version)
{
    struct package p = {.product_key = "pk",
                        .state = PACKAGE_UNVERIFIED,
                        .sign_method = SIGN_SHA256,
                        .size_bytes = 272600};

    memset(p.sha256, 'a', sizeof p.sha256 - 1);
    memset(p.md5, 'b', sizeof p.md5 - 1);
    (void)snprintf(p.version, sizeof p.version, "%s", version);
    return do_package_as(f, &p);
}

struct core_result do_verify_as(struct fixture *f, const struct cmd_verify *v)
{
    struct core_command c = person(CMD_PACKAGE_VERIFY);

    c.u.verify = v;
    return core_call(f->core, &c);
}

struct core_result do_verify(struct fixture *f, int64_t package,
                             const char *device)
{
    struct cmd_verify v = {.package_id = package,
                           .timeout_minutes = 60,
                           .source_count = 1,
                           .sources = {"1.3.0"},
                           .device_count = 1};

    (void)snprintf(v.devices[0], sizeof v.devices[0], "%s", device);
    return do_verify_as(f, &v);
}

struct core_result do_cancel(struct fixture *f, int64_t task)
{
    struct core_command c = person(CMD_TASK_CANCEL);

    c.u.id = task;
    return core_call(f->core, &c);
}

struct core_result do_online_as(struct fixture *f, const char *device,
                                const char *epoch, const char *agent)
{
    struct core_command c = seen(CMD_DEVICE_ONLINE, device);

    (void)snprintf(c.u.seen.epoch, sizeof c.u.seen.epoch, "%s", epoch);
    (void)snprintf(c.u.seen.agent, sizeof c.u.seen.agent, "%s", agent);
    return core_call(f->core, &c);
}

struct core_result do_online(struct fixture *f, const char *device,
                             const char *epoch)
{
    return do_online_as(f, device, epoch, "sdk-c-4.0.0");
}

struct core_result do_offline(struct fixture *f, const char *device,
                              const char *epoch)
{
    struct core_command c = seen(CMD_DEVICE_OFFLINE, device);

    (void)snprintf(c.u.seen.epoch, sizeof c.u.seen.epoch, "%s", epoch);
    return core_call(f->core, &c);
}

struct core_result do_inform(struct fixture *f, const char *device,
                             const char *version)
{
    struct core_command c = seen(CMD_DEVICE_INFORM, device);

    (void)snprintf(c.u.seen.version, sizeof c.u.seen.version, "%s", version);
    return core_call(f->core, &c);
}

struct core_result do_step(struct fixture *f, const char *device, int32_t step,
                           const char *desc)
{
    struct core_command c = seen(CMD_DEVICE_PROGRESS, device);

    c.u.seen.step = step;
    (void)snprintf(c.u.seen.desc, sizeof c.u.seen.desc, "%s", desc);
    return core_call(f->core, &c);
}

struct core_result do_get(struct fixture *f, const char *device, const char *id)
{
    struct core_command c = seen(CMD_DEVICE_GET, device);

    (void)snprintf(c.u.seen.request_id, sizeof c.u.seen.request_id, "%s", id);
    return core_call(f->core, &c);
}

struct core_result do_plain(struct fixture *f, enum core_command_type type)
{
    struct core_command c = {.type = type};

    return core_call(f->core, &c);
}

void pass_ms(struct fixture *f, model_ms ms)
{
    (void)pthread_mutex_lock(&f->lock);
    f->now += ms;
    (void)pthread_mutex_unlock(&f->lock);
    assert_ok(do_plain(f, CMD_TICK));
}

/* --- scenes --------------------------------------------------------------- */

int64_t ready_as(struct fixture *f, const char *agent)
{
    assert_ok(do_product(f, "pk"));
    assert_ok(do_device(f, "dev-01"));
    assert_ok(do_online_as(f, "dev-01", "e-1", agent));
    assert_ok(do_inform(f, "dev-01", "1.3.0"));
    struct core_result r = do_package(f, "1.4.0");
    assert_ok(r);
    return r.id;
}

int64_t ready(struct fixture *f)
{
    return ready_as(f, "sdk-c-4.0.0");
}

static bool note_id(void *ctx, const struct task *t, const struct device *d)
{
    (void)d;
    *(int64_t *)ctx = t->id;
    return true;
}

int64_t verify_begins(struct fixture *f, int64_t package)
{
    struct diag why;
    int64_t id = 0;
    struct core_result r = do_verify(f, package, "dev-01");

    assert_ok(r);
    struct store_filter of_job = {.job_id = r.id};
    assert_int_equal(store_tasks(f->reader, &of_job, note_id, &id, &why),
                     OTA_OK);
    assert_true(id > 0);
    return id;
}

/* --- the database --------------------------------------------------------- */

struct device device_now(struct fixture *f, const char *name)
{
    struct device d;
    struct diag why;

    assert_int_equal(store_device_get(f->reader, "pk", name, &d, &why), OTA_OK);
    return d;
}

struct package package_now(struct fixture *f, int64_t id)
{
    struct package p;
    struct diag why;

    assert_int_equal(store_package_get(f->reader, id, &p, &why), OTA_OK);
    return p;
}

struct task task_now(struct fixture *f, int64_t id)
{
    struct task t;
    struct diag why;

    assert_int_equal(store_task_get(f->reader, id, &t, &why), OTA_OK);
    return t;
}

struct kind_count {
    const char *kind;
    size_t count;
};

static bool count_kind(void *ctx, const struct event *e)
{
    struct kind_count *k = ctx;

    if (strcmp(e->kind, k->kind) == 0)
        k->count++;
    return true;
}

size_t events_of_kind(struct fixture *f, const char *kind)
{
    struct kind_count k = {kind, 0};
    struct store_filter any = {.limit = 1000};
    struct diag why;

    assert_int_equal(store_events(f->reader, &any, count_kind, &k, &why),
                     OTA_OK);
    return k.count;
}

size_t push_count(struct fixture *f)
{
    (void)pthread_mutex_lock(&f->lock);
    size_t n = f->push_count;
    (void)pthread_mutex_unlock(&f->lock);
    return n;
}
