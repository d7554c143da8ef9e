/* core.c - the core's thread: take a batch, run it in one transaction, commit,
 * and only then tell anybody.
 *
 * Start at core_main(). A command that is refused by a rule is undone alone
 * (a savepoint). When the database itself fails, the whole batch is undone and
 * its commands are tried one by one, so that one of them cannot stop the
 * others. Those that still fail:
 *
 *   from people   get the error and may try again;
 *   from devices  go back to the head of their lane and are tried again every
 *                 second: a device says things once. A full lane makes
 *                 core_submit() block, so the broker keeps what comes then.
 *
 * Known limit: a crash between a commit and its pushes loses those pushes. The
 * tasks are NOTIFIED then, and the device is told again over its next
 * connection, which a broker that dies with ternd brings about at once.
 *
 * Tests: test/unit/server_core/test_core_*.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/core.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/core/names.h"
#include "server/core/turn.h"
#include "server/store/store.h"

enum {
    QUEUE_MAX = 16384, /* commands that wait in a lane; about 1 KB each */
    BATCH_MAX = 256,   /* commands per commit */
    RETRY_MS = 1000,
};

struct item {
    struct core_command cmd;
    struct core_result result;
    bool failed; /* by the database, not by a rule */
    struct item *next;
};

struct list {
    struct item *first, *last;
    size_t count;
};

/* What devices say keeps its order and is never given up; what people ask for
 * must not wait behind it when the disk fails. */
enum lane { LANE_DEVICES, LANE_OTHERS, LANES };

struct core {
    struct core_config config;
    struct effects effects; /* the thread's own, as is the next */
    struct timespec retry;  /* when the devices' lane is tried again */
    pthread_t thread;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t filled, emptied;
    struct list lanes[LANES];
    bool paused; /* the devices' lane, until `retry` */
    bool stopping;
};

static void list_add(struct list *l, struct item *i)
{
    i->next = NULL;
    if (l->last)
        l->last->next = i;
    else
        l->first = i;
    l->last = i;
    l->count++;
}

static struct item *list_take(struct list *l)
{
    struct item *i = l->first;

    if (!i)
        return NULL;
    l->first = i->next;
    if (!l->first)
        l->last = NULL;
    l->count--;
    return i;
}

static enum lane lane_of(enum core_command_type type)
{
    bool device = type >= CMD_DEVICE_ONLINE && type <= CMD_DEVICE_GET;

    return device || type == CMD_BROKER_LOST ? LANE_DEVICES : LANE_OTHERS;
}

/* --- one command ---------------------------------------------------------- */

ota_err turn_event(struct turn *t, struct event *about, const char *kind,
                   const char *format, ...)
{
    char text[2 * MODEL_DESC_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    about->at_ms = t->now;
    text_clean(about->text, sizeof about->text, text);
    text_clean(about->actor, sizeof about->actor, t->actor);
    (void)snprintf(about->kind, sizeof about->kind, "%s", kind);
    return store_event_add(t->store, about, &t->result->why);
}

void event_state(struct event *ev, const char *name)
{
    (void)snprintf(ev->state, sizeof ev->state, "%s", name);
}

static const char *actor_of(const struct core_command *cmd)
{
    if (cmd->type == CMD_BROKER_LOST || cmd->type == CMD_TICK)
        return "server";
    return lane_of(cmd->type) == LANE_DEVICES ? "device" : cmd->actor;
}

static ota_err due(struct turn *t)
{
    ota_err e = task_run_due(t);

    return e == OTA_OK ? access_due(t) : e;
}

static ota_err run(struct turn *t, const struct core_command *cmd)
{
    switch (cmd->type) {
    case CMD_PRODUCT_CREATE:
        return people_product_create(t, &cmd->u.product);
    case CMD_PRODUCT_SLOT:
        return people_product_slot(t, &cmd->u.product);
    case CMD_PRODUCT_KEYS:
        return people_product_keys(t, &cmd->u.product);
    case CMD_DEVICE_CREATE:
        return people_device_create(t, &cmd->u.device);
    case CMD_DEVICE_ENABLE:
        return people_device_enable(t, &cmd->u.device);
    case CMD_PACKAGE_CREATE:
        return people_package_create(t, &cmd->u.package);
    case CMD_PACKAGE_VERIFY:
        return verify_package(t, cmd->u.verify);
    case CMD_TASK_CANCEL:
        return people_task_cancel(t, cmd->u.id);
    case CMD_TOKEN_CREATE:
        return access_token_create(t, &cmd->u.token);
    case CMD_TOKEN_REVOKE:
        return access_token_revoke(t, cmd->u.id);
    case CMD_SESSION_BEGIN:
        return access_session_begin(t, &cmd->u.session);
    case CMD_SESSION_EXTEND:
        return access_session_extend(t, cmd->u.id);
    case CMD_SESSION_END:
        return access_session_end(t, cmd->u.id);
    case CMD_DEVICE_ONLINE:
        return uplink_online(t, &cmd->u.seen);
    case CMD_DEVICE_OFFLINE:
        return uplink_offline(t, &cmd->u.seen);
    case CMD_DEVICE_INFORM:
        return uplink_inform(t, &cmd->u.seen);
    case CMD_DEVICE_PROGRESS:
        return uplink_progress(t, &cmd->u.seen);
    case CMD_DEVICE_GET:
        return uplink_get(t, &cmd->u.seen);
    case CMD_BROKER_LOST:
        return uplink_broker_lost(t);
    case CMD_TICK:
        return due(t);
    }
    diag_set(&t->result->why, "command %d is not known", (int)cmd->type);
    return OTA_ERR_SYNTAX;
}

/* Failures of the database as opposed to refusals by a rule. Rules answer
 * OTA_ERR_STATE too, but a row that changed under us cannot be: there is one
 * writer. */
static bool is_fault(ota_err e)
{
    return e == OTA_ERR_IO || e == OTA_ERR_FULL;
}

/* Run one command inside the open transaction; undo it alone if refused.
 * Returns OTA_OK, or what the database failed with. */
static ota_err item_run(struct core *c, struct item *i)
{
    size_t mark = c->effects.count;
    struct diag ignored;
    struct turn t = {.store = c->config.store,
                     .config = &c->config,
                     .effects = &c->effects,
                     .now = c->config.now_ms(c->config.now_ctx),
                     .actor = actor_of(&i->cmd),
                     .result = &i->result};

    i->result = (struct core_result){.error = OTA_OK};
    ota_err e = store_mark(t.store, &i->result.why);
    if (e != OTA_OK)
        return e;
    e = run(&t, &i->cmd);
    if (is_fault(e))
        return e;
    i->result.error = e;
    if (e == OTA_OK) {
        i->result.why.text[0] = '\0';
        return store_keep(t.store, &i->result.why);
    }
    i->result.id = 0;
    i->result.key[0] = '\0';
    effects_cut(&c->effects, mark);
    return store_undo(t.store, &ignored);
}

/* --- one batch ------------------------------------------------------------ */

/* Run items from *first in one transaction, count of them.
 * Returns OTA_OK: committed. Otherwise nothing happened and why says what
 * failed. */
static ota_err commit_items(struct core *c, struct item *first, size_t count,
                            struct diag *why)
{
    struct store *s = c->config.store;

    effects_cut(&c->effects, 0);
    ota_err e = store_begin(s, why);
    for (struct item *i = first; e == OTA_OK && count > 0; i = i->next) {
        e = item_run(c, i);
        if (e != OTA_OK)
            *why = i->result.why;
        count--;
    }
    if (e == OTA_OK)
        e = store_commit(s, why);
    if (e != OTA_OK) {
        store_rollback(s);
        effects_cut(&c->effects, 0);
    }
    return e;
}

static void fail(struct item *i, ota_err e, const struct diag *why)
{
    i->failed = true;
    i->result = (struct core_result){.error = e, .why = *why};
}

static void tell(struct core *c)
{
    const struct core_effects *to = &c->config.effects;

    effects_give(&c->effects, to);
    if (to->committed)
        to->committed(to->ctx);
}

static void each_alone(struct core *c, struct item *first)
{
    for (struct item *i = first; i; i = i->next) {
        struct diag why = {""};

        ota_err e = commit_items(c, i, 1, &why);
        if (e != OTA_OK)
            fail(i, e, &why);
        tell(c);
    }
}

static void batch_run(struct core *c, struct list *batch)
{
    struct diag why = {""};

    for (struct item *i = batch->first; i; i = i->next)
        i->failed = false;
    ota_err e = commit_items(c, batch->first, batch->count, &why);
    if (e == OTA_OK)
        tell(c);
    else
        each_alone(c, batch->first);
}

static void answer(struct item *i)
{
    if (i->cmd.done)
        i->cmd.done(i->cmd.ctx, &i->result);
    free(i);
}

/* --- the thread ----------------------------------------------------------- */

/* Put the failed ones back before what came after them, and wait a while. */
static void lane_return(struct core *c, struct list *again)
{
    struct list *lane = &c->lanes[LANE_DEVICES];
    struct item *i;

    (void)pthread_mutex_lock(&c->lock);
    while ((i = list_take(lane)) != NULL)
        list_add(again, i);
    *lane = *again;
    c->paused = true;
    (void)pthread_mutex_unlock(&c->lock);
    (void)clock_gettime(CLOCK_MONOTONIC, &c->retry);
    c->retry.tv_sec += RETRY_MS / 1000;
}

static void batch_finish(struct core *c, struct list *batch, bool last_try)
{
    struct list again = {NULL, NULL, 0};
    struct item *i;

    while ((i = list_take(batch)) != NULL) {
        if (i->failed && lane_of(i->cmd.type) == LANE_DEVICES && !last_try)
            list_add(&again, i);
        else
            answer(i);
    }
    if (again.count > 0)
        lane_return(c, &again);
}

static bool has_work(const struct core *c)
{
    return c->lanes[LANE_OTHERS].count > 0 ||
           (c->lanes[LANE_DEVICES].count > 0 && !c->paused);
}

/* Returns false when all is done and the core stops. */
static bool wait_for_work(struct core *c, bool *stopping)
{
    while (!c->stopping && !has_work(c)) {
        if (!c->paused)
            (void)pthread_cond_wait(&c->filled, &c->lock);
        else if (pthread_cond_timedwait(&c->filled, &c->lock, &c->retry) ==
                 ETIMEDOUT)
            c->paused = false;
    }
    if (c->stopping)
        c->paused = false;
    *stopping = c->stopping;
    return has_work(c);
}

static void take(struct list *from, struct list *batch, size_t up_to)
{
    struct item *i;

    while (batch->count < up_to && (i = list_take(from)) != NULL)
        list_add(batch, i);
}

/* Half a batch at most for people, so that neither lane starves. */
static void batch_take(struct core *c, struct list *batch)
{
    take(&c->lanes[LANE_OTHERS], batch, BATCH_MAX / 2);
    if (!c->paused)
        take(&c->lanes[LANE_DEVICES], batch, BATCH_MAX);
    (void)pthread_cond_broadcast(&c->emptied);
}

static void *core_main(void *ctx)
{
    struct core *c = ctx;
    bool stopping = false;

    for (;;) {
        struct list batch = {NULL, NULL, 0};

        (void)pthread_mutex_lock(&c->lock);
        bool work = wait_for_work(c, &stopping);
        if (work)
            batch_take(c, &batch);
        (void)pthread_mutex_unlock(&c->lock);
        if (!work)
            return NULL;
        batch_run(c, &batch);
        batch_finish(c, &batch, stopping);
    }
}

/* --- public --------------------------------------------------------------- */

static bool locks_init(struct core *c)
{
    pthread_condattr_t attr;

    if (pthread_condattr_init(&attr) != 0)
        return false;
    bool ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
              pthread_mutex_init(&c->lock, NULL) == 0 &&
              pthread_cond_init(&c->filled, &attr) == 0 &&
              pthread_cond_init(&c->emptied, NULL) == 0;
    (void)pthread_condattr_destroy(&attr);
    return ok;
}

struct core *core_start(const struct core_config *config, struct diag *why)
{
    if (push_config_check(config, why) != OTA_OK)
        return NULL;
    struct core *c = calloc(1, sizeof *c);
    if (!c) {
        diag_set(why, "out of memory");
        return NULL;
    }
    c->config = *config;
    if (locks_init(c) && pthread_create(&c->thread, NULL, core_main, c) == 0)
        return c;
    diag_set(why, "cannot start the core's thread: out of memory or threads");
    free(c);
    return NULL;
}

void core_submit(struct core *c, const struct core_command *cmd)
{
    struct item *i = calloc(1, sizeof *i);

    if (!i) {
        struct core_result r = {.error = OTA_ERR_IO};

        diag_set(&r.why, "out of memory");
        if (cmd->done)
            cmd->done(cmd->ctx, &r);
        return;
    }
    i->cmd = *cmd;
    struct list *lane = &c->lanes[lane_of(cmd->type)];
    (void)pthread_mutex_lock(&c->lock);
    while (lane->count >= QUEUE_MAX)
        (void)pthread_cond_wait(&c->emptied, &c->lock);
    list_add(lane, i);
    (void)pthread_cond_signal(&c->filled);
    (void)pthread_mutex_unlock(&c->lock);
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
    struct core_result result;
};

static void wake(void *ctx, const struct core_result *r)
{
    struct waiting *w = ctx;

    (void)pthread_mutex_lock(&w->lock);
    w->result = *r;
    w->done = true;
    (void)pthread_cond_signal(&w->answered);
    (void)pthread_mutex_unlock(&w->lock);
}

struct core_result core_call(struct core *c, const struct core_command *cmd)
{
    struct core_command own = *cmd;
    struct waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .answered = PTHREAD_COND_INITIALIZER};

    own.done = wake;
    own.ctx = &w;
    core_submit(c, &own);
    (void)pthread_mutex_lock(&w.lock);
    while (!w.done)
        (void)pthread_cond_wait(&w.answered, &w.lock);
    (void)pthread_mutex_unlock(&w.lock);
    (void)pthread_mutex_destroy(&w.lock);
    (void)pthread_cond_destroy(&w.answered);
    return w.result;
}

void core_stop(struct core *c)
{
    if (!c)
        return;
    (void)pthread_mutex_lock(&c->lock);
    c->stopping = true;
    (void)pthread_cond_signal(&c->filled);
    (void)pthread_mutex_unlock(&c->lock);
    (void)pthread_join(c->thread, NULL);
    effects_free(&c->effects);
    (void)pthread_mutex_destroy(&c->lock);
    (void)pthread_cond_destroy(&c->filled);
    (void)pthread_cond_destroy(&c->emptied);
    free(c);
}
