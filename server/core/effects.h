/* effects.h - what the outside is told once a batch is committed. Private to
 * server/core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_EFFECTS_H
#define TERN_SERVER_EFFECTS_H

#include <stddef.h>

#include "server/core/push.h"

struct effect; /* a push or a device's key */

/* Kept by the caller; all zero is empty. */
struct effects {
    struct effect *list;
    size_t count;
    size_t room;
};

TERN_MUST_USE ota_err effects_push(struct effects *e, const char *epoch,
                                   const struct push *p, struct diag *why);
TERN_MUST_USE ota_err effects_device_key(struct effects *e,
                                         const struct device *d,
                                         struct diag *why);
/* Forget what came after the first `count`: the command was refused. */
void effects_cut(struct effects *e, size_t count);
/* Give all out, in order, and forget them. */
void effects_give(struct effects *e, const struct core_effects *to);
void effects_free(struct effects *e);

#endif
