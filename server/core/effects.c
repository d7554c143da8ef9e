/* effects.c - a list that waits for the commit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/effects.h"

#include <stdio.h>
#include <stdlib.h>

enum effect_kind { EFFECT_PUSH, EFFECT_DEVICE_KEY };

struct effect {
    enum effect_kind kind;
    char epoch[IDENTITY_EPOCH_MAX];
    union {
        struct push push;
        struct device device;
    } u;
};

static struct effect *next(struct effects *e, struct diag *why)
{
    if (e->count == e->room) {
        size_t room = e->room ? 2 * e->room : 64;
        struct effect *list = realloc(e->list, room * sizeof *list);

        if (!list) {
            diag_set(why, "out of memory");
            return NULL;
        }
        e->list = list;
        e->room = room;
    }
    return &e->list[e->count++];
}

ota_err effects_push(struct effects *e, const char *epoch, const struct push *p,
                     struct diag *why)
{
    struct effect *n = next(e, why);

    if (!n)
        return OTA_ERR_IO;
    n->kind = EFFECT_PUSH;
    (void)snprintf(n->epoch, sizeof n->epoch, "%s", epoch);
    n->u.push = *p;
    return OTA_OK;
}

ota_err effects_device_key(struct effects *e, const struct device *d,
                           struct diag *why)
{
    struct effect *n = next(e, why);

    if (!n)
        return OTA_ERR_IO;
    n->kind = EFFECT_DEVICE_KEY;
    n->u.device = *d;
    return OTA_OK;
}

void effects_cut(struct effects *e, size_t count)
{
    e->count = count;
}

void effects_give(struct effects *e, const struct core_effects *to)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct effect *n = &e->list[i];

        switch (n->kind) {
        case EFFECT_PUSH:
            to->push(to->ctx, n->epoch, &n->u.push);
            break;
        case EFFECT_DEVICE_KEY:
            to->device_key(to->ctx, &n->u.device);
            break;
        }
    }
    e->count = 0;
}

void effects_free(struct effects *e)
{
    free(e->list);
    *e = (struct effects){NULL, 0, 0};
}
