/* test_boot_api.c - what an application may ask of the bootloader.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "boot/boot_record.h"
#include "test/support/boot_board.h"

static struct boot_status status(struct fake_flash *f)
{
    struct boot_status s;

    assert_int_equal(boot_status_load(fake_flash_port(f), &s), OTA_OK);
    return s;
}

static uint64_t ops(struct fake_flash *f)
{
    return fake_flash_counts(f).ops;
}

/* Slot 1 runs 1.0.0 and is confirmed, slot 2 is on trial with 2.0.0. */
static struct fake_flash *on_trial(uint32_t counter)
{
    struct fake_flash *f = board_new();
    struct board_image img = board_image("2.0.0", counter, KEY_OLD);

    board_load_version(f, SLOT_1, "1.0.0");
    board_load(f, SLOT_2, &img);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(board_reset(f, RESET_SOFTWARE).slot, SLOT_2);
    return f;
}

static void boot_status_of_blank_flash_is_steady_in_slot_1(void **state)
{
    struct fake_flash *f = board_new();
    struct boot_status s = status(f);

    (void)state;
    assert_int_equal(s.state, BOOT_STEADY);
    assert_int_equal(s.running, SLOT_1);
    assert_int_equal(s.inactive, SLOT_2);
    assert_int_equal(s.outcome, OUTCOME_NONE);
    assert_int_equal(s.security_floor, 0);
    fake_flash_free(f);
}

static void boot_status_in_a_trial_names_the_trial_slot(void **state)
{
    struct fake_flash *f = on_trial(0);
    struct boot_status s = status(f);

    (void)state;
    assert_int_equal(s.state, BOOT_TRIAL);
    assert_int_equal(s.running, SLOT_2);
    assert_int_equal(s.inactive, SLOT_1);
    fake_flash_free(f);
}

static void boot_trial_request_arms_and_twice_writes_once(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    board_load_version(f, SLOT_1, "1.0.0");
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(status(f).state, BOOT_ARMED);
    assert_int_equal(status(f).running, SLOT_1);
    assert_int_equal(ops(f), 2);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), 2);
    fake_flash_free(f);
}

static void boot_trial_request_raises_the_floor_of_a_factory_image(void **state)
{
    struct fake_flash *f = board_new();
    struct board_image img = board_image("1.0.0", 4, KEY_OLD);

    (void)state;
    board_load(f, SLOT_1, &img);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(status(f).security_floor, 4);
    fake_flash_free(f);
}

static void boot_trial_request_replaces_an_unreadable_image(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(status(f).state, BOOT_ARMED);
    fake_flash_free(f);
}

static void boot_confirm_keeps_the_trial_and_raises_the_floor(void **state)
{
    struct fake_flash *f = on_trial(7);
    struct boot_status s;

    (void)state;
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    s = status(f);
    assert_int_equal(s.state, BOOT_STEADY);
    assert_int_equal(s.running, SLOT_2);
    assert_int_equal(s.outcome, OUTCOME_CONFIRMED);
    assert_int_equal(s.outcome_version.major, 2);
    assert_int_equal(s.security_floor, 7);
    fake_flash_free(f);
}

static void boot_confirm_outside_a_trial_writes_nothing(void **state)
{
    struct fake_flash *f = board_new();
    uint64_t before;

    (void)state;
    board_load_version(f, SLOT_1, "1.0.0");
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), 0);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    before = ops(f);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), before);
    assert_int_equal(status(f).state, BOOT_ARMED);
    fake_flash_free(f);
}

static void boot_confirm_of_an_unreadable_image_is_refused(void **state)
{
    struct fake_flash *f = on_trial(0);

    (void)state;
    memset(fake_flash_bytes(f) + FLASH_SLOT_2, 0, FLASH_SECTOR_BYTES);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_ERR_CORRUPT);
    assert_int_equal(status(f).state, BOOT_TRIAL);
    fake_flash_free(f);
}

static void boot_in_a_trial_release_and_request_are_refused(void **state)
{
    struct fake_flash *f = on_trial(0);
    uint64_t before = ops(f);

    (void)state;
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_ERR_STATE);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_ERR_STATE);
    assert_int_equal(ops(f), before);
    fake_flash_free(f);
}

static void boot_slot_release_writes_only_if_there_is_something(void **state)
{
    struct fake_flash *f = on_trial(0);
    uint64_t before;
    struct boot_record r;

    (void)state;
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    before = ops(f);
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), before + 2);
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), before + 2);
    assert_int_equal(boot_record_load(fake_flash_port(f), &r), OTA_OK);
    assert_int_equal(r.confirmed_slots, slot_bit(SLOT_2));
    fake_flash_free(f);
}

static void boot_slot_release_withdraws_a_request(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    board_load_version(f, SLOT_1, "1.0.0");
    board_load_version(f, SLOT_2, "2.0.0");
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
    assert_int_equal(status(f).state, BOOT_STEADY);
    assert_int_equal(board_reset(f, RESET_SOFTWARE).slot, SLOT_1);
    fake_flash_free(f);
}

static void boot_outcome_reported_is_remembered_once(void **state)
{
    struct fake_flash *f = on_trial(0);
    uint64_t before = ops(f);

    (void)state;
    assert_int_equal(boot_outcome_reported(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), before); /* nothing to report yet */
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    assert_false(status(f).outcome_reported);
    assert_int_equal(boot_outcome_reported(fake_flash_port(f)), OTA_OK);
    assert_true(status(f).outcome_reported);
    before = ops(f);
    assert_int_equal(boot_outcome_reported(fake_flash_port(f)), OTA_OK);
    assert_int_equal(ops(f), before);
    fake_flash_free(f);
}

static void boot_calls_on_a_dead_flash_say_io(void **state)
{
    struct fake_flash *f = on_trial(0);
    const struct port_flash *p = fake_flash_port(f);
    struct boot_status s;

    (void)state;
    fake_flash_cut(f, 1, TEAR_NOTHING, 0);
    assert_int_equal(boot_confirm(p), OTA_ERR_IO);
    assert_int_equal(boot_status_load(p, &s), OTA_ERR_IO);
    assert_int_equal(boot_confirm(p), OTA_ERR_IO);
    assert_int_equal(boot_trial_request(p), OTA_ERR_IO);
    assert_int_equal(boot_slot_release(p), OTA_ERR_IO);
    assert_int_equal(boot_outcome_reported(p), OTA_ERR_IO);
    fake_flash_free(f);
}

static void boot_slot_source_reads_the_slot_and_no_further(void **state)
{
    struct fake_flash *f = board_new();
    struct boot_slot_source slot;
    struct image_source src =
        boot_slot_source(&slot, fake_flash_port(f), SLOT_2);
    uint8_t b[2];

    (void)state;
    memcpy(fake_flash_bytes(f) + FLASH_SLOT_2 + 9, "hi", 2);
    assert_int_equal(src.size, FLASH_SLOT_BYTES);
    assert_int_equal(src.read(src.ctx, 9, b, 2), OTA_OK);
    assert_memory_equal(b, "hi", 2);
    assert_int_equal(src.read(src.ctx, FLASH_SLOT_BYTES - 1, b, 2),
                     OTA_ERR_RANGE);
    assert_int_equal(src.read(src.ctx, 0xffffffff, b, 2), OTA_ERR_RANGE);
    fake_flash_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot_status_of_blank_flash_is_steady_in_slot_1),
        cmocka_unit_test(boot_status_in_a_trial_names_the_trial_slot),
        cmocka_unit_test(boot_trial_request_arms_and_twice_writes_once),
        cmocka_unit_test(
            boot_trial_request_raises_the_floor_of_a_factory_image),
        cmocka_unit_test(boot_trial_request_replaces_an_unreadable_image),
        cmocka_unit_test(boot_confirm_keeps_the_trial_and_raises_the_floor),
        cmocka_unit_test(boot_confirm_outside_a_trial_writes_nothing),
        cmocka_unit_test(boot_confirm_of_an_unreadable_image_is_refused),
        cmocka_unit_test(boot_in_a_trial_release_and_request_are_refused),
        cmocka_unit_test(boot_slot_release_writes_only_if_there_is_something),
        cmocka_unit_test(boot_slot_release_withdraws_a_request),
        cmocka_unit_test(boot_outcome_reported_is_remembered_once),
        cmocka_unit_test(boot_calls_on_a_dead_flash_say_io),
        cmocka_unit_test(boot_slot_source_reads_the_slot_and_no_further),
    };
    return cmocka_run_group_tests(tests, board_setup, board_teardown);
}
