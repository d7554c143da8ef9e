/* test_agent_update.c - whole updates, from a push to the confirmed new
 * firmware or to the reason why not, with the real boot core.
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

enum { BODY_BYTES = 100000, MINUTE_MS = 60000 };

static struct rig_image *v130, *v140, *v150, *foreign140;

static int make_images(void **state)
{
    (void)state;
    rig_keys_new();
    v130 = rig_image_new("1.3.0", 3000, false);
    v140 = rig_image_new("1.4.0", BODY_BYTES, false);
    v150 = rig_image_new("1.5.0", BODY_BYTES / 2, false);
    foreign140 = rig_image_new("1.4.0", BODY_BYTES, true);
    return 0;
}

static int free_images(void **state)
{
    (void)state;
    free(v130);
    free(v140);
    free(v150);
    free(foreign140);
    rig_keys_free();
    return 0;
}

static bool has_failed(const struct rig *r)
{
    return r->server.failures > 0;
}

static bool is_receiving(const struct rig *r)
{
    return r->agent.update.state == UPDATE_RECEIVING &&
           r->agent.update.written_bytes > 20000;
}

static uint32_t slot_erases(const struct rig *r, uint32_t slot)
{
    uint32_t n = 0;

    for (uint32_t o = 0; o < FLASH_SLOT_BYTES; o += FLASH_SECTOR_BYTES)
        n += fake_flash_sector_erases(r->flash, slot + o);
    return n;
}

/* A device with 1.3.0 that has begun to download 1.4.0. */
static struct rig *receiving(void)
{
    struct rig *r = rig_new(v130);

    rig_task(r, v140, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_receiving, MINUTE_MS));
    return r;
}

/* One that waits for the reset into its trial. */
static struct rig *armed(void)
{
    struct rig *r = receiving();

    assert_true(rig_run(r, 10 * MINUTE_MS));
    return r;
}

/* Run until the server hears of a failure; 1.3.0 is still what boots. */
static void expect_failure(struct rig *r, const char *text)
{
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, has_failed, 30 * MINUTE_MS));
    if (!strstr(r->server.failure, text))
        print_error("want %s, got %s\n", text, r->server.failure);
    assert_non_null(strstr(r->server.failure, text));
    assert_int_equal(r->server.failures, 1);
    assert_int_equal(r->agent.update.state, UPDATE_IDLE);
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_int_equal(r->choice.slot, SLOT_1);
    assert_false(r->choice.trial);
}

static void update_from_push_to_confirm_succeeds(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));

    assert_string_equal(r->server.informed, "1.4.0");
    assert_int_equal(r->choice.slot, SLOT_2);
    assert_int_equal(r->self_tests, 1);
    assert_int_equal(r->server.failures, 0);
    assert_int_equal(r->net.connections, 1);
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_int_equal(r->choice.slot, SLOT_2);
    assert_false(r->choice.trial);
    rig_free(r);
}

static void update_there_and_back_uses_both_slots(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));
    fake_flash_allow(r->flash, FLASH_SLOT_1, FLASH_SLOT_BYTES);
    rig_task(r, v150, "1.5.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));

    assert_int_equal(r->choice.slot, SLOT_1);
    assert_string_equal(agent_version(&r->agent), "1.5.0");
    rig_free(r);
}

static void confirmed_firmware_lives_on_and_takes_the_next_push(void **state)
{
    struct rig *r = rig_new(v130);
    char push[1200];

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));
    assert_false(rig_run(r, 2 * RIG_TRIAL_MS));
    fake_flash_allow(r->flash, FLASH_SLOT_1, FLASH_SLOT_BYTES);
    rig_task(r, v150, "1.5.0");
    snprintf(push, sizeof push, "{\"data\":%s}", r->server.data);
    fake_link_deliver(&r->link, RIG_PUSH, push);

    assert_true(rig_run(r, MINUTE_MS));
    assert_int_equal(r->agent.update.state, UPDATE_LEAVING);
    rig_free(r);
}

static void update_tells_every_five_percent_and_each_moment(void **state)
{
    static const char *const MOMENTS[] = {
        "[LK-0309] pub: /ota/device/upgrade/a1pk/dev-01",
        "[LK-030A] < {\"code\":\"1000\",\"data\":{\"size\":",
        "OTA target firmware version: 1.4.0, size: ",
        "[LK-040B] > GET /d/0123456789abcdef/6789.bin HTTP/1.1",
        "[LK-040B] > Host: files.test:8080",
        "[LK-040B] > Range: bytes=0-",
        "[LK-040D] < HTTP/1.1 206 Partial Content",
        "download 5% done, +2048 bytes",
        "download 100% done, +",
        "[LK-0901] digest matched",
        "image hash and signature verified",
        "trial armed: slot 2, version 1.4.0. Down finished all.SystemReset",
        "firmware confirmed",
    };
    struct rig *r = rig_new(v130);
    char step[16];

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));

    for (unsigned i = 0; i < sizeof MOMENTS / sizeof MOMENTS[0]; i++) {
        if (!rig_has_logged(r, MOMENTS[i]))
            print_error("not logged: %s\n", MOMENTS[i]);
        assert_true(rig_has_logged(r, MOMENTS[i]));
    }
    for (int p = 0; p <= 100; p += 5) {
        snprintf(step, sizeof step, "%d", p);
        assert_int_equal(rig_count_step(r, step, "\"}}"), 1);
    }
    assert_int_equal(rig_count_step(r, "100", "verified\"}}"), 1);
    assert_int_equal(rig_count_step(r, "100", "armed\"}}"), 1);
    assert_int_equal(rig_count_step(r, "100", "trial boot\"}}"), 1);
    rig_free(r);
}

static void update_never_logs_password_or_secret(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));

    assert_int_equal(strlen(r->link.password), 64);
    assert_false(rig_has_logged(r, r->link.password));
    assert_false(rig_has_logged(r, RIG_SECRET));
    rig_free(r);
}

static void update_erases_each_sector_of_the_image_once(void **state)
{
    struct rig *r = rig_new(v130);
    uint32_t sectors =
        (v140->len + FLASH_SECTOR_BYTES - 1) / FLASH_SECTOR_BYTES;

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_update(r, 10 * MINUTE_MS));

    assert_int_equal(slot_erases(r, FLASH_SLOT_2), sectors);
    assert_int_equal(slot_erases(r, FLASH_SLOT_1), 0);
    rig_free(r);
}

static void update_of_foreign_key_is_minus_3(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, foreign140, "1.4.0");
    expect_failure(r, "\"step\":\"-3\",\"desc\":\"image refused: ");
    rig_free(r);
}

static void update_of_other_version_than_pushed_is_minus_3(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.1");
    expect_failure(r, "\"-3\",\"desc\":\"pushed version differs, the image "
                      "says 1.4.0\"");
    rig_free(r);
}

/* What is missing at its end still lies in the slot from an older try. */
static void update_of_cut_off_image_is_minus_3(void **state)
{
    struct rig *r = rig_new(v130);
    struct rig_image *cut = rig_image_new("1.4.0", BODY_BYTES, false);

    (void)state;
    memcpy(fake_flash_bytes(r->flash) + FLASH_SLOT_2, cut->bytes, cut->len);
    cut->len -= cut->len % FLASH_SECTOR_BYTES;
    rig_task(r, cut, "1.4.0");
    expect_failure(r, "\"-3\",\"desc\":\"image refused: ");
    rig_free(r);
    free(cut);
}

static void update_below_the_security_floor_is_minus_3(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    r->agent.boot.security_floor = 1;
    assert_true(rig_run_until(r, has_failed, MINUTE_MS));
    assert_non_null(strstr(r->server.failure, "\"-3\",\"desc\":\"version is "
                                              "older than what may run\""));
    rig_free(r);
}

static void update_with_altered_byte_is_minus_3_and_forgets_it(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    r->net.alter = true;
    r->net.alter_at = 50000;
    expect_failure(r, "\"-3\",\"desc\":\"digest of the download differs\"");

    /* The operator tries again: nothing of the bad bytes is reused. */
    r->net.alter = false;
    assert_true(rig_update(r, 10 * MINUTE_MS));
    assert_int_equal(r->net.asked[1], 0);
    assert_int_equal(r->net.connections, 2);
    rig_free(r);
}

static void update_larger_than_slot_is_minus_1_before_any_erase(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task_json(r, "1.4.0",
                  "{\"size\":1048577,\"version\":\"1.4.0\",\"url\":\"http://h/"
                  "x\",\"sign\":\"00112233445566778899aabbccddeeff\","
                  "\"signMethod\":\"Md5\"}");
    assert_true(rig_boot(r, RESET_POWER_ON));
    fake_flash_counts_reset(r->flash);
    assert_true(rig_run_until(r, has_failed, MINUTE_MS));

    assert_non_null(strstr(r->server.failure,
                           "\"-1\",\"desc\":\"does not fit: 1048577 bytes, "
                           "the slot has 1048576\""));
    assert_int_equal(fake_flash_counts(r->flash).ops, 0);
    assert_int_equal(r->net.connections, 0);
    rig_free(r);
}

static void update_push_that_is_nonsense_is_minus_1(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task_json(r, "1.4.0", "{\"size\":0,\"version\":\"1.4.0\"}");
    r->server.push = false;
    expect_failure(r, "\"-1\",\"desc\":\"push refused: size is 0\"");
    rig_free(r);
}

static void update_flash_failure_is_minus_4(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    fake_flash_fail(r->flash, 40, TEAR_FIRST_HALF, 1);
    expect_failure(r, "\"-4\",\"desc\":\"flash failed while writing\"");
    rig_free(r);
}

static void update_on_worn_flash_is_minus_3(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, v140, "1.4.0");
    for (uint32_t at = 30000;; at++)
        if (v140->bytes[at] != 0xff) {
            fake_flash_wear(r->flash, FLASH_SLOT_2 + at, 0xff);
            break;
        }
    /* The bytes that arrived were right: only reading back can tell. */
    expect_failure(r, "\"-3\",\"desc\":\"image refused: ");
    assert_true(rig_has_logged(r, "[LK-0901] digest matched"));
    rig_free(r);
}

static void trial_that_fails_self_test_is_rolled_back_and_told(void **state)
{
    struct rig *r = armed();

    (void)state;
    r->fitness = AGENT_UNFIT;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_true(r->choice.trial);
    assert_true(rig_run(r, RIG_TRIAL_MS / 2));
    r->server.open = false;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_int_equal(r->choice.slot, SLOT_1);
    assert_true(rig_run_until(r, has_failed, MINUTE_MS));

    assert_non_null(strstr(r->server.failure,
                           "\"-1\",\"desc\":\"rolled back: 1.4.0 did not "
                           "confirm"));
    rig_run(r, MINUTE_MS);
    assert_string_equal(r->server.informed, "1.3.0");
    rig_free(r);
}

static void trial_whose_self_test_goes_on_ends_after_trial_ms(void **state)
{
    struct rig *r = armed();
    uint32_t begun;

    (void)state;
    r->fitness = AGENT_NOT_YET;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    begun = r->clock.now_ms;
    assert_true(rig_run(r, 2 * RIG_TRIAL_MS));

    assert_true(r->self_tests > 1);
    assert_in_range(r->clock.now_ms - begun, RIG_TRIAL_MS,
                    RIG_TRIAL_MS + RIG_STEP_MS);
    assert_int_equal(fake_link_count(&r->link, RIG_INFORM, "1.4.0"), 0);
    rig_free(r);
}

static void trial_whose_self_test_takes_time_is_kept(void **state)
{
    struct rig *r = armed();

    (void)state;
    r->fitness = AGENT_NOT_YET;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_false(rig_run(r, RIG_TRIAL_MS / 2));
    r->fitness = AGENT_FIT;
    assert_false(rig_run(r, 2 * RIG_TRIAL_MS));

    assert_int_equal(fake_link_count(&r->link, RIG_INFORM, "1.4.0"), 1);
    rig_free(r);
}

static void trial_without_network_ends_after_trial_ms(void **state)
{
    struct rig *r = armed();
    uint32_t begun;

    (void)state;
    r->link.unreachable = true;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    begun = r->clock.now_ms;
    assert_true(rig_run(r, 2 * RIG_TRIAL_MS));

    assert_in_range(r->clock.now_ms - begun, RIG_TRIAL_MS,
                    RIG_TRIAL_MS + RIG_STEP_MS);
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_int_equal(r->choice.slot, SLOT_1);
    rig_free(r);
}

static void outcome_is_reported_once_not_in_every_boot(void **state)
{
    struct rig *r = armed();

    (void)state;
    r->server.open = false;
    assert_true(rig_boot(r, RESET_SOFTWARE)); /* the trial, which hangs */
    for (int boot = 0; boot < 3; boot++) {
        assert_true(rig_boot(r, RESET_WATCHDOG));
        rig_run(r, MINUTE_MS);
    }

    assert_int_equal(r->server.failures, 1);
    rig_free(r);
}

static void push_in_unconfirmed_trial_begins_nothing(void **state)
{
    struct rig *r = armed();

    (void)state;
    rig_task(r, v150, "1.5.0");
    r->link.no_acks = true;
    assert_true(rig_boot(r, RESET_SOFTWARE));
    rig_run(r, 5000);
    fake_link_deliver(&r->link, RIG_PUSH, "{\"data\":{\"size\":1}}");
    rig_run(r, 5000);

    assert_true(rig_has_logged(r, "push left to the pull"));
    assert_int_equal(r->agent.update.state, UPDATE_IDLE);
    assert_int_equal(r->server.failures, 0);
    rig_free(r);
}

static void push_repeated_while_receiving_is_ignored(void **state)
{
    struct rig *r = receiving();
    char push[1200];

    (void)state;
    snprintf(push, sizeof push, "{\"code\":\"1000\",\"data\":%s}",
             r->server.data);
    fake_link_deliver(&r->link, RIG_PUSH, push);
    assert_true(rig_run(r, MINUTE_MS));

    assert_true(rig_has_logged(r, "push repeated, already at it"));
    assert_int_equal(r->net.connections, 1);
    rig_free(r);
}

static void push_of_other_task_while_receiving_takes_its_place(void **state)
{
    struct rig *r = receiving();
    char push[1200];

    (void)state;
    rig_task(r, v150, "1.5.0");
    snprintf(push, sizeof push, "{\"code\":\"1000\",\"data\":%s}",
             r->server.data);
    fake_link_deliver(&r->link, RIG_PUSH, push);
    assert_true(rig_run(r, MINUTE_MS));
    assert_true(rig_update(r, MINUTE_MS));

    assert_string_equal(r->server.informed, "1.5.0");
    assert_int_equal(r->server.failures, 0);
    rig_free(r);
}

static void push_of_nonsense_while_receiving_does_not_fail_the_task(void **s)
{
    struct rig *r = receiving();

    (void)s;
    fake_link_deliver(&r->link, RIG_PUSH, "{{{{");
    assert_true(rig_run(r, MINUTE_MS));

    assert_true(rig_has_logged(r, "push refused: message is not well-formed"));
    assert_int_equal(r->server.failures, 0);
    rig_free(r);
}

static bool has_informed_twice(const struct rig *r)
{
    return fake_link_count(&r->link, RIG_INFORM, "1.3.0") == 2;
}

static void push_of_running_version_informs_again(void **state)
{
    struct rig *r = rig_new(v130);
    char push[1200];

    (void)state;
    assert_true(rig_boot(r, RESET_POWER_ON));
    rig_run(r, MINUTE_MS);
    rig_task(r, v130, "1.3.0");
    snprintf(push, sizeof push, "{\"data\":%s}", r->server.data);
    fake_link_deliver(&r->link, RIG_PUSH, push);

    assert_true(rig_run_until(r, has_informed_twice, MINUTE_MS));
    assert_true(r->server.succeeded);
    assert_int_equal(r->net.connections, 0);
    rig_free(r);
}

static void armed_device_leaves_even_if_nobody_acknowledges(void **state)
{
    struct rig *r = receiving();

    (void)state;
    r->link.no_acks = true;

    assert_true(rig_run(r, MINUTE_MS));
    assert_true(rig_boot(r, RESET_SOFTWARE));
    assert_true(r->choice.trial);
    rig_free(r);
}

static void failure_is_told_after_the_link_is_back(void **state)
{
    struct rig *r = rig_new(v130);

    (void)state;
    rig_task(r, foreign140, "1.4.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_receiving, MINUTE_MS));
    r->link.unreachable = true;
    fake_link_drop(&r->link);
    rig_run(r, MINUTE_MS);
    assert_int_equal(r->agent.update.state, UPDATE_IDLE);
    assert_int_equal(r->server.failures, 0);
    r->link.unreachable = false;

    assert_true(rig_run_until(r, has_failed, 2 * MINUTE_MS));
    assert_int_equal(fake_link_count(&r->link, RIG_INFORM, ""), 1);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(update_from_push_to_confirm_succeeds),
        cmocka_unit_test(update_there_and_back_uses_both_slots),
        cmocka_unit_test(confirmed_firmware_lives_on_and_takes_the_next_push),
        cmocka_unit_test(update_tells_every_five_percent_and_each_moment),
        cmocka_unit_test(update_never_logs_password_or_secret),
        cmocka_unit_test(update_erases_each_sector_of_the_image_once),
        cmocka_unit_test(update_of_foreign_key_is_minus_3),
        cmocka_unit_test(update_of_other_version_than_pushed_is_minus_3),
        cmocka_unit_test(update_of_cut_off_image_is_minus_3),
        cmocka_unit_test(update_below_the_security_floor_is_minus_3),
        cmocka_unit_test(update_with_altered_byte_is_minus_3_and_forgets_it),
        cmocka_unit_test(update_larger_than_slot_is_minus_1_before_any_erase),
        cmocka_unit_test(update_push_that_is_nonsense_is_minus_1),
        cmocka_unit_test(update_flash_failure_is_minus_4),
        cmocka_unit_test(update_on_worn_flash_is_minus_3),
        cmocka_unit_test(trial_that_fails_self_test_is_rolled_back_and_told),
        cmocka_unit_test(trial_whose_self_test_goes_on_ends_after_trial_ms),
        cmocka_unit_test(trial_whose_self_test_takes_time_is_kept),
        cmocka_unit_test(trial_without_network_ends_after_trial_ms),
        cmocka_unit_test(outcome_is_reported_once_not_in_every_boot),
        cmocka_unit_test(push_in_unconfirmed_trial_begins_nothing),
        cmocka_unit_test(push_repeated_while_receiving_is_ignored),
        cmocka_unit_test(push_of_other_task_while_receiving_takes_its_place),
        cmocka_unit_test(
            push_of_nonsense_while_receiving_does_not_fail_the_task),
        cmocka_unit_test(push_of_running_version_informs_again),
        cmocka_unit_test(armed_device_leaves_even_if_nobody_acknowledges),
        cmocka_unit_test(failure_is_told_after_the_link_is_back),
    };
    return cmocka_run_group_tests(tests, make_images, free_images);
}
