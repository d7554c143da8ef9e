/* test_boot.c - what the bootloader decides, with real signatures in real
 * slots, and what it says.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "boot/boot_limits.h"
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

static void load(struct fake_flash *f, enum slot s, const char *version,
                 uint32_t counter)
{
    struct board_image img = board_image(version, counter, KEY_NEW);

    board_load(f, s, &img);
}

static void arm(struct fake_flash *f)
{
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
}

static void confirm(struct fake_flash *f)
{
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
}

static void assert_runs(struct boot_choice c, enum slot s, bool trial,
                        uint8_t major)
{
    if (c.boot != BOOT_YES)
        fail_msg("nothing runs:\n%s", board_log());
    assert_int_equal(c.slot, s);
    assert_int_equal(c.trial, trial);
    assert_int_equal(c.info.version.major, major);
}

/* 1.0.0 confirmed in slot 1, 2.0.0 armed in slot 2. */
static struct fake_flash *armed(void)
{
    struct fake_flash *f = board_new();

    board_load_version(f, SLOT_1, "1.0.0");
    board_load_version(f, SLOT_2, "2.0.0");
    arm(f);
    return f;
}

/* 2.0.0 confirmed in slot 2, 1.0.0 in slot 1 still a confirmed fallback. */
static struct fake_flash *updated(void)
{
    struct fake_flash *f = armed();

    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    confirm(f);
    return f;
}

static void boot_first_time_runs_slot_1_and_writes_nothing(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    board_load_version(f, SLOT_1, "1.0.0");
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(ops(f), 0);
    assert_string_equal(board_log(), "hello sbl.\n"
                                     "Bootloader Version " TERN_VERSION "\n"
                                     "Remap type: none\n"
                                     "The image now in PRIMARY_SLOT slot\n");
    fake_flash_free(f);
}

static void boot_armed_runs_the_other_slot_on_trial(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    assert_true(board_said("Remap type: test\n"));
    assert_true(board_said("The image now in SECONDARY_SLOT slot\n"));
    assert_int_equal(status(f).state, BOOT_TRIAL);
    assert_int_equal(ops(f), 4); /* one record at arming, one now */
    fake_flash_free(f);
}

static void boot_confirmed_stays_and_writes_nothing_more(void **state)
{
    struct fake_flash *f = updated();
    uint64_t before = ops(f);

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_runs(board_reset(f, RESET_PIN), SLOT_2, false, 2);
    assert_int_equal(ops(f), before);
    assert_int_equal(status(f).outcome, OUTCOME_CONFIRMED);
    fake_flash_free(f);
}

static void boot_unconfirmed_goes_back_and_says_why(void **state)
{
    struct fake_flash *f = armed();
    struct boot_status s;

    (void)state;
    for (int i = 0; i < BOOT_TRIES; i++)
        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    assert_runs(board_reset(f, RESET_WATCHDOG), SLOT_1, false, 1);
    assert_true(board_said("Remap type: revert\n"));
    assert_true(board_said("slot 2 did not confirm before this watchdog"));
    s = status(f);
    assert_int_equal(s.state, BOOT_STEADY);
    assert_int_equal(s.outcome, OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome_version.major, 2);
    assert_int_equal(s.outcome_cause, RESET_WATCHDOG);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(status(f).outcome_cause, RESET_WATCHDOG);
    fake_flash_free(f);
}

static void boot_trial_ended_by_power_starts_again_and_can_confirm(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    for (int i = 0; i < BOOT_POWER_TRIES; i++) {
        assert_runs(board_reset(f, i % 2 ? RESET_UNKNOWN : RESET_POWER_ON),
                    SLOT_2, true, 2);
        assert_true(board_said("slot 2 lost power in its trial"));
        assert_true(board_said("Remap type: test\n"));
    }
    confirm(f);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, false, 2);
    fake_flash_free(f);
}

static void boot_trial_ended_by_power_too_often_goes_back(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    for (int i = 0; i <= BOOT_POWER_TRIES; i++)
        assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, true, 2);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(status(f).outcome, OUTCOME_ROLLED_BACK);
    assert_int_equal(status(f).outcome_cause, RESET_POWER_ON);
    assert_false(board_said("it may start again"));
    fake_flash_free(f);
}

static void boot_power_does_not_save_a_trial_that_crashed(void **state)
{
    static const enum boot_reset_cause CAUSES[] = {RESET_SOFTWARE,
                                                   RESET_WATCHDOG, RESET_PIN};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fake_flash *f = armed();

        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
        assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, true, 2);
        assert_runs(board_reset(f, CAUSES[i]), SLOT_1, false, 1);
        fake_flash_free(f);
    }
}

/* An application that does not ask has written over what was confirmed. */
static void boot_trial_does_not_go_back_to_another_image(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    load(f, SLOT_1, "3.0.0", 0);
    for (int i = 0; i < 3; i++) {
        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
        assert_true(board_said("slot 1 refused: not the image that was"));
    }
    board_load_version(f, SLOT_1, "1.0.0"); /* it is back */
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    fake_flash_free(f);
}

static void boot_trial_goes_back_to_another_image_if_that_is_all(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    load(f, SLOT_1, "3.0.0", 0);
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 3);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 3);
    fake_flash_free(f);
}

static void boot_fallback_that_was_overwritten_is_on_trial(void **state)
{
    struct fake_flash *f = updated();

    (void)state;
    load(f, SLOT_1, "3.0.0", 0);
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, true, 3);
    fake_flash_free(f);
}

static void boot_refuses_a_foreign_signature(void **state)
{
    struct fake_flash *f = board_new();
    struct board_image img = board_image("2.0.0", 0, KEY_FOREIGN);
    struct boot_status s;

    (void)state;
    board_load_version(f, SLOT_1, "1.0.0");
    board_load(f, SLOT_2, &img);
    arm(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_true(board_said("slot 2 refused: "));
    s = status(f);
    assert_int_equal(s.outcome, OUTCOME_REJECTED);
    assert_int_equal(s.outcome_error, OTA_ERR_SIGNATURE);
    assert_int_equal(s.outcome_version.major, 2);
    fake_flash_free(f);
}

static void boot_refuses_what_is_no_image(void **state)
{
    struct fake_flash *f = board_new();
    struct boot_status s;

    (void)state;
    board_load_version(f, SLOT_1, "1.0.0");
    arm(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    s = status(f);
    assert_int_equal(s.outcome, OUTCOME_REJECTED);
    assert_int_equal(s.outcome_error, OTA_ERR_NOT_FOUND);
    assert_int_equal(s.outcome_version.major, 0);
    fake_flash_free(f);
}

static void boot_updates_back_and_forth(void **state)
{
    struct fake_flash *f = updated();

    (void)state;
    for (uint8_t v = 3; v < 9; v++) {
        enum slot s = v % 2 == 1 ? SLOT_1 : SLOT_2;
        char version[] = "0.0.0";

        version[0] = (char)('0' + v);
        assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
        load(f, s, version, v);
        arm(f);
        assert_runs(board_reset(f, RESET_SOFTWARE), s, true, v);
        confirm(f);
        assert_runs(board_reset(f, RESET_POWER_ON), s, false, v);
    }
    fake_flash_free(f);
}

static void boot_active_corrupt_falls_back_to_the_confirmed(void **state)
{
    struct fake_flash *f = updated();
    struct boot_status s;

    (void)state;
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    s = status(f);
    assert_int_equal(s.state, BOOT_STEADY);
    assert_int_equal(s.running, SLOT_1);
    assert_int_equal(s.outcome, OUTCOME_ACTIVE_CORRUPT);
    assert_int_equal(s.outcome_version.major, 2);
    fake_flash_free(f);
}

static void boot_active_corrupt_and_other_released_runs_it_on_trial(
    void **state)
{
    struct fake_flash *f = updated();
    uint64_t before;

    (void)state;
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
    load(f, SLOT_1, "3.0.0", 0);
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, true, 3);
    assert_int_equal(status(f).state, BOOT_TRIAL);

    before = ops(f);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, true, 3);
    assert_int_equal(ops(f), before); /* no wear while it goes on */
    confirm(f);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 3);
    assert_int_equal(status(f).outcome, OUTCOME_ACTIVE_CORRUPT);
    fake_flash_free(f);
}

static void boot_active_healed_ends_the_last_resort(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    load(f, SLOT_1, "1.0.0", 0);
    load(f, SLOT_2, "2.0.0", 0);
    board_spoil(f, SLOT_1);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, true, 2);
    board_spoil(f, SLOT_1); /* the bit flips back */
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    fake_flash_free(f);
}

static void boot_with_no_good_slot_runs_nothing_and_waits(void **state)
{
    struct fake_flash *f = updated();
    uint64_t before = ops(f);
    struct boot_choice c;

    (void)state;
    board_spoil(f, SLOT_1);
    board_spoil(f, SLOT_2);
    c = board_reset(f, RESET_POWER_ON);
    assert_int_equal(c.boot, BOOT_NO);
    assert_true(board_said("slot 1 refused: "));
    assert_true(board_said("slot 2 refused: "));
    assert_true(board_said("nothing can run: "));
    assert_int_equal(ops(f), before);
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, false, 2);
    fake_flash_free(f);
}

static void boot_below_the_floor_is_not_tried(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    load(f, SLOT_1, "1.0.0", 5);
    load(f, SLOT_2, "2.0.0", 4);
    arm(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_true(board_said("security counter is below the floor"));
    assert_int_equal(status(f).outcome, OUTCOME_REJECTED);
    assert_int_equal(status(f).outcome_error, OTA_ERR_ROLLBACK);
    load(f, SLOT_2, "2.0.0", 5);
    arm(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    fake_flash_free(f);
}

/* 1.0.0 with counter 5 is confirmed, 2.0.0 with counter 9 is on trial. */
static struct fake_flash *trial_above_the_floor(void)
{
    struct fake_flash *f = board_new();

    load(f, SLOT_1, "1.0.0", 5);
    load(f, SLOT_2, "2.0.0", 9);
    arm(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    return f;
}

static void boot_trial_that_is_rolled_back_leaves_the_floor(void **state)
{
    struct fake_flash *f = trial_above_the_floor();

    (void)state;
    assert_int_equal(status(f).security_floor, 5);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_int_equal(status(f).security_floor, 5);
    fake_flash_free(f);
}

static void boot_confirmed_fallback_runs_below_the_floor(void **state)
{
    struct fake_flash *f = trial_above_the_floor();

    (void)state;
    confirm(f);
    assert_int_equal(status(f).security_floor, 9);
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(status(f).security_floor, 9);
    fake_flash_free(f);
}

static void boot_last_resort_below_the_floor_is_refused(void **state)
{
    struct fake_flash *f = updated();

    (void)state;
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
    load(f, SLOT_1, "3.0.0", 6);
    arm(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, true, 3);
    confirm(f); /* floor 6 */
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
    load(f, SLOT_2, "1.5.0", 1);
    board_spoil(f, SLOT_1);
    assert_int_equal(board_reset(f, RESET_POWER_ON).boot, BOOT_NO);
    fake_flash_free(f);
}

/* Both record sectors refuse to be written from now on. */
static void wear_out(struct fake_flash *f)
{
    struct boot_record r;
    uint32_t live;

    assert_int_equal(boot_record_load(fake_flash_port(f), &r), OTA_OK);
    live = (r.sequence - 1) % 2; /* the first record went to the first copy */
    fake_flash_wear(f, FLASH_BOOT_RECORD + (1 - live) * FLASH_SECTOR_BYTES + 40,
                    0x08);
}

static void boot_without_a_record_starts_no_trial(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    wear_out(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_true(board_said("the flash refuses the write"));
    assert_int_equal(status(f).state, BOOT_ARMED);
    fake_flash_free(f);
}

static void boot_without_a_record_still_goes_back(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    wear_out(f);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    fake_flash_free(f);
}

static void boot_write_that_fails_once_is_repeated(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    fake_flash_fail(f, 1, TEAR_FIRST_HALF, 0);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    assert_int_equal(status(f).state, BOOT_TRIAL);
    fake_flash_free(f);
}

static void boot_from_unreadable_flash_runs_nothing(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    fake_flash_cut(f, 1, TEAR_NOTHING, 0);
    assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_ERR_IO);
    assert_int_equal(board_reset(f, RESET_POWER_ON).boot, BOOT_NO);
    assert_true(board_said("the flash cannot be read"));
    fake_flash_free(f);
}

/* A flash in which one byte, and each read that touches it, always fails. */
struct blind {
    struct port_flash port;
    const struct port_flash *real;
    uint32_t at;
};

static ota_err blind_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct blind *b = ctx;

    if (b->at >= off && b->at - off < len)
        return OTA_ERR_IO;
    return b->real->read(b->real->ctx, off, dst, len);
}

static ota_err blind_write(void *ctx, uint32_t off, const void *src,
                           uint32_t len)
{
    const struct blind *b = ctx;

    return b->real->write(b->real->ctx, off, src, len);
}

static ota_err blind_erase(void *ctx, uint32_t off)
{
    const struct blind *b = ctx;

    return b->real->erase(b->real->ctx, off);
}

static void boot_with_half_a_record_runs_a_proven_image_and_writes_nothing(
    void **state)
{
    (void)state;
    for (uint32_t copy = 0; copy < 2; copy++) {
        struct fake_flash *f = updated(); /* and 3.0.0 is armed in slot 1 */
        struct blind b = {*fake_flash_port(f), fake_flash_port(f),
                          FLASH_BOOT_RECORD + copy * FLASH_SECTOR_BYTES};
        struct boot_choice c;
        uint64_t before;

        assert_int_equal(boot_slot_release(fake_flash_port(f)), OTA_OK);
        load(f, SLOT_1, "3.0.0", 0);
        arm(f);
        before = ops(f);
        b.port.ctx = &b;
        b.port.read = blind_read;
        b.port.write = blind_write;
        b.port.erase = blind_erase;
        c = board_reset_with(&b.port, RESET_SOFTWARE);
        assert_runs(c, SLOT_2, false, 2);
        assert_true(board_said("a part of it cannot be read"));
        assert_int_equal(boot_confirm(&b.port), OTA_ERR_IO);
        assert_int_equal(boot_slot_release(&b.port), OTA_ERR_IO);
        assert_int_equal(ops(f), before);

        /* It comes back: nothing was lost. */
        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, true, 3);
        fake_flash_free(f);
    }
}

static void boot_without_a_console_decides_the_same(void **state)
{
    struct fake_flash *f = armed();
    struct image_keys none = {NULL, 0, NULL};
    struct boot_setup setup = {fake_flash_port(f), &none, NULL, NULL};
    struct boot_choice c;

    (void)state;
    boot_choose(&c, &setup, RESET_PIN);
    assert_int_equal(c.boot, BOOT_NO); /* no key, no image */
    assert_int_equal(status(f).state, BOOT_ARMED);
    fake_flash_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot_first_time_runs_slot_1_and_writes_nothing),
        cmocka_unit_test(boot_armed_runs_the_other_slot_on_trial),
        cmocka_unit_test(boot_confirmed_stays_and_writes_nothing_more),
        cmocka_unit_test(boot_unconfirmed_goes_back_and_says_why),
        cmocka_unit_test(
            boot_trial_ended_by_power_starts_again_and_can_confirm),
        cmocka_unit_test(boot_trial_ended_by_power_too_often_goes_back),
        cmocka_unit_test(boot_power_does_not_save_a_trial_that_crashed),
        cmocka_unit_test(boot_trial_does_not_go_back_to_another_image),
        cmocka_unit_test(boot_trial_goes_back_to_another_image_if_that_is_all),
        cmocka_unit_test(boot_fallback_that_was_overwritten_is_on_trial),
        cmocka_unit_test(boot_refuses_a_foreign_signature),
        cmocka_unit_test(boot_refuses_what_is_no_image),
        cmocka_unit_test(boot_updates_back_and_forth),
        cmocka_unit_test(boot_active_corrupt_falls_back_to_the_confirmed),
        cmocka_unit_test(
            boot_active_corrupt_and_other_released_runs_it_on_trial),
        cmocka_unit_test(boot_active_healed_ends_the_last_resort),
        cmocka_unit_test(boot_with_no_good_slot_runs_nothing_and_waits),
        cmocka_unit_test(boot_below_the_floor_is_not_tried),
        cmocka_unit_test(boot_trial_that_is_rolled_back_leaves_the_floor),
        cmocka_unit_test(boot_confirmed_fallback_runs_below_the_floor),
        cmocka_unit_test(boot_last_resort_below_the_floor_is_refused),
        cmocka_unit_test(boot_without_a_record_starts_no_trial),
        cmocka_unit_test(boot_without_a_record_still_goes_back),
        cmocka_unit_test(boot_write_that_fails_once_is_repeated),
        cmocka_unit_test(boot_from_unreadable_flash_runs_nothing),
        cmocka_unit_test(
            boot_with_half_a_record_runs_a_proven_image_and_writes_nothing),
        cmocka_unit_test(boot_without_a_console_decides_the_same),
    };
    return cmocka_run_group_tests(tests, board_setup, board_teardown);
}
