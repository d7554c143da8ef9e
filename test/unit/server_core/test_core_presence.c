/* test_core_presence.c - connections, restarts and repeated messages: who is
 * told, how often, and why a task waits.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "test/unit/server_core/fixture.h"

static const char PUSHED[] = "pushed, no progress yet";
static const char TERN[] = "tern-0.1.0";

static void task_for_an_offline_device_waits_and_says_since_when(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);

    assert_ok(do_offline(f, "dev-01", "e-1"));
    int64_t task = verify_begins(f, package);
    assert_task(f, task, TASK_QUEUED,
                "device is offline since 2023-11-14 22:13:20 UTC");
    assert_int_equal(push_count(f), 0);
    assert_ok(do_online(f, "dev-01", "e-2"));

    assert_task(f, task, TASK_NOTIFIED, PUSHED);
    assert_int_equal(push_count(f), 1);
    assert_string_equal(f->pushes[0].epoch, "e-2");
}

static void new_connection_in_notified_is_told_once_more(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_offline(f, "dev-01", "e-1"));
    assert_task(f, task, TASK_NOTIFIED,
                "pushed, no progress yet; device is offline since 2023-11-14 "
                "22:13:20 UTC");
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_int_equal(push_count(f), 2);
    for (int i = 3; i < 13; i++) {
        char epoch[16];

        (void)snprintf(epoch, sizeof epoch, "e-%d", i);
        assert_ok(do_online(f, "dev-01", epoch));
    }

    assert_task(f, task, TASK_NOTIFIED, PUSHED);
    assert_int_equal(push_count(f), 12);
    assert_int_equal(task_now(f, task).pushes, 12);
}

static void new_connection_while_downloading_is_never_told(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_step(f, "dev-01", 40, ""));
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_ok(do_offline(f, "dev-01", "e-2"));
    assert_ok(do_online(f, "dev-01", "e-3"));

    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 40 %");
    assert_int_equal(push_count(f), 1);
}

static void end_of_an_older_connection_is_ignored(void **state)
{
    struct fixture *f = *state;

    ready(f);
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_ok(do_offline(f, "dev-01", "e-1"));

    assert_true(device_now(f, "dev-01").online);
    assert_ok(do_offline(f, "dev-01", "e-2"));
    assert_false(device_now(f, "dev-01").online);
}

/* A device reboots with the old version: Link SDK's is told again. */
static void reboot(struct fixture *f, int n, const char *agent)
{
    char epoch[16];

    (void)snprintf(epoch, sizeof epoch, "boot-%d", n);
    assert_ok(do_online_as(f, "dev-01", epoch, agent));
    assert_ok(do_inform(f, "dev-01", "1.3.0"));
}

static void source_version_again_is_told_three_times_then_fails(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f), task = verify_begins(f, package);

    for (int attempt = 1; attempt <= 3; attempt++) {
        assert_int_equal(push_count(f), attempt);
        assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
        assert_ok(do_step(f, "dev-01", 100, ""));
        reboot(f, attempt, "sdk-c-4.0.0");
    }

    assert_int_equal(push_count(f), 3);
    assert_task(f, task, TASK_FAILED, "came back with 1.3.0 after 3 attempts");
    assert_int_equal(package_now(f, package).state, PACKAGE_VERIFY_FAILED);
}

static void link_sdk_cut_off_in_the_download_counts_as_an_attempt(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    for (int attempt = 1; attempt <= 3; attempt++) {
        assert_ok(do_step(f, "dev-01", 50, ""));
        reboot(f, attempt, "sdk-c-4.0.0");
    }

    assert_int_equal(task_now(f, task).state, TASK_FAILED);
}

static void tern_agent_after_a_restart_is_answered_not_pushed(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready_as(f, TERN));

    assert_ok(do_step(f, "dev-01", 50, ""));
    reboot(f, 1, TERN);
    assert_int_equal(push_count(f), 1);
    assert_task(f, task, TASK_NOTIFIED,
                "connected anew with 1.3.0, no progress yet");
    assert_ok(do_get(f, "dev-01", "17"));

    assert_int_equal(push_count(f), 2);
    assert_string_equal(f->pushes[1].epoch, "boot-1");
    assert_string_equal(f->pushes[1].push.topic,
                        "/sys/pk/dev-01/thing/ota/firmware/get_reply");
    assert_non_null(strstr(f->pushes[1].push.payload, "\"id\":\"17\""));
    assert_non_null(strstr(f->pushes[1].push.payload, ":8080/d/"));
    assert_ok(do_step(f, "dev-01", 55, ""));
    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 55 %");
}

static void tern_agent_may_be_cut_off_often_in_the_download(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready_as(f, TERN));

    for (int cut = 1; cut <= 10; cut++) {
        assert_ok(do_step(f, "dev-01", 5 * cut, ""));
        reboot(f, cut, TERN);
        assert_ok(do_get(f, "dev-01", "1"));
    }
    assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
    for (int attempt = 1; attempt <= 3; attempt++) {
        assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
        assert_ok(do_step(f, "dev-01", 100, ""));
        reboot(f, 100 + attempt, TERN);
    }

    assert_task(f, task, TASK_FAILED, "came back with 1.3.0 after 3 attempts");
}

static void tern_agent_with_a_lost_answer_is_told_over_the_next(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready_as(f, TERN));

    assert_ok(do_step(f, "dev-01", 50, ""));
    reboot(f, 1, TERN);
    assert_ok(do_online_as(f, "dev-01", "e-9", TERN));

    assert_int_equal(push_count(f), 2);
    assert_string_equal(f->pushes[1].epoch, "e-9");
    assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
}

static void rolled_back_device_fails_with_its_own_words(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready_as(f, TERN));

    assert_ok(do_step(f, "dev-01", 100, "trial boot"));
    reboot(f, 1, TERN);
    assert_ok(do_step(f, "dev-01", -1, "1.4.0 was rolled back: not confirmed"));

    assert_task(f, task, TASK_FAILED, "1.4.0 was rolled back: not confirmed");
}

static void repeated_messages_change_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    assert_ok(do_step(f, "dev-01", 40, "x"));
    struct task before = task_now(f, task);
    size_t steps = events_of_kind(f, "task.progress");
    size_t informs = events_of_kind(f, "device.inform");
    for (int i = 0; i < 3; i++) {
        assert_ok(do_step(f, "dev-01", 40, "x"));
        assert_ok(do_inform(f, "dev-01", "1.3.0"));
        assert_ok(do_online(f, "dev-01", "e-1"));
    }

    assert_int_equal(task_now(f, task).row_version, before.row_version);
    assert_int_equal(events_of_kind(f, "task.progress"), steps);
    assert_int_equal(events_of_kind(f, "device.inform"), informs);
    assert_int_equal(push_count(f), 1);
}

static void lost_broker_tells_nobody_twice(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f), task = verify_begins(f, package);

    assert_ok(do_plain(f, CMD_BROKER_LOST));
    assert_false(device_now(f, "dev-01").online);
    assert_task(f, task, TASK_NOTIFIED,
                "device was not seen since the broker was lost");
    /* The same connection, told of again; and its last inform. */
    assert_ok(do_online(f, "dev-01", "e-1"));
    assert_ok(do_inform(f, "dev-01", "1.3.0"));
    assert_task(f, task, TASK_NOTIFIED, PUSHED);
    /* Nobody knows whether it got there: sent again, but as the same one. */
    assert_int_equal(push_count(f), 2);
    assert_int_equal(f->pushes[1].push.task, f->pushes[0].push.task);
    assert_int_equal(f->pushes[1].push.count, f->pushes[0].push.count);
    assert_int_equal(task_now(f, task).pushes, 1);
    assert_int_equal(events_of_kind(f, "task.pushed"), 1);
    assert_ok(do_step(f, "dev-01", 10, ""));
    assert_ok(do_plain(f, CMD_BROKER_LOST));
    assert_ok(do_online(f, "dev-01", "e-1"));
    assert_ok(do_inform(f, "dev-01", "1.3.0"));

    assert_int_equal(push_count(f), 2);
    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 10 %");
}

static void core_that_crashed_before_its_push_was_out_sends_it(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));

    fixture_stop(f);
    f->push_count = 0; /* as if it had never left */
    fixture_start(f);
    assert_ok(do_plain(f, CMD_BROKER_LOST));
    assert_ok(do_online(f, "dev-01", "e-1"));

    assert_int_equal(push_count(f), 1);
    assert_string_equal(f->pushes[0].epoch, "e-1");
    assert_int_equal(f->pushes[0].push.task, push_task_number(task));
    assert_int_equal(f->pushes[0].push.count, 1);
    assert_task(f, task, TASK_NOTIFIED, PUSHED);
}

static void task_made_while_the_broker_is_lost_is_told_later(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);

    assert_ok(do_plain(f, CMD_BROKER_LOST));
    int64_t task = verify_begins(f, package);
    assert_int_equal(task_now(f, task).state, TASK_QUEUED);
    assert_ok(do_online(f, "dev-01", "e-1"));

    assert_int_equal(push_count(f), 1);
    assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
}

static void link_sdk_is_never_told_twice_in_one_boot(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);

    verify_begins(f, package);
    assert_ok(do_step(f, "dev-01", 10, ""));
    assert_ok(do_step(f, "dev-01", -3, ""));
    int64_t again = verify_begins(f, package);
    assert_task(f, again, TASK_QUEUED,
                "device already began an update since it started; it is told "
                "after its next start");
    /* A new connection is no new boot, and a stale message no progress. */
    assert_ok(do_online(f, "dev-01", "e-2"));
    assert_ok(do_step(f, "dev-01", 20, ""));
    assert_int_equal(task_now(f, again).state, TASK_QUEUED);
    assert_int_equal(push_count(f), 1);
    assert_ok(do_online(f, "dev-01", "e-3"));
    assert_ok(do_inform(f, "dev-01", "1.3.0"));

    assert_int_equal(push_count(f), 2);
    assert_task(f, again, TASK_NOTIFIED, PUSHED);
}

static void tern_agent_gets_a_new_task_instead_of_a_canceled_one(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready_as(f, TERN);
    int64_t canceled = verify_begins(f, package);

    assert_ok(do_step(f, "dev-01", 10, ""));
    assert_ok(do_cancel(f, canceled));
    int64_t again = verify_begins(f, package);

    assert_task(f, again, TASK_NOTIFIED, PUSHED);
    assert_int_equal(push_count(f), 2);
}

static void pull_delivers_the_task_and_nothing_when_there_is_none(void **state)
{
    struct fixture *f = *state;
    int64_t package = ready(f);

    assert_ok(do_get(f, "dev-01", "3"));
    assert_int_equal(push_count(f), 1);
    assert_string_equal(f->pushes[0].push.payload,
                        "{\"id\":\"3\",\"code\":200,\"data\":{}}");
    assert_ok(do_plain(f, CMD_BROKER_LOST));
    assert_refused(do_get(f, "dev-01", "3"), OTA_ERR_CLOSED,
                   "dev-01 asked, but has no connection any more");
    int64_t task = verify_begins(f, package);
    assert_ok(do_online(f, "dev-01", "e-1"));
    assert_ok(do_get(f, "dev-01", "4"));

    assert_int_equal(push_count(f), 3);
    assert_non_null(strstr(f->pushes[2].push.payload, "\"version\":\"1.4.0\""));
    assert_int_equal(task_now(f, task).state, TASK_NOTIFIED);
    assert_refused(do_get(f, "dev-01", "4\""), OTA_ERR_SYNTAX,
                   "the id of a question must be digits");
    assert_int_equal(push_count(f), 3);
}

static void messages_of_unknown_devices_are_refused(void **state)
{
    struct fixture *f = *state;

    ready(f);
    assert_refused(do_online(f, "ghost", "e-1"), OTA_ERR_NOT_FOUND,
                   "product pk has no device ghost");
    assert_refused(do_inform(f, "ghost", "1.3.0"), OTA_ERR_NOT_FOUND,
                   "product pk has no device ghost");
    assert_refused(do_step(f, "ghost", 1, ""), OTA_ERR_NOT_FOUND,
                   "product pk has no device ghost");
    assert_refused(do_inform(f, "dev-01", "1.3.0 beta"), OTA_ERR_SYNTAX,
                   "inform of dev-01: a version has 1 to 64 of A-Z a-z 0-9 . "
                   "_ + - and a module 1 to 32 of A-Z a-z 0-9 _ -");
    assert_string_equal(device_now(f, "dev-01").version, "1.3.0");
}

static void desc_of_a_device_is_made_harmless(void **state)
{
    struct fixture *f = *state;
    int64_t task = verify_begins(f, ready(f));
    char text[MODEL_DESC_MAX];

    assert_ok(do_step(f, "dev-01", 5, "a\x01\xff\n\xc3\xa4"));
    assert_task(f, task, TASK_IN_PROGRESS, "downloading, 5 %: a???\xc3\xa4");
    /* 255 bytes of two-byte characters and one more: cut between them. */
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)(i % 2 ? 0xa4 : 0xc3);
    text[sizeof text - 1] = '\0';
    assert_ok(do_step(f, "dev-01", 6, text));
    assert_int_equal(strlen(task_now(f, task).reason) % 2,
                     strlen("downloading, 6 %: ") % 2);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(task_for_an_offline_device_waits_and_says_since_when),
        TEST(new_connection_in_notified_is_told_once_more),
        TEST(new_connection_while_downloading_is_never_told),
        TEST(end_of_an_older_connection_is_ignored),
        TEST(source_version_again_is_told_three_times_then_fails),
        TEST(link_sdk_cut_off_in_the_download_counts_as_an_attempt),
        TEST(tern_agent_after_a_restart_is_answered_not_pushed),
        TEST(tern_agent_may_be_cut_off_often_in_the_download),
        TEST(tern_agent_with_a_lost_answer_is_told_over_the_next),
        TEST(rolled_back_device_fails_with_its_own_words),
        TEST(repeated_messages_change_nothing),
        TEST(lost_broker_tells_nobody_twice),
        TEST(core_that_crashed_before_its_push_was_out_sends_it),
        TEST(task_made_while_the_broker_is_lost_is_told_later),
        TEST(link_sdk_is_never_told_twice_in_one_boot),
        TEST(tern_agent_gets_a_new_task_instead_of_a_canceled_one),
        TEST(pull_delivers_the_task_and_nothing_when_there_is_none),
        TEST(messages_of_unknown_devices_are_refused),
        TEST(desc_of_a_device_is_made_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
