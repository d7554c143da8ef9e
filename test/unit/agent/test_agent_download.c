/* test_agent_download.c - downloads over a network and from servers that
 * misbehave; what is fetched again and what is not.
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

#include "boot/boot_record.h"
#include "test/support/agent_rig.h"

enum { BODY_BYTES = 100000, MINUTE_MS = 60000 };

static struct rig_image *v130, *v140;

static int make_images(void **state)
{
    (void)state;
    rig_keys_new();
    v130 = rig_image_new("1.3.0", 3000, false);
    v140 = rig_image_new("1.4.0", BODY_BYTES, false);
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

    rig_task(r, v140, "1.4.0");
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static bool has_failed(const struct rig *r)
{
    return r->server.failures > 0;
}

/* Half way: behind one journal mark, and in the middle of a piece. */
static bool is_half_way(const struct rig *r)
{
    return r->agent.update.written_bytes >= 50000;
}

static void expect_update(struct rig *r)
{
    assert_true(rig_update(r, 30 * MINUTE_MS));
    assert_int_equal(r->server.failures, 0);
}

/* The fault stays for ever: bounded tries, then -2 that says why. */
static void expect_minus_2(struct rig *r, const char *why)
{
    uint32_t begun = r->clock.now_ms;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, has_failed, 30 * MINUTE_MS));
    assert_non_null(strstr(r->server.failure,
                           "\"-2\",\"desc\":\"download failed, no try left: "));
    if (!strstr(r->server.failure, why))
        fail_msg("want %s, got %s", why, r->server.failure);
    assert_int_equal(r->net.connections, AGENT_DOWNLOAD_TRIES);
    /* 1 + 2 + ... + 32 + 60 s and their jitter, not a tight loop */
    assert_true(r->clock.now_ms - begun > 2 * MINUTE_MS);
    rig_run(r, 10 * MINUTE_MS);
    assert_int_equal(r->net.connections, AGENT_DOWNLOAD_TRIES);
}

static void download_close_at_any_place_resumes_without_refetching(void **state)
{
    static const uint32_t AT[] = {0,    1,    2047,  2048,  2049,
                                  4096, 5000, 32768, 33333, BODY_BYTES};
    (void)state;
    for (unsigned i = 0; i < sizeof AT / sizeof AT[0]; i++) {
        struct rig *r = rig_new(v130);
        rig_task(r, v140, "1.4.0");
        fake_net_fault(&r->net, NET_CLOSE_AFTER, AT[i], 1);
        expect_update(r);
        assert_int_equal(r->net.asked_count, 2);
        assert_int_equal(r->net.asked[1], AT[i]);
        assert_int_equal(r->net.body_bytes, v140->len);
        rig_free(r);
    }
}

static void download_closed_every_777_bytes_fetches_each_byte_once(void **state)
{
    struct rig *r = *state;

    fake_net_fault(&r->net, NET_CLOSE_AFTER, 777, 0);
    expect_update(r);
    assert_int_equal(r->net.body_bytes, v140->len);
    assert_int_equal(r->net.asked_count, v140->len / 777 + 1);
}

static void download_byte_by_byte_arrives(void **state)
{
    struct rig *r = *state;

    r->net.slice_bytes = 1;
    expect_update(r);
    assert_int_equal(r->net.connections, 1);
}

static void download_stalled_is_given_up_after_stall_ms_and_resumed(void **st)
{
    struct rig *r = *st;
    uint32_t begun = r->clock.now_ms;

    fake_net_fault(&r->net, NET_STALL_AFTER, 40000, 1);
    expect_update(r);
    assert_int_equal(r->net.asked[1], 40000);
    assert_true(rig_has_logged(r, "the server does not answer"));
    assert_in_range(r->clock.now_ms - begun, AGENT_STALL_MS,
                    AGENT_STALL_MS + 5000);
}

static void download_after_reset_fetches_only_what_is_behind_the_mark(void **st)
{
    const uint32_t mark = AGENT_MARK_SECTORS * FLASH_SECTOR_BYTES;
    struct rig *r = *st;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, MINUTE_MS));
    expect_update(r);

    assert_int_equal(r->net.asked_count, 2);
    assert_int_equal(r->net.asked[1], mark);
    assert_true(r->net.body_bytes - v140->len <= 50000 + 2 * 2048 - mark);
    assert_true(rig_has_logged(r, "resuming"));
    assert_int_equal(fake_flash_sector_erases(r->flash, FLASH_SLOT_2), 1);
    assert_int_equal(fake_flash_sector_erases(r->flash, FLASH_SLOT_2 + mark),
                     2);
}

static void download_resumed_over_spoilt_bytes_starts_over_once(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, MINUTE_MS));
    fake_flash_bytes(r->flash)[FLASH_SLOT_2 + 1000] ^= 0x10;
    expect_update(r);

    assert_true(rig_has_logged(r, "start over"));
    assert_int_equal(r->net.asked_count, 3);
    assert_int_equal(r->net.asked[2], 0);
}

static void download_of_other_task_after_reset_reuses_nothing(void **state)
{
    struct rig_image *v150 = rig_image_new("1.5.0", BODY_BYTES, false);
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, MINUTE_MS));
    rig_task(r, v150, "1.5.0");
    expect_update(r);

    assert_int_equal(r->net.asked[1], 0);
    assert_string_equal(r->server.informed, "1.5.0");
    free(v150);
}

static void download_goes_on_while_the_message_link_is_down(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, MINUTE_MS));
    r->link.unreachable = true;
    fake_link_drop(&r->link);
    assert_true(rig_run(r, MINUTE_MS));

    assert_int_equal(r->agent.update.state, UPDATE_LEAVING);
    assert_int_equal(r->net.connections, 1);
    r->link.unreachable = false;
    expect_update(r);
}

static void download_releases_the_slot_before_it_erases(void **state)
{
    struct rig *r = *state;
    struct boot_record rec;

    expect_update(r); /* 1.3.0 in slot 1 is now a confirmed fall-back */
    assert_int_equal(boot_record_load(fake_flash_port(r->flash), &rec), OTA_OK);
    assert_int_equal(rec.confirmed_slots & 1, 1);

    struct rig_image *v150 = rig_image_new("1.5.0", BODY_BYTES, false);
    fake_flash_allow(r->flash, FLASH_SLOT_1, FLASH_SLOT_BYTES);
    rig_task(r, v150, "1.5.0");
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, MINUTE_MS));
    assert_int_equal(boot_record_load(fake_flash_port(r->flash), &rec), OTA_OK);
    assert_int_equal(rec.confirmed_slots & 1, 0);
    free(v150);
}

static void download_in_parts_is_put_together(void **state)
{
    struct rig *r = *state;

    fake_net_fault(&r->net, NET_SHORT_PART, 30000, 0);
    expect_update(r);
    assert_int_equal(r->net.body_bytes, v140->len);
    assert_int_equal(r->net.asked[1], 30000);
}

static void download_from_server_without_ranges_succeeds_in_one_go(void **state)
{
    struct rig *r = *state;

    fake_net_fault(&r->net, NET_IGNORE_RANGE, 0, 0);
    expect_update(r);
}

static void download_surplus_bytes_are_not_written(void **state)
{
    struct rig *r = *state;

    fake_net_fault(&r->net, NET_SURPLUS, 0, 0);
    expect_update(r);
}

static void download_recovers_from_passing_errors(void **state)
{
    static const enum fake_net_fault PASSING[] = {
        NET_NO_NAME,    NET_REFUSE,      NET_NO_SOCKET,   NET_CLOSE_HEAD,
        NET_STALL_HEAD, NET_WRONG_FIRST, NET_LONG_LENGTH, NET_NO_LENGTH,
        NET_STATUS,     NET_WRONG_TOTAL};

    (void)state;
    for (unsigned i = 0; i < sizeof PASSING / sizeof PASSING[0]; i++) {
        struct rig *r = rig_new(v130);
        rig_task(r, v140, "1.4.0");
        r->net.fault_status = 503;
        fake_net_fault(&r->net, PASSING[i], 10, AGENT_DOWNLOAD_TRIES - 1);
        expect_update(r);
        assert_int_equal(r->net.connections, AGENT_DOWNLOAD_TRIES);
        rig_free(r);
    }
}

static void download_that_never_works_is_minus_2_with_the_reason(void **state)
{
    static const struct {
        enum fake_net_fault fault;
        uint16_t status;
        const char *text, *why;
    } BAD[] = {
        {NET_NO_NAME, 0, NULL, "host name does not resolve"},
        {NET_REFUSE, 0, NULL, "connection refused or lost"},
        {NET_STALL_HEAD, 0, NULL, "the server does not answer"},
        {NET_CLOSE_HEAD, 0, NULL, "the server closed the connection"},
        {NET_STATUS, 404, NULL, "HTTP status 404"},
        {NET_STATUS, 403, NULL, "HTTP status 403"},
        {NET_STATUS, 416, NULL, "HTTP status 416"},
        {NET_STATUS, 500, NULL, "HTTP status 500"},
        {NET_STATUS, 302, NULL, "redirect refused, HTTP status 302"},
        {NET_WRONG_FIRST, 0, NULL, "Content-Range is not what"},
        {NET_WRONG_TOTAL, 0, NULL, "Content-Range is not what"},
        {NET_LONG_LENGTH, 0, NULL, "Content-Length and Content-Range differ"},
        {NET_NO_LENGTH, 0, NULL, "has no Content-Length"},
        {NET_SHORT_PART, 0, NULL, "a part of only a few bytes"},
        {NET_RAW, 0, "\x16\x03\x01 garbage\r\n", "does not speak HTTP/1.1"},
        {NET_RAW, 0,
         "HTTP/1.1 206 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
         "Transfer-Encoding"},
        {NET_RAW, 0, "HTTP/1.1 206 OK\r\nContent-Length: 5\r\n\r\nhello",
         "206 without Content-Range"},
        {NET_RAW, 0, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
         "has another size"},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct rig *r = rig_new(v130);
        rig_task(r, v140, "1.4.0");
        r->net.fault_status = BAD[i].status;
        r->net.fault_text = BAD[i].text;
        fake_net_fault(&r->net, BAD[i].fault, 9, 0);
        expect_minus_2(r, BAD[i].why);
        rig_free(r);
    }
}

static void download_answered_with_200_on_resume_is_a_failed_try(void **state)
{
    struct rig *r = *state;

    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, MINUTE_MS));
    fake_net_fault(&r->net, NET_IGNORE_RANGE, 0, 2);
    r->net.down = true; /* the present connection breaks */
    rig_run(r, 100);
    r->net.down = false;
    expect_update(r);

    assert_true(rig_has_logged(r, "the server ignored Range"));
}

static void download_gets_all_its_tries_again_after_a_new_byte(void **state)
{
    struct rig *r = *state;

    /* Seven failures, some bytes, seven failures, the rest. */
    fake_net_fault(&r->net, NET_REFUSE, 0, AGENT_DOWNLOAD_TRIES - 1);
    assert_true(rig_boot(r, RESET_POWER_ON));
    assert_true(rig_run_until(r, is_half_way, 30 * MINUTE_MS));
    fake_net_fault(&r->net, NET_REFUSE, 0, AGENT_DOWNLOAD_TRIES - 2);
    r->net.down = true;
    rig_run(r, 100);
    r->net.down = false;
    assert_true(rig_run(r, 30 * MINUTE_MS));
    assert_int_equal(r->server.failures, 0);
}

#define DOWNLOAD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            download_close_at_any_place_resumes_without_refetching),
        DOWNLOAD_TEST(download_closed_every_777_bytes_fetches_each_byte_once),
        DOWNLOAD_TEST(download_byte_by_byte_arrives),
        DOWNLOAD_TEST(download_stalled_is_given_up_after_stall_ms_and_resumed),
        DOWNLOAD_TEST(
            download_after_reset_fetches_only_what_is_behind_the_mark),
        DOWNLOAD_TEST(download_resumed_over_spoilt_bytes_starts_over_once),
        DOWNLOAD_TEST(download_of_other_task_after_reset_reuses_nothing),
        DOWNLOAD_TEST(download_goes_on_while_the_message_link_is_down),
        DOWNLOAD_TEST(download_releases_the_slot_before_it_erases),
        DOWNLOAD_TEST(download_in_parts_is_put_together),
        DOWNLOAD_TEST(download_from_server_without_ranges_succeeds_in_one_go),
        DOWNLOAD_TEST(download_surplus_bytes_are_not_written),
        cmocka_unit_test(download_recovers_from_passing_errors),
        cmocka_unit_test(download_that_never_works_is_minus_2_with_the_reason),
        DOWNLOAD_TEST(download_answered_with_200_on_resume_is_a_failed_try),
        DOWNLOAD_TEST(download_gets_all_its_tries_again_after_a_new_byte),
    };
    return cmocka_run_group_tests(tests, make_images, free_images);
}
