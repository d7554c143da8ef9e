/* test_agent_report.c - what is said to the server, byte for byte.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/agent_rig.h"

static int setup(void **state)
{
    rig_keys_new();
    struct rig_image *img = rig_image_new("1.3.0", 500, false);
    struct rig *r = rig_new(img);

    free(img);
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 1000);
    assert_int_equal(r->agent.talk.state, TALK_READY);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    rig_keys_free();
    return 0;
}

static void expect_said(const struct rig *r, const char *topic,
                        const char *text)
{
    assert_string_equal(fake_link_said(&r->link, 0)->topic, topic);
    assert_string_equal(fake_link_said(&r->link, 0)->text, text);
}

static void report_inform_is_the_sdk_text(void **state)
{
    struct rig *r = *state;
    uint16_t token = 0;

    assert_int_equal(report_inform(&r->agent, &token), OTA_OK);
    expect_said(r, "/ota/device/inform/a1pk/dev-01",
                "{\"id\":1, \"params\":{\"version\":\"1.3.0\"}}");
    assert_int_not_equal(token, 0);
}

static void report_pull_is_the_sdk_text(void **state)
{
    struct rig *r = *state;
    uint16_t token;

    assert_int_equal(report_pull(&r->agent, &token), OTA_OK);
    expect_said(r, "/sys/a1pk/dev-01/thing/ota/firmware/get",
                "{\"id\":3, \"params\":{}}");
}

static void report_progress_is_the_sdk_text(void **state)
{
    struct rig *r = *state;

    report_step(&r->agent, 35, "");
    expect_said(r, "/ota/device/progress/a1pk/dev-01",
                "{\"id\":2, \"params\":{\"step\":\"35\",\"desc\":\"\"}}");
}

static void report_progress_names_the_task_it_is_about(void **state)
{
    struct rig *r = *state;
    uint16_t token;

    assert_int_equal(report_progress(&r->agent, 17, -1, "no", &token), OTA_OK);
    expect_said(r, "/ota/device/progress/a1pk/dev-01",
                "{\"id\":2, \"params\":{\"step\":\"-1\",\"desc\":\"no\","
                "\"task\":17}}");
}

static void report_desc_cannot_end_its_string(void **state)
{
    struct rig *r = *state;
    uint16_t token;

    assert_int_equal(report_progress(&r->agent, 0, -1, "a\"b\\c\nd", &token),
                     OTA_OK);
    expect_said(
        r, "/ota/device/progress/a1pk/dev-01",
        "{\"id\":2, \"params\":{\"step\":\"-1\",\"desc\":\"a'b'c'd\"}}");
}

static void report_step_without_room_goes_out_later_newest_only(void **state)
{
    struct rig *r = *state;
    uint32_t before = r->link.said_count;

    r->link.full = true;
    report_step(&r->agent, 40, "");
    report_step(&r->agent, 45, "");
    r->link.full = false;
    rig_run(r, 100);

    assert_int_equal(r->link.said_count, before + 1);
    expect_said(r, "/ota/device/progress/a1pk/dev-01",
                "{\"id\":2, \"params\":{\"step\":\"45\",\"desc\":\"\"}}");
}

static void report_topics_of_others_are_no_push(void **state)
{
    struct rig *r = *state;

    assert_true(report_topic_is_push(&r->agent, RIG_PUSH));
    assert_true(report_topic_is_push(&r->agent, RIG_GET_REPLY));
    assert_false(
        report_topic_is_push(&r->agent, "/ota/device/upgrade/a1pk/dev-02"));
    assert_false(report_topic_is_push(
        &r->agent, "/sys/a1pk/dev-01/thing/config/get_reply"));
    assert_false(report_topic_is_push(&r->agent, ""));
}

static void report_outcome_names_version_and_cause(void **state)
{
    struct rig *r = *state;
    struct agent_result out;
    struct boot_status *b = &r->agent.boot;

    b->outcome = OUTCOME_ROLLED_BACK;
    b->outcome_version = (struct version){1, 4, 0, 0};
    b->outcome_cause = RESET_WATCHDOG;
    report_outcome(&r->agent, &out);
    assert_int_equal(out.step, -1);
    assert_string_equal(out.desc, "rolled back: 1.4.0 did not confirm, ended "
                                  "by the watchdog");

    b->outcome = OUTCOME_REJECTED;
    b->outcome_error = OTA_ERR_SIGNATURE;
    report_outcome(&r->agent, &out);
    assert_int_equal(out.step, -3);
    assert_string_equal(out.desc, "bootloader refused 1.4.0: no signature by "
                                  "a trusted key");

    b->outcome = OUTCOME_ACTIVE_CORRUPT;
    report_outcome(&r->agent, &out);
    assert_int_equal(out.step, -1);
    assert_string_equal(out.desc, "active slot was damaged; the other slot "
                                  "runs 1.3.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_inform_is_the_sdk_text),
        cmocka_unit_test(report_pull_is_the_sdk_text),
        cmocka_unit_test(report_progress_is_the_sdk_text),
        cmocka_unit_test(report_progress_names_the_task_it_is_about),
        cmocka_unit_test(report_desc_cannot_end_its_string),
        cmocka_unit_test(report_step_without_room_goes_out_later_newest_only),
        cmocka_unit_test(report_topics_of_others_are_no_push),
        cmocka_unit_test(report_outcome_names_version_and_cause),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
