/* http_readers.c - a database connection for each HTTP thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdlib.h>

#include "server/http/http_request.h"

struct http_readers {
    pthread_mutex_t lock;
    struct store *free[HTTP_THREADS];
    unsigned count;
};

struct http_readers *http_readers_open(const char *store_url, struct diag *why)
{
    struct http_readers *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    for (unsigned i = 0; i < HTTP_THREADS; i++) {
        struct store *s = store_open_reader(store_url, why);
        if (!s) {
            http_readers_close(p);
            return NULL;
        }
        p->free[p->count++] = s;
    }
    return p;
}

void http_readers_close(struct http_readers *p)
{
    if (!p)
        return;
    while (p->count > 0)
        store_close(p->free[--p->count]);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

struct store *http_reader_take(struct http_request *r)
{
    struct http_readers *p = r->server->readers;

    pthread_mutex_lock(&p->lock);
    struct store *s = p->free[--p->count];
    pthread_mutex_unlock(&p->lock);
    return s;
}

void http_reader_give(struct http_request *r, struct store *reader)
{
    struct http_readers *p = r->server->readers;

    pthread_mutex_lock(&p->lock);
    p->free[p->count++] = reader;
    pthread_mutex_unlock(&p->lock);
}
