/* http_wait.c - requests that wait: suspended, so no thread is held.
 *
 * Start at http_command(). Order that matters: suspend first, hand over
 * second; whoever finishes writes r->result and resumes as its last act, and
 * until the request goes on here nobody else touches it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/http_request.h"

static void wait_over(void *ctx, const struct core_result *result)
{
    struct http_request *r = ctx;

    struct http_server *s = r->server;

    r->result = *result;
    MHD_resume_connection(r->connection);
    s->waiting--; /* counted in http_server.c; r may be gone already */
}

static void wait_begin(struct http_request *r,
                       void (*then)(struct http_request *r))
{
    r->next = then;
    MHD_suspend_connection(r->connection);
}

void http_work_command(struct http_request *r, struct core_command *cmd)
{
    memcpy(cmd->actor, r->who.name, sizeof cmd->actor);
    cmd->done = wait_over;
    cmd->ctx = r;
    core_submit(r->server->config.core, cmd);
}

void http_command(struct http_request *r, struct core_command *cmd,
                  void (*then)(struct http_request *r))
{
    wait_begin(r, then);
    http_work_command(r, cmd);
}

void http_work_done(struct http_request *r, ota_err e, const struct diag *why)
{
    struct core_result result = {.error = e, .why = *why};

    wait_over(r, &result);
}

bool http_result_ok(struct http_request *r)
{
    if (r->result.error == OTA_OK)
        return true;
    http_refuse_error(r, r->result.error, &r->result.why);
    return false;
}

/* --- the worker: one thread for what waits on the disk ------------------ */

struct errand {
    struct errand *next;
    void (*work)(struct http_request *r);
    struct http_request *r;
};

struct http_worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct errand *first, **end;
    bool stopping;
};

static struct errand *errand_take(struct http_worker *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stopping)
        pthread_cond_wait(&w->changed, &w->lock);
    struct errand *j = w->first;
    if (j)
        w->first = j->next;
    if (!w->first)
        w->end = &w->first;
    pthread_mutex_unlock(&w->lock);
    return j;
}

static void *worker_run(void *ctx)
{
    struct http_worker *w = ctx;

    for (struct errand *j = errand_take(w); j; j = errand_take(w)) {
        j->work(j->r);
        free(j);
    }
    return NULL;
}

struct http_worker *http_worker_start(void)
{
    struct http_worker *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    w->end = &w->first;
    if (pthread_create(&w->thread, NULL, worker_run, w) != 0) {
        free(w);
        return NULL;
    }
    return w;
}

void http_worker_stop(struct http_worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void http_work(struct http_request *r, void (*work)(struct http_request *r),
               void (*then)(struct http_request *r))
{
    struct http_worker *w = r->server->worker;
    struct errand *j = malloc(sizeof *j);

    if (!j) {
        http_refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE, "UNAVAILABLE",
                    "the server is out of memory; try again");
        return;
    }
    *j = (struct errand){NULL, work, r};
    wait_begin(r, then);
    pthread_mutex_lock(&w->lock);
    *w->end = j;
    w->end = &j->next;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
}
