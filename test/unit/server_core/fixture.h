/* fixture.h - a real core over a real SQLite file in a folder of its own, with
 * the test's clock, and everything that left the core written down.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_CORE_FIXTURE_H
#define TERN_TEST_CORE_FIXTURE_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/core/core.h"
#include "server/core/push.h"
#include "server/store/store.h"

enum { PUSHES_MAX = 64 };
#define MINUTES(n) ((model_ms)(n)*60000)

struct seen_push {
    char epoch[IDENTITY_EPOCH_MAX];
    struct push push;
};

struct fixture {
    char folder[64];
    char url[96];
    struct store *store;  /* the core's */
    struct store *reader; /* the test's */
    struct core *core;
    pthread_mutex_t lock; /* guards what the core's thread writes */
    model_ms now;
    struct seen_push pushes[PUSHES_MAX];
    size_t push_count;
    struct device keys[PUSHES_MAX];
    size_t key_count;
};

/* cmocka set-up and tear-down; *state is the struct fixture. */
int fixture_open(void **state);
int fixture_close(void **state);
void fixture_stop(struct fixture *f); /* the core only: as at a clean end */
void fixture_start(struct fixture *f);

/* Commands; each waits for its answer. */
struct core_result do_product(struct fixture *f, const char *key);
struct core_result do_device(struct fixture *f, const char *name);
struct core_result do_enable(struct fixture *f, const char *name, bool on);
struct core_result do_package(struct fixture *f, const char *version);
struct core_result do_package_as(struct fixture *f, const struct package *p);
struct core_result do_verify(struct fixture *f, int64_t package,
                             const char *device);
struct core_result do_verify_as(struct fixture *f, const struct cmd_verify *v);
struct core_result do_cancel(struct fixture *f, int64_t task);
struct core_result do_online(struct fixture *f, const char *device,
                             const char *epoch);
struct core_result do_online_as(struct fixture *f, const char *device,
                                const char *epoch, const char *agent);
struct core_result do_offline(struct fixture *f, const char *device,
                              const char *epoch);
struct core_result do_inform(struct fixture *f, const char *device,
                             const char *version);
struct core_result do_step(struct fixture *f, const char *device, int32_t step,
                           const char *desc);
/* ... by an agent that names the task it is about. */
struct core_result do_step_of(struct fixture *f, const char *device,
                              int64_t task, int32_t step, const char *desc);
struct core_result do_get(struct fixture *f, const char *device,
                          const char *id);
struct core_result do_plain(struct fixture *f, enum core_command_type type);
void pass_ms(struct fixture *f, model_ms ms); /* time, and a tick */

/* Product "pk", device "dev-01" which runs 1.3.0, and the package 1.4.0; gives
 * the package's id. Connection "e-1". */
int64_t ready(struct fixture *f);
/* ... with another agent, e.g. "tern-0.1.0". */
int64_t ready_as(struct fixture *f, const char *agent);
/* Start the verification of it on dev-01; gives the task's id. */
int64_t verify_begins(struct fixture *f, int64_t package);

/* What the database says now. */
struct device device_now(struct fixture *f, const char *name);
struct package package_now(struct fixture *f, int64_t id);
struct task task_now(struct fixture *f, int64_t id);
size_t events_of_kind(struct fixture *f, const char *kind);
size_t push_count(struct fixture *f);

#define assert_ok(r)                                                           \
    do {                                                                       \
        struct core_result r_ = (r);                                           \
        assert_string_equal(r_.why.text, "");                                  \
        assert_int_equal(r_.error, OTA_OK);                                    \
    } while (0)
#define assert_refused(r, expected, sentence)                                  \
    do {                                                                       \
        struct core_result r_ = (r);                                           \
        assert_string_equal(r_.why.text, sentence);                            \
        assert_int_equal(r_.error, expected);                                  \
    } while (0)
#define assert_task(f, id, wanted, sentence)                                   \
    do {                                                                       \
        struct task t_ = task_now(f, id);                                      \
        assert_string_equal(task_state_name(t_.state),                         \
                            task_state_name(wanted));                          \
        assert_string_equal(t_.reason, sentence);                              \
    } while (0)

#endif
