/* test_agent_hashing.c - what is read back from flash, after a reset and for
 * the image's hash, is read in many polls of which none takes long, and is what
 * lies there.
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

enum {
    BODY_BYTES = 100000,
    MINUTE_MS = 60000,
    /* Finding the journal's last mark reads its sector; nothing reads more. */
    POLL_READ_MAX = FLASH_SECTOR_BYTES,
};

static struct rig_image *v130, *v140, *v150;

static int make_images(void **state)
{
    (void)state;
    rig_keys_new();
    v130 = rig_image_new("1.3.0", 3000, false);
    v140 = rig_image_new("1.4.0", BODY_BYTES, false);
    v150 = rig_image_new("1.5.0", BODY_BYTES / 2, false);
    return 0;
}

static int free_images(void **state)
{
    (void)state;
    free(v130);
    free(v140);
    free(v150);
    rig_keys_free();
    return 0;
}

static int setup(void **state)
{
    struct rig *r = rig_new(v130);

    rig_task(r, v140, "1.4.0");
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static bool is_resumable(const struct rig *r)
{
    return r->agent.update.written_bytes > 70000; /* behind two marks */
}

static bool is_hashing(const struct rig *r)
{
    return r->agent.update.state == UPDATE_HASHING &&
           r->agent.update.reread_bytes > 0;
}

static bool has_failed(const struct rig *r)
{
    return r->server.failures > 0;
}

static void expect_update(struct rig *r, const char *version)
{
    assert_true(rig_update(r, 10 * MINUTE_MS));
    assert_int_equal(r->server.failures, 0);
    assert_string_equal(r->server.informed, version);
}

static void poll_of_an_update_reads_one_sector_at_most(void **state)
{
    struct rig *r = *state;

    expect_update(r, "1.4.0");

    assert_in_range(r->longest_read_bytes, 1, POLL_READ_MAX);
}

static void poll_of_a_resumed_update_reads_one_sector_at_most(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_resumable, MINUTE_MS));
    expect_update(r, "1.4.0");

    assert_true(rig_has_logged(r, "resuming"));
    assert_in_range(r->longest_read_bytes, 1, POLL_READ_MAX);
}

static void hashing_that_a_reset_ends_begins_again(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_hashing, MINUTE_MS));
    expect_update(r, "1.4.0");

    assert_true(rig_has_logged(r, "resuming"));
}

static void hashing_gives_way_to_the_push_of_another_image(void **state)
{
    struct rig *r = *state;
    char push[1200];

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_hashing, MINUTE_MS));
    rig_task(r, v150, "1.5.0");
    snprintf(push, sizeof push, "{\"data\":%s}", r->server.data);
    fake_link_deliver(&r->link, RIG_PUSH, push);
    assert_true(rig_run(r, 10 * MINUTE_MS));

    expect_update(r, "1.5.0");
}

static void hashing_sees_what_lies_in_flash_when_it_gets_there(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_hashing, MINUTE_MS));
    fake_flash_bytes(r->flash)[FLASH_SLOT_2 + BODY_BYTES - 1] ^= 0x10;
    assert_true(rig_run_until(r, has_failed, 10 * MINUTE_MS));

    assert_non_null(
        strstr(r->server.failure, "\"-3\",\"desc\":\"image refused: hash: "));
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_int_equal(r->choice.slot, SLOT_1);
}

#define HASHING_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HASHING_TEST(poll_of_an_update_reads_one_sector_at_most),
        HASHING_TEST(poll_of_a_resumed_update_reads_one_sector_at_most),
        HASHING_TEST(hashing_that_a_reset_ends_begins_again),
        HASHING_TEST(hashing_gives_way_to_the_push_of_another_image),
        HASHING_TEST(hashing_sees_what_lies_in_flash_when_it_gets_there),
    };
    return cmocka_run_group_tests(tests, make_images, free_images);
}
