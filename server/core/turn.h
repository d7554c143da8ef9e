/* turn.h - what one command works with while it runs. Private to server/core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_TURN_H
#define TERN_SERVER_TURN_H

#include "server/core/effects.h"

struct turn {
    struct store *store;
    const struct core_config *config;
    struct effects *effects;
    model_ms now;
    const char *actor;          /* "device", "server" or a token's name */
    struct core_result *result; /* why, id and key are written there */
};

/* One row of the timeline. about: ids and names, state, step and version; at,
 * actor, kind and text are filled in here. */
TERN_MUST_USE ota_err turn_event(struct turn *t, struct event *about,
                                 const char *kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The state that an event is about. name: one of model.h's. */
void event_state(struct event *ev, const char *name);

/* Commands of people (people.c). */
ota_err people_product_create(struct turn *t, const struct product *p);
ota_err people_product_slot(struct turn *t, const struct product *p);
ota_err people_product_keys(struct turn *t, const struct product *p);
ota_err people_device_create(struct turn *t, const struct device *d);
ota_err people_device_enable(struct turn *t, const struct device *d);
ota_err people_package_create(struct turn *t, const struct package *p);
ota_err verify_package(struct turn *t,
                       const struct cmd_verify *v); /* verify.c */
ota_err people_task_cancel(struct turn *t, int64_t id);

/* Who may use the API (access.c). */
ota_err access_token_create(struct turn *t, const struct token *n);
ota_err access_token_revoke(struct turn *t, int64_t id);
ota_err access_session_begin(struct turn *t, const struct session *n);
ota_err access_session_extend(struct turn *t, int64_t id);
ota_err access_session_end(struct turn *t, int64_t id);
ota_err access_due(struct turn *t); /* sessions that nobody uses any more */

/* Messages of devices (uplink.c). */
ota_err uplink_online(struct turn *t, const struct cmd_seen *s);
ota_err uplink_offline(struct turn *t, const struct cmd_seen *s);
ota_err uplink_inform(struct turn *t, const struct cmd_seen *s);
ota_err uplink_progress(struct turn *t, const struct cmd_seen *s);
ota_err uplink_get(struct turn *t, const struct cmd_seen *s);
ota_err uplink_broker_lost(struct turn *t);

/* Deadlines that have passed (task_run.c). */
ota_err task_run_due(struct turn *t);

#endif
