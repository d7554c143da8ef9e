/* test_core_faults.c - a full disk and a sudden end: nothing that was
 * acknowledged is lost, nothing that was not is heard of, the service goes on.
 *
 * The disk is made full underneath SQLite, by its own hook for system calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/unit/server_core/fixture.h"

/* --- a disk that can be full ---------------------------------------------- */

static atomic_bool disk_full;

static ssize_t full_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    if (atomic_load(&disk_full)) {
        errno = ENOSPC;
        return -1;
    }
    return pwrite(fd, bytes, len, at);
}

static int disk_install(void **state)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

    (void)state;
    assert_int_equal(
        vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)full_pwrite),
        SQLITE_OK);
    return vfs->xSetSystemCall(vfs, "pwrite64",
                               (sqlite3_syscall_ptr)full_pwrite);
}

static void full_disk_refuses_people_and_tells_nobody(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);
    size_t keys = f->key_count;

    atomic_store(&disk_full, true);
    struct core_result verify = do_verify(f, package, "dev-01");
    struct core_result device = do_device(f, "dev-02");
    atomic_store(&disk_full, false);

    assert_int_equal(verify.error, OTA_ERR_FULL);
    assert_string_equal(verify.why.text, "database: database or disk is full");
    assert_int_equal(device.error, OTA_ERR_FULL);
    assert_int_equal(push_count(f), 0);
    assert_int_equal(f->key_count, keys);
    assert_int_equal(package_now(f, package).state, PACKAGE_UNVERIFIED);
    assert_ok(do_verify(f, package, "dev-01"));
    assert_int_equal(push_count(f), 1);
}

struct answers {
    pthread_mutex_t lock;
    pthread_cond_t more;
    size_t count;
    ota_err last;
};

static void note_answer(void *ctx, const struct core_result *r)
{
    struct answers *a = ctx;

    (void)pthread_mutex_lock(&a->lock);
    a->count++;
    a->last = r->error;
    (void)pthread_cond_signal(&a->more);
    (void)pthread_mutex_unlock(&a->lock);
}

static void submit_step(struct fixture *f, int32_t step, struct answers *a)
{
    struct core_command c = {.type = CMD_DEVICE_PROGRESS,
                             .u.seen = {.product_key = "pk",
                                        .device_name = "dev-01",
                                        .module = "default",
                                        .step = step},
                             .done = note_answer,
                             .ctx = a};

    core_submit(f->core, &c);
}

static size_t answer_count(struct answers *a)
{
    (void)pthread_mutex_lock(&a->lock);
    size_t n = a->count;
    (void)pthread_mutex_unlock(&a->lock);
    return n;
}

static void full_disk_keeps_what_devices_said_in_order(void **state)
{
    struct fixture *f = *state;
    struct answers a = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .more = PTHREAD_COND_INITIALIZER};
    int64_t task = verify_begins(f, ready(f));
    enum { STEPS = 600 }; /* more than one batch */

    atomic_store(&disk_full, true);
    for (int32_t i = 0; i < STEPS; i++)
        submit_step(f, i * 100 / STEPS, &a);
    assert_int_equal(do_cancel(f, task).error, OTA_ERR_FULL);
    assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
    assert_int_equal(answer_count(&a), 0);
    atomic_store(&disk_full, false);
    (void)pthread_mutex_lock(&a.lock);
    while (a.count < STEPS)
        (void)pthread_cond_wait(&a.more, &a.lock);
    (void)pthread_mutex_unlock(&a.lock);

    assert_int_equal(a.last, OTA_OK);
    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 99 %");
    assert_int_equal(events_of_kind(f, "task.progress"), 100);
}

static void full_disk_at_the_end_answers_everybody(void **state)
{
    struct fixture *f = *state;
    struct answers a = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .more = PTHREAD_COND_INITIALIZER};

    verify_begins(f, ready(f));
    atomic_store(&disk_full, true);
    for (int32_t i = 0; i < 300; i++)
        submit_step(f, 1, &a);
    fixture_stop(f);
    atomic_store(&disk_full, false);

    assert_int_equal(a.count, 300);
    assert_int_equal(a.last, OTA_ERR_FULL);
    fixture_start(f);
}

/* --- refused among accepted ----------------------------------------------- */

static void refused_command_undoes_only_itself(void **state)
{
    struct fixture *f = *state;
    struct answers a = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .more = PTHREAD_COND_INITIALIZER};
    enum { MANY = 300 };

    assert_ok(do_product(f, "pk"));
    for (int i = 0; i < MANY; i++) {
        struct core_command c = {.type = CMD_DEVICE_CREATE,
                                 .actor = "ann",
                                 .done = note_answer,
                                 .ctx = &a};

        (void)snprintf(c.u.device.product_key, sizeof c.u.device.product_key,
                       "%s", i % 3 ? "pk" : "no");
        (void)snprintf(c.u.device.name, sizeof c.u.device.name, "d%d", i / 2);
        core_submit(f->core, &c);
    }
    assert_ok(do_device(f, "last"));

    assert_int_equal(answer_count(&a), MANY);
    /* Of each two with one name, one or both name the right product: every
     * name is made exactly once, whatever was refused around it. */
    assert_int_equal(events_of_kind(f, "device.created"), MANY / 2 + 1);
}

/* --- sudden end ----------------------------------------------------------- */

/* The child makes devices and tells each one, once acknowledged, through the
 * pipe; it never ends by itself. */
static void child_run(struct fixture *f, int out, int round)
{
    for (int i = 0;; i++) {
        char name[IDENTITY_DEVICE_NAME_MAX];

        (void)snprintf(name, sizeof name, "r%d-%d", round, i);
        if (do_device(f, name).error != OTA_OK ||
            write(out, &i, sizeof i) != (ssize_t)sizeof i)
            _exit(1);
    }
}

static int last_acknowledged(int in)
{
    int i = -1, last = -1;

    while (read(in, &i, sizeof i) == (ssize_t)sizeof i)
        last = i;
    return last;
}

static void killed_core_has_every_acknowledged_change(void **state)
{
    struct fixture *f = *state;

    assert_ok(do_product(f, "pk"));
    for (int round = 0; round < 12; round++) {
        int ends[2], first = 0, status = 0;

        fixture_stop(f);
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            fixture_start(f);
            child_run(f, ends[1], round);
        }
        (void)close(ends[1]);
        /* Some acknowledgements, then the end at an unplanned point. */
        assert_int_equal(read(ends[0], &first, sizeof first),
                         (int)sizeof first);
        (void)usleep((useconds_t)(round * 700));
        (void)kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        int last = last_acknowledged(ends[0]);
        (void)close(ends[0]);
        fixture_start(f);

        if (last < first)
            last = first;
        for (int i = 0; i <= last; i++) {
            char name[IDENTITY_DEVICE_NAME_MAX];

            (void)snprintf(name, sizeof name, "r%d-%d", round, i);
            assert_string_equal(device_now(f, name).name, name);
        }
    }
}

static void restarted_core_goes_on_with_its_tasks(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_step(f, "dev-01", 35, ""));
    fixture_stop(f);
    fixture_start(f);
    assert_ok(do_plain(f, CMD_BROKER_LOST));
    assert_ok(do_online(f, "dev-01", "f-1"));
    assert_ok(do_step(f, "dev-01", 36, ""));
    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 36 %");
    pass_ms(f, MINUTES(60));

    assert_int_equal(task_now(f, task).state, TASK_FAILED);
    assert_int_equal(push_count(f), 1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(full_disk_refuses_people_and_tells_nobody),
        TEST(full_disk_keeps_what_devices_said_in_order),
        TEST(full_disk_at_the_end_answers_everybody),
        TEST(refused_command_undoes_only_itself),
        TEST(killed_core_has_every_acknowledged_change),
        TEST(restarted_core_goes_on_with_its_tasks),
    };

    return cmocka_run_group_tests(tests, disk_install, NULL);
}
