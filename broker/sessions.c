/* sessions.c - which device is connected, over which connection.
 *
 * Start at sessions_open(). Tests: test/unit/broker/test_sessions.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/sessions.h"

#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int client_compare(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct session *)a)->client;
    uintptr_t y = (uintptr_t)((const struct session *)b)->client;

    return (x > y) - (x < y);
}

static int device_compare(const void *a, const void *b)
{
    const struct session *x = a, *y = b;
    int order = strcmp(x->product_key, y->product_key);

    return order != 0 ? order : strcmp(x->device_name, y->device_name);
}

static int client_id_compare(const void *a, const void *b)
{
    return strcmp(((const struct session *)a)->client_id,
                  ((const struct session *)b)->client_id);
}

void sessions_begin(struct sessions *s, uint32_t start)
{
    *s = (struct sessions){.start = start};
}

static bool text_copy(char *out, size_t cap, const char *text)
{
    size_t len = strlen(text);

    if (len >= cap)
        return false;
    memcpy(out, text, len + 1);
    return true;
}

static void session_free(struct session *session)
{
    free(session->client_id);
    free(session->inform.topic);
    free(session->inform.payload);
    free(session);
}

/* Put it into one tree; false if there is no memory or another was there. */
static bool tree_add(void **tree, struct session *session,
                     int (*compare)(const void *, const void *))
{
    struct session **at = tsearch(session, tree, compare);

    return at != NULL && *at == session;
}

static void tree_remove(void **tree, const struct session *session,
                        int (*compare)(const void *, const void *))
{
    struct session *const *at = tfind(session, tree, compare);

    if (at != NULL && *at == session)
        (void)tdelete(session, tree, compare);
}

struct session *sessions_open(struct sessions *s, const void *client,
                              const char *client_id,
                              const struct identity_login *login)
{
    struct session *n = calloc(1, sizeof *n);
    if (n == NULL)
        return NULL;

    n->client = client;
    memcpy(n->product_key, login->product_key, sizeof n->product_key);
    memcpy(n->device_name, login->device_name, sizeof n->device_name);
    memcpy(n->agent, login->agent, sizeof n->agent);
    (void)snprintf(n->epoch, sizeof n->epoch, "%08" PRIx32 "-%" PRIu64,
                   s->start, ++s->count);
    n->client_id = strdup(client_id);
    if (n->client_id == NULL) {
        session_free(n);
        return NULL;
    }
    if (!tree_add(&s->by_client, n, client_compare) ||
        !tree_add(&s->by_device, n, device_compare) ||
        !tree_add(&s->by_client_id, n, client_id_compare)) {
        sessions_close(s, n);
        return NULL;
    }
    return n;
}

static struct session *find(void *const *tree, const struct session *like,
                            int (*compare)(const void *, const void *))
{
    struct session *const *at = tfind(like, tree, compare);

    return at != NULL ? *at : NULL;
}

struct session *sessions_by_client(const struct sessions *s, const void *client)
{
    struct session like = {.client = client};

    return find(&s->by_client, &like, client_compare);
}

struct session *sessions_by_device(const struct sessions *s,
                                   const char *product_key,
                                   const char *device_name)
{
    struct session like = {0};

    if (!text_copy(like.product_key, sizeof like.product_key, product_key) ||
        !text_copy(like.device_name, sizeof like.device_name, device_name))
        return NULL;
    return find(&s->by_device, &like, device_compare);
}

struct session *sessions_by_client_id(const struct sessions *s,
                                      const char *client_id)
{
    struct session like = {.client_id = (char *)client_id};

    return find(&s->by_client_id, &like, client_id_compare);
}

bool session_keep_inform(struct session *session, const char *topic,
                         const void *payload, size_t payload_bytes)
{
    free(session->inform.topic);
    free(session->inform.payload);
    session->inform.topic = strdup(topic);
    session->inform.payload = malloc(payload_bytes + 1);
    if (session->inform.topic == NULL || session->inform.payload == NULL) {
        free(session->inform.topic);
        free(session->inform.payload);
        memset(&session->inform, 0, sizeof session->inform);
        return false;
    }
    if (payload_bytes > 0)
        memcpy(session->inform.payload, payload, payload_bytes);
    session->inform.payload_bytes = payload_bytes;
    return true;
}

struct visitor {
    void (*visit)(void *ctx, const struct session *session);
    void *ctx;
};

/* tsearch shows an inner node three times: once is enough. */
static void node_visit(const void *node, VISIT order, void *closure)
{
    const struct visitor *v = closure;

    if (order == postorder || order == leaf)
        v->visit(v->ctx, *(struct session *const *)node);
}

void sessions_each(const struct sessions *s,
                   void (*visit)(void *ctx, const struct session *session),
                   void *ctx)
{
    struct visitor v = {visit, ctx};

    twalk_r(s->by_device, node_visit, &v);
}

void sessions_close(struct sessions *s, struct session *session)
{
    tree_remove(&s->by_client, session, client_compare);
    tree_remove(&s->by_device, session, device_compare);
    tree_remove(&s->by_client_id, session, client_id_compare);
    session_free(session);
}

static void node_keep(void *node)
{
    (void)node; /* the last tree frees the sessions */
}

static void node_free(void *node)
{
    session_free(node);
}

void sessions_end(struct sessions *s)
{
    tdestroy(s->by_client, node_keep);
    tdestroy(s->by_client_id, node_keep);
    tdestroy(s->by_device, node_free);
    *s = (struct sessions){0};
}
