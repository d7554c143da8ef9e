/* test_agent_talk.c - the conversation with the server: order, repetition,
 * reconnects.
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

enum { MINUTE_MS = 60000 };

static struct rig_image *v130, *v140;

static int make_images(void **state)
{
    (void)state;
    rig_keys_new();
    v130 = rig_image_new("1.3.0", 3000, false);
    v140 = rig_image_new("1.4.0", 20000, false);
    return 0;
}

static int free_images(void **state)
{
    (void)state;
    free(v130);
    free(v140);
    rig_keys_free();
    return 0;
}

static int setup(void **state)
{
    struct rig *r = rig_new(v130);

    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static bool is_ready(const struct rig *r)
{
    return r->agent.talk.state == TALK_READY;
}

static void talk_first_boot_informs_then_pulls_once(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));
    rig_run(r, MINUTE_MS);

    assert_int_equal(r->link.said_count, 2);
    assert_string_equal(fake_link_said(&r->link, 1)->topic, RIG_INFORM);
    assert_string_equal(fake_link_said(&r->link, 0)->topic, RIG_PULL);
    assert_true(rig_has_logged(r, "no update is waiting"));
}

static void talk_reconnect_in_one_boot_does_not_inform_again(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));
    for (int i = 0; i < 3; i++) {
        fake_link_drop(&r->link);
        rig_run(r, 1000);
        assert_true(rig_run_until(r, is_ready, MINUTE_MS));
    }

    assert_int_equal(r->link.opened, 4);
    assert_int_equal(r->link.said_count, 2);
}

static void talk_inform_without_ack_is_said_again_after_reconnect(void **state)
{
    struct rig *r = *state;

    r->link.no_acks = true;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 5000);
    fake_link_drop(&r->link);
    r->link.no_acks = false;
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));

    assert_int_equal(fake_link_count(&r->link, RIG_INFORM, ""), 2);
    assert_int_equal(fake_link_count(&r->link, RIG_PULL, ""), 1);
}

static void talk_broker_that_falls_silent_is_left(void **state)
{
    struct rig *r = *state;

    r->link.no_acks = true;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, AGENT_STALL_MS + 5000);

    assert_int_equal(r->link.opened, 2);
}

static void talk_connect_without_answer_is_tried_again(void **state)
{
    struct rig *r = *state;

    r->link.silent = true;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, AGENT_STALL_MS + 5000);
    assert_int_equal(r->link.opened, 2);
    r->link.silent = false;
    assert_true(rig_run_until(r, is_ready, 2 * MINUTE_MS));
}

/* Without back-off this would be thousands; without an end to its growth, a
 * device would come back hours after its broker. */
static void talk_refused_login_backs_off_to_one_try_a_minute(void **state)
{
    struct rig *r = *state;
    uint32_t opened;

    r->link.refuse_code = 5;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 10 * MINUTE_MS);
    assert_in_range(r->link.opened, 8, 20);
    opened = r->link.opened;
    rig_run(r, 60 * MINUTE_MS);
    assert_in_range(r->link.opened - opened, 39, 61);
    assert_true(rig_has_logged(r, "broker refused the login, code 5"));
}

static void talk_link_that_fails_says_why(void **state)
{
    struct rig *r = *state;

    r->link.unreachable = true;
    r->link.why = "the certificate has expired";
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 1000);

    assert_true(rig_has_logged(r, "link: the certificate has expired"));
}

static void talk_that_got_ready_reconnects_fast_again(void **state)
{
    struct rig *r = *state;

    r->link.refuse_code = 3;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 10 * MINUTE_MS);
    r->link.refuse_code = 0;
    assert_true(rig_run_until(r, is_ready, 2 * MINUTE_MS));
    rig_run(r, 1000);
    fake_link_drop(&r->link);
    rig_run(r, 100);
    assert_true(rig_run_until(r, is_ready, 2 * AGENT_RETRY_MS_MIN));
}

static void talk_ack_of_something_else_acknowledges_nothing(void **state)
{
    struct rig *r = *state;

    r->link.no_acks = true;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 1000);
    assert_int_equal(r->agent.talk.state, TALK_INFORMING);
    r->link.queue[r->link.queue_len++] = (struct link_event){
        .type = LINK_SENT, .token = (uint16_t)(r->link.last_token + 1)};
    rig_run(r, 1000);
    assert_int_equal(r->agent.talk.state, TALK_INFORMING);
}

static void talk_survives_the_clock_wrapping(void **state)
{
    struct rig *r = *state;

    r->clock.now_ms = UINT32_MAX - 3000;
    r->link.unreachable = true;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, 10000);
    assert_true(r->clock.now_ms < 10000);
    assert_in_range(r->link.opened, 3, 5);
    r->link.unreachable = false;
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));
}

static void talk_trial_is_confirmed_after_its_first_word_arrived(void **state)
{
    struct rig *r = *state;

    rig_task(r, v140, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run(r, MINUTE_MS));
    r->link.no_acks = true;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    rig_run(r, 5000);
    assert_int_equal(rig_count_step(r, "100", "trial boot"), 1);
    assert_int_equal(r->self_tests, 0);
    assert_int_equal(fake_link_count(&r->link, RIG_INFORM, "1.4.0"), 0);

    r->link.no_acks = false;
    fake_link_drop(&r->link);
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));
    assert_int_equal(r->self_tests, 1);
    assert_int_equal(fake_link_count(&r->link, RIG_INFORM, "1.4.0"), 1);
}

static void talk_confirm_that_flash_refuses_is_asked_again(void **state)
{
    struct rig *r = *state;

    rig_task(r, v140, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run(r, MINUTE_MS));
    assert_true(rig_boot(r, RESET_SOFTWARE));
    fake_flash_fail(r->flash, 1, TEAR_NOTHING, 1);
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));

    assert_true(r->server.succeeded);
}

static void talk_message_of_another_topic_is_only_logged(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_ready, MINUTE_MS));
    rig_task(r, v140, "1.4.0");
    fake_link_deliver(&r->link, "/sys/a1pk/dev-01/thing/config/push",
                      "{\"data\":{\"size\":1,\"version\":\"1.4.0\"}}");
    rig_run(r, 5000);

    assert_int_equal(r->agent.update.state, UPDATE_IDLE);
    assert_int_equal(r->server.failures, 0);
    assert_int_equal(r->net.connections, 0);
}

static void agent_init_with_wrong_config_is_range(void **state)
{
    struct rig *r = *state;
    struct agent_config c = r->config;

    c.trial_ms = 0;
    assert_int_equal(agent_init(&r->agent, &c), OTA_ERR_RANGE);
    c = r->config;
    c.device_name = "";
    assert_int_equal(agent_init(&r->agent, &c), OTA_ERR_RANGE);
}

static void agent_init_without_running_image_is_corrupt(void **state)
{
    struct rig *r = *state;

    memset(fake_flash_bytes(r->flash) + FLASH_SLOT_1, 0xff, 64);
    assert_int_equal(agent_init(&r->agent, &r->config), OTA_ERR_CORRUPT);
}

#define TALK_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static bool is_receiving(const struct rig *r)
{
    return r->agent.update.state == UPDATE_RECEIVING;
}

static bool has_failed(const struct rig *r)
{
    return r->server.failures > 0;
}

/* As the server's data, with the number of a task. */
static void push_numbered(struct rig *r, unsigned number)
{
    char push[1200];

    snprintf(push, sizeof push,
             "{\"code\":\"1000\",\"data\":%.*s,\"task\":%u}}",
             (int)strlen(r->server.data) - 1, r->server.data, number);
    fake_link_deliver(&r->link, RIG_PUSH, push);
}

/* The trial's end is told in another boot, where only flash can know. */
static void talk_outcome_names_the_task_that_was_armed(void **state)
{
    struct rig *r = *state;

    rig_task(r, v140, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_receiving, MINUTE_MS));
    push_numbered(r, 7);
    push_numbered(r, 8);
    r->server.open = false;
    assert_true(rig_run(r, 10 * MINUTE_MS));
    assert_int_equal(r->net.connections, 1);
    r->fitness = AGENT_UNFIT;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_true(rig_run(r, RIG_TRIAL_MS / 2));
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_true(rig_run_until(r, has_failed, MINUTE_MS));

    assert_non_null(strstr(r->server.failure, "rolled back: 1.4.0"));
    assert_non_null(strstr(r->server.failure, "\"task\":8}}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TALK_TEST(talk_first_boot_informs_then_pulls_once),
        TALK_TEST(talk_outcome_names_the_task_that_was_armed),
        TALK_TEST(talk_reconnect_in_one_boot_does_not_inform_again),
        TALK_TEST(talk_inform_without_ack_is_said_again_after_reconnect),
        TALK_TEST(talk_broker_that_falls_silent_is_left),
        TALK_TEST(talk_connect_without_answer_is_tried_again),
        TALK_TEST(talk_refused_login_backs_off_to_one_try_a_minute),
        TALK_TEST(talk_link_that_fails_says_why),
        TALK_TEST(talk_that_got_ready_reconnects_fast_again),
        TALK_TEST(talk_ack_of_something_else_acknowledges_nothing),
        TALK_TEST(talk_survives_the_clock_wrapping),
        TALK_TEST(talk_trial_is_confirmed_after_its_first_word_arrived),
        TALK_TEST(talk_confirm_that_flash_refuses_is_asked_again),
        TALK_TEST(talk_message_of_another_topic_is_only_logged),
        TALK_TEST(agent_init_with_wrong_config_is_range),
        TALK_TEST(agent_init_without_running_image_is_corrupt),
    };
    return cmocka_run_group_tests(tests, make_images, free_images);
}
