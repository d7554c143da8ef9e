/* store.h - the database as the server sees it: rows in, rows out.
 *
 * One writer (the core's store) and any number of readers, each its own
 * connection; a connection is used by one thread at a time. SQL lives behind
 * this header, in store_*.c over the small driver interface db.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_STORE_H
#define TERN_SERVER_STORE_H

#include "server/core/core.h"
#include "server/core/model.h"

struct store;

/* url: "sqlite:/path/to/file". Creates or migrates the schema.
 * NULL: why says what to do. */
struct store *store_open(const char *url, struct diag *why);
struct store *store_open_reader(const char *url, struct diag *why);
void store_close(struct store *s); /* NULL is fine */

/* Each call: OTA_OK; OTA_ERR_NOT_FOUND; OTA_ERR_EXISTS a unique name is taken;
 * OTA_ERR_STATE the row changed since it was loaded (row_version); OTA_ERR_IO
 * database failed; OTA_ERR_FULL disk full. why is set for all but OTA_OK. */
ota_err store_begin(struct store *s, struct diag *why);
ota_err store_commit(struct store *s, struct diag *why);
void store_rollback(struct store *s);
/* One command within a transaction: after mark, either keep or undo. */
ota_err store_mark(struct store *s, struct diag *why);
ota_err store_keep(struct store *s, struct diag *why);
ota_err store_undo(struct store *s, struct diag *why);

ota_err store_product_add(struct store *, const struct product *,
                          struct diag *);
ota_err store_product_save(struct store *, struct product *, struct diag *);
ota_err store_product_get(struct store *, const char *key, struct product *,
                          struct diag *);

ota_err store_device_add(struct store *, struct device *, struct diag *);
ota_err store_device_save(struct store *, struct device *, struct diag *);
ota_err store_device_get(struct store *, const char *product_key,
                         const char *name, struct device *, struct diag *);
ota_err store_device_by_id(struct store *, int64_t id, struct device *,
                           struct diag *);
ota_err store_devices_all_offline(struct store *, struct diag *);

ota_err store_package_add(struct store *, struct package *, struct diag *);
ota_err store_package_save(struct store *, struct package *, struct diag *);
ota_err store_package_get(struct store *, int64_t id, struct package *,
                          struct diag *);
/* Is there a package whose blob id (first 32 hex of sha256) this is? */
ota_err store_package_by_blob(struct store *, const char *blob_id,
                              struct package *, struct diag *);

ota_err store_job_add(struct store *, struct job *, struct diag *);
ota_err store_job_save(struct store *, struct job *, struct diag *);
ota_err store_job_get(struct store *, int64_t id, struct job *, struct diag *);

/* The newest job that verifies the package. */
ota_err store_job_of_package(struct store *, int64_t package_id, struct job *,
                             struct diag *);

ota_err store_task_add(struct store *, struct task *, struct diag *);
ota_err store_task_save(struct store *, struct task *, struct diag *);
ota_err store_task_get(struct store *, int64_t id, struct task *,
                       struct diag *);
/* The device's one task that is not over. */
ota_err store_task_unfinished(struct store *, int64_t device_id, struct task *,
                              struct diag *);
/* The device's newest task, also if it is over. */
ota_err store_task_newest(struct store *, int64_t device_id, struct task *,
                          struct diag *);
/* The task with the earliest deadline at or before `by`. */
ota_err store_task_due(struct store *, model_ms by, struct task *,
                       struct diag *);

/* Is a task that is not over left, of this job or of this package? */
ota_err store_job_is_open(struct store *, int64_t job_id, bool *open,
                          struct diag *);
ota_err store_package_is_open(struct store *, int64_t package_id, bool *open,
                              struct diag *);
/* Give every task that is not over this reason: nothing is known now. */
ota_err store_tasks_explain(struct store *, const char *reason, struct diag *);

ota_err store_event_add(struct store *, struct event *, struct diag *);
/* The newest event's id; 0 if there is none. */
ota_err store_event_last(struct store *, int64_t *id, struct diag *);

ota_err store_token_add(struct store *, const struct token *, struct diag *);
ota_err store_token_get(struct store *, int64_t id, struct token *,
                        struct diag *);
/* With its sessions. */
ota_err store_token_remove(struct store *, int64_t id, struct diag *);
ota_err store_token_by_hash(struct store *, const char *sha256, struct token *,
                            struct diag *);

ota_err store_session_add(struct store *, struct session *, struct diag *);
ota_err store_session_by_hash(struct store *, const char *sha256,
                              struct session *, struct diag *);
/* The session that expires earliest, at or before `by`. */
ota_err store_session_due(struct store *, model_ms by, struct session *,
                          struct diag *);
ota_err store_session_extend(struct store *, int64_t id, model_ms expires_ms,
                             struct diag *);
ota_err store_session_remove(struct store *, int64_t id, struct diag *);

/* Lists: `each` gets a row that is valid for the call; false stops. Rows with
 * id > after, in id order, at most `limit` (1..1000). Empty text or 0 in a
 * filter means any. newest_first turns the order round; then `before` is where
 * the next page begins. */
struct store_filter {
    const char *product_key;
    const char *device_name;         /* devices, tasks, events */
    const char *name_begin;          /* devices: letters as in a device name */
    const bool *online;              /* devices; NULL is any */
    const enum package_state *state; /* packages; NULL is any */
    int64_t package_id, job_id, task_id;
    int64_t after, before;
    bool newest_first;
    uint32_t limit;
};
ota_err store_products(struct store *, const struct store_filter *,
                       bool (*each)(void *, const struct product *), void *ctx,
                       struct diag *);
ota_err store_devices(struct store *, const struct store_filter *,
                      bool (*each)(void *, const struct device *), void *ctx,
                      struct diag *);
ota_err store_packages(struct store *, const struct store_filter *,
                       bool (*each)(void *, const struct package *), void *ctx,
                       struct diag *);
ota_err store_jobs(struct store *, const struct store_filter *,
                   bool (*each)(void *, const struct job *), void *ctx,
                   struct diag *);
ota_err store_tasks(struct store *, const struct store_filter *,
                    bool (*each)(void *, const struct task *,
                                 const struct device *),
                    void *ctx, struct diag *);
ota_err store_tokens(struct store *, const struct store_filter *,
                     bool (*each)(void *, const struct token *), void *ctx,
                     struct diag *);
ota_err store_events(struct store *, const struct store_filter *,
                     bool (*each)(void *, const struct event *), void *ctx,
                     struct diag *);

#endif
