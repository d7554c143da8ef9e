/* test_core_verify.c - one verification through the core, from the request to
 * every end it can have.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "test/unit/server_core/fixture.h"

static const char PUSHED[] = "pushed, no progress yet";

static void verify_that_runs_the_target_is_verified(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f), task;

    task = verify_begins(f, package);
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFYING);
    assert_task(f, task, TASK_NOTIFIED, PUSHED);
    assert_ok(do_step(f, "dev-01", 0, ""));
    assert_ok(do_step(f, "dev-01", 35, ""));
    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 35 %");
    assert_ok(do_step(f, "dev-01", 100, ""));
    assert_ok(do_step(f, "dev-01", 100, "trial boot"));
    assert_task(f, task, TASK_IN_PROGRESS, "trial boot");
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFYING);
    assert_ok(do_offline(f, "dev-01", "e-1"));
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_ok(do_inform(f, "dev-01", "1.4.0"));

    assert_task(f, task, TASK_SUCCEEDED, "device runs 1.4.0");
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFIED);
    assert_int_equal(push_count(f), 1);
    assert_string_equal(f->pushes[0].epoch, "e-1");
    assert_string_equal(f->pushes[0].push.topic,
                        "/ota/device/upgrade/pk/dev-01");
}

static void verify_of_all_ends_completes_the_job(void **state)
{
    struct fixture *f = *state;
    struct job j;
    struct diag why;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_step(f, "dev-01", -1, "too large"));

    assert_int_equal(
        store_job_get(f->reader, task_now(f, task).job_id, &j, &why), OTA_OK);
    assert_int_equal(j.state, JOB_COMPLETED);
    assert_int_equal(events_of_kind(f, "job.state"), 1);
}

static void progress_of_a_failure_fails_with_its_desc(void **state)
{
    static const char *const TEXTS[] = {
        "the upgrade failed (-1)", "the download failed (-2)",
        "verification failed (-3)", "writing the flash failed (-4)"};
    struct fixture *f = *state;
    int64_t package = ready_as(f, "tern-0.1.0");

    for (int32_t code = -1; code >= -4; code--) {
        int64_t task = verify_begins(f, package);

        assert_ok(do_step(f, "dev-01", 5, ""));
        assert_ok(do_step(f, "dev-01", code, ""));
        assert_task(f, task, TASK_FAILED, TEXTS[-code - 1]);
        assert_int_equal(task_now(f, task).step, code);
        assert_int_equal(package_now(f, package).state, PACKAGE_VERIFY_FAILED);
    }
    int64_t task = verify_begins(f, package);
    assert_ok(do_step(f, "dev-01", -3, "signature: by a foreign key"));
    assert_task(f, task, TASK_FAILED, "signature: by a foreign key");
}

static void progress_above_100_is_a_failed_download(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_step(f, "dev-01", 49, ""));
    assert_ok(do_step(f, "dev-01", 105, ""));

    assert_task(f, task, TASK_FAILED,
                "the download failed (-2): the device reported step 105, which "
                "Link SDK does after a damaged transfer");
    assert_int_equal(task_now(f, task).step, -2);
}

static void inform_of_a_third_version_fails(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_ok(do_inform(f, "dev-01", "1.2.0"));

    assert_task(f, task, TASK_FAILED,
                "came back with 1.2.0, which is neither 1.3.0 nor 1.4.0");
}

static void timeout_runs_from_the_first_progress(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f), task = verify_begins(f, package);

    pass_ms(f, MINUTES(24 * 60));
    assert_task(f, task, TASK_NOTIFIED, PUSHED);
    assert_ok(do_step(f, "dev-01", 10, ""));
    pass_ms(f, MINUTES(59));
    assert_ok(do_step(f, "dev-01", 20, ""));
    pass_ms(f, MINUTES(1) - 1);
    assert_int_equal(task_now(f, task).state, TASK_IN_PROGRESS);
    pass_ms(f, 1);

    assert_task(f, task, TASK_FAILED,
                "did not run 1.4.0 in time; last seen at 20 %");
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFY_FAILED);
}

static void cancel_ends_the_task_and_names_who(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_cancel(f, task));
    assert_task(f, task, TASK_CANCELED, "canceled by ann");
    assert_refused(do_cancel(f, task), OTA_ERR_STATE,
                   "task 1 is over already: CANCELED");
    assert_refused(do_cancel(f, 77), OTA_ERR_NOT_FOUND, "there is no task 77");
}

static void verify_again_after_a_failure_can_succeed(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready_as(f, "tern-0.1.0");

    verify_begins(f, package);
    assert_ok(do_step(f, "dev-01", -2, "no answer"));
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFY_FAILED);
    verify_begins(f, package);
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFYING);
    assert_ok(do_inform(f, "dev-01", "1.4.0"));

    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFIED);
}

static void verify_on_two_devices_is_verified_by_one(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);
    struct cmd_verify v = {.package_id = package,
                           .device_count = 2,
                           .devices = {"dev-01", "dev-02"}};

    assert_ok(do_device(f, "dev-02"));
    assert_ok(do_online(f, "dev-02", "e-9"));
    assert_ok(do_inform(f, "dev-02", "1.3.1"));
    assert_ok(do_verify_as(f, &v));
    assert_ok(do_step(f, "dev-01", -1, "no"));
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFYING);
    assert_ok(do_inform(f, "dev-02", "1.4.0"));

    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFIED);
    assert_int_equal(push_count(f), 2);
}

static void verify_says_what_is_wrong_and_does_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);
    struct cmd_verify v = {.package_id = package,
                           .source_count = 1,
                           .sources = {"1.3.0"},
                           .device_count = 2,
                           .devices = {"dev-01", "dev-02"}};

    assert_refused(do_verify(f, 99, "dev-01"), OTA_ERR_NOT_FOUND,
                   "there is no package 99");
    assert_refused(do_verify(f, package, "nobody"), OTA_ERR_NOT_FOUND,
                   "product pk has no device nobody");
    assert_ok(do_device(f, "dev-02"));
    assert_refused(do_verify_as(f, &v), OTA_ERR_STATE,
                   "device dev-02 never told its version: let it connect once "
                   "first");
    assert_ok(do_online(f, "dev-02", "e-5"));
    assert_ok(do_inform(f, "dev-02", "1.2.0"));
    assert_refused(do_verify_as(f, &v), OTA_ERR_STATE,
                   "device dev-02 runs 1.2.0, which is not among the source "
                   "versions");
    assert_ok(do_inform(f, "dev-02", "1.4.0"));
    assert_refused(do_verify_as(f, &v), OTA_ERR_STATE,
                   "device dev-02 runs 1.4.0 already");
    assert_ok(do_enable(f, "dev-02", false));
    assert_refused(do_verify_as(f, &v), OTA_ERR_STATE,
                   "device dev-02 is disabled: enable it first");

    assert_int_equal(package_now(f, package).state, PACKAGE_UNVERIFIED);
    assert_int_equal(events_of_kind(f, "job.created"), 0);
    assert_int_equal(push_count(f), 0);
}

static void verify_of_a_busy_device_names_its_task(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);
    struct cmd_verify twice = {.package_id = package,
                               .device_count = 2,
                               .devices = {"dev-01", "dev-01"}};

    assert_refused(do_verify_as(f, &twice), OTA_ERR_EXISTS,
                   "device dev-01 is named twice");
    assert_int_equal(push_count(f), 0);
    verify_begins(f, package);
    assert_refused(do_verify(f, package, "dev-01"), OTA_ERR_EXISTS,
                   "device dev-01 has the unfinished task 1: wait for it or "
                   "cancel it");
}

static void verify_with_bad_numbers_is_refused(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);
    struct cmd_verify v = {.package_id = package};

    assert_refused(do_verify_as(f, &v), OTA_ERR_RANGE, "name 1 to 200 devices");
    v.device_count = MODEL_TARGETS_MAX + 1;
    assert_refused(do_verify_as(f, &v), OTA_ERR_RANGE, "name 1 to 200 devices");
    v.device_count = 1;
    v.source_count = MODEL_SOURCES_MAX + 1;
    assert_refused(do_verify_as(f, &v), OTA_ERR_RANGE,
                   "name at most 16 source versions");
    v.source_count = 1;
    assert_refused(do_verify_as(f, &v), OTA_ERR_SYNTAX,
                   "\"\" is no source version: 1 to 64 of A-Z a-z 0-9 . _ + -");
    v.source_count = 0;
    v.timeout_minutes = 1441;
    assert_refused(do_verify_as(f, &v), OTA_ERR_RANGE,
                   "the timeout is 1 to 1440 minutes, or 0 for none");
}

static void verify_of_a_package_that_needs_none_is_refused(void **state)
{
    struct fixture *f = *state;
    struct package p = package_now(f, ready(f));

    p.state = PACKAGE_NOT_NEEDED;
    struct core_result made = do_package_as(f, &p);
    assert_ok(made);
    assert_refused(do_verify(f, made.id, "dev-01"), OTA_ERR_STATE,
                   "package 2 was uploaded as needing no verification");
    p.state = PACKAGE_UNVERIFIED;
    (void)snprintf(p.module, sizeof p.module, "MCU");
    made = do_package_as(f, &p);
    assert_ok(made);
    assert_refused(do_verify(f, made.id, "dev-01"), OTA_ERR_STATE,
                   "package 3 is for the module MCU: only whole-device "
                   "packages (module default) can be verified");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

/* What each word of Tern's agent is in the timeline. */
static void progress_of_each_kind_is_an_event_of_its_own(void **state)
{
    static const struct {
        int32_t step;
        const char *desc, *kind;
    } SAID[] = {
        {0, "", "task.progress"},
        {100, "", "task.progress"},
        {100, "verified", "task.verified"},
        {100, "armed", "task.armed"},
        {99, "armed", "task.progress"}, /* not at its place */
        {100, "trial boot", "task.trial"},
        {-1, "rolled back: 1.4.0 did not confirm", "task.rolled_back"},
    };
    struct fixture *f = *state;

    (void)verify_begins(f, ready_as(f, "tern-0.1.0"));
    for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
        size_t before = events_of_kind(f, SAID[i].kind);
        assert_ok(do_step(f, "dev-01", SAID[i].step, SAID[i].desc));
        assert_int_equal(events_of_kind(f, SAID[i].kind), before + 1);
    }
    assert_int_equal(events_of_kind(f, "task.failed"), 0);
}

static void progress_of_another_failure_is_task_failed(void **state)
{
    struct fixture *f = *state;

    (void)verify_begins(f, ready(f));
    assert_ok(do_step(f, "dev-01", -3, "signature: none"));
    assert_int_equal(events_of_kind(f, "task.failed"), 1);
    assert_int_equal(events_of_kind(f, "task.rolled_back"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(verify_that_runs_the_target_is_verified),
        TEST(verify_of_all_ends_completes_the_job),
        TEST(progress_of_a_failure_fails_with_its_desc),
        TEST(progress_above_100_is_a_failed_download),
        TEST(progress_of_each_kind_is_an_event_of_its_own),
        TEST(progress_of_another_failure_is_task_failed),
        TEST(inform_of_a_third_version_fails),
        TEST(timeout_runs_from_the_first_progress),
        TEST(cancel_ends_the_task_and_names_who),
        TEST(verify_again_after_a_failure_can_succeed),
        TEST(verify_on_two_devices_is_verified_by_one),
        TEST(verify_says_what_is_wrong_and_does_nothing),
        TEST(verify_of_a_busy_device_names_its_task),
        TEST(verify_with_bad_numbers_is_refused),
        TEST(verify_of_a_package_that_needs_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
