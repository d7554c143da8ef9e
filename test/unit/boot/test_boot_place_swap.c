/* test_boot_place_swap.c - parts without remap: what an exchange of the slots
 * moves, what it costs, what it refuses, and what the application sees of it.
 * Power cuts: test/sweep/swap_cut.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot_limits.h"
#include "boot/boot_place.h"
#include "test/support/boot_board.h"

enum {
    SECTOR = FLASH_SECTOR_BYTES,
    SLOT_SECTORS = FLASH_SLOT_BYTES / SECTOR,
    IMAGE_SECTORS_MAX = SLOT_SECTORS - 1,
    STEP_OPS = 1 + SECTOR / FAKE_FLASH_PAGE_BYTES + 1, /* and the mark */
};

static uint8_t *slot_bytes(struct fake_flash *f, enum slot s)
{
    return fake_flash_bytes(f) + slot_offset(s);
}

static struct boot_status status(struct fake_flash *f)
{
    struct boot_status s;

    assert_int_equal(boot_status_load(fake_flash_port(f), &s), OTA_OK);
    return s;
}

static void assert_runs(struct boot_choice c, bool trial, uint8_t major)
{
    if (c.boot != BOOT_YES || c.slot != SLOT_1 || c.trial != trial ||
        c.info.version.major != major)
        fail_msg("runs version %d of slot %d (trial: %d):\n%s",
                 c.info.version.major, c.slot, c.trial, board_log());
}

/* 1.0.0 runs from slot 1, 2.0.0 is armed in slot 2; two and three sectors. */
static struct fake_flash *armed(void)
{
    struct fake_flash *f = board_new();
    struct board_image one = board_image_of("1.0.0", 1, KEY_OLD, SECTOR + 9);
    struct board_image two =
        board_image_of("2.0.0", 2, KEY_OLD, 2 * SECTOR + 9);

    fake_flash_allow(f, FLASH_EXCHANGE_MARKS, FLASH_EXCHANGE_MARKS_BYTES);
    board_load(f, SLOT_1, &one);
    board_load(f, SLOT_2, &two);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    return f;
}

/* ---- with the bootloader ---- */

static void swap_trial_runs_in_slot_1_and_the_old_image_waits_in_2(void **state)
{
    struct fake_flash *f = armed();
    struct board_image one = board_image_of("1.0.0", 1, KEY_OLD, SECTOR + 9);

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    assert_true(board_said("slot 1 and slot 2 exchange their images"));
    assert_true(board_said("The image now in PRIMARY_SLOT slot"));
    assert_memory_equal(slot_bytes(f, SLOT_2), one.bytes, SECTOR);
    assert_int_equal(status(f).running, SLOT_1);
    assert_int_equal(status(f).inactive, SLOT_2);
    assert_int_equal(status(f).state, BOOT_TRIAL);
    fake_flash_free(f);
}

static void swap_confirmed_stays_and_writes_nothing_more(void **state)
{
    struct fake_flash *f = armed();
    uint64_t ops;

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    ops = fake_flash_counts(f).ops;
    for (int i = 0; i < 3; i++)
        assert_runs(board_reset(f, RESET_POWER_ON), false, 2);
    assert_int_equal(fake_flash_counts(f).ops, ops);
    assert_int_equal(status(f).running, SLOT_1);
    assert_int_equal(status(f).outcome, OUTCOME_CONFIRMED);
    fake_flash_free(f);
}

static void swap_unconfirmed_goes_back_and_says_why(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    assert_runs(board_reset(f, RESET_WATCHDOG), false, 1);
    assert_int_equal(status(f).running, SLOT_1);
    assert_int_equal(status(f).outcome, OUTCOME_ROLLED_BACK);
    assert_int_equal(status(f).outcome_cause, RESET_WATCHDOG);
    assert_int_equal(status(f).outcome_version.major, 2);
    fake_flash_free(f);
}

static void swap_power_lost_on_the_way_back_still_says_watchdog(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    fake_flash_cut(f, 40, TEAR_RANDOM, 1);
    assert_int_equal(board_reset(f, RESET_WATCHDOG).boot, BOOT_NO);
    fake_flash_power_on(f);
    assert_runs(board_reset(f, RESET_POWER_ON), false, 1);
    assert_int_equal(status(f).outcome_cause, RESET_WATCHDOG);
    fake_flash_free(f);
}

/* Power that goes while the slots are exchanged is not the image's fault. */
static void swap_cuts_before_the_trial_take_none_of_its_starts(void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    for (int i = 0; i < 2 * BOOT_POWER_TRIES; i++) {
        fake_flash_cut(f, 20, TEAR_FIRST_HALF, 1);
        assert_int_equal(board_reset(f, RESET_POWER_ON).boot, BOOT_NO);
        fake_flash_power_on(f);
    }
    assert_runs(board_reset(f, RESET_POWER_ON), true, 2);
    for (int i = 0; i < BOOT_POWER_TRIES; i++)
        assert_runs(board_reset(f, RESET_POWER_ON), true, 2);
    assert_runs(board_reset(f, RESET_POWER_ON), false, 1);
    fake_flash_free(f);
}

static void swap_refused_image_moves_nothing(void **state)
{
    struct fake_flash *f = armed();
    uint64_t ops;

    (void)state;
    board_spoil(f, SLOT_2);
    ops = fake_flash_counts(f).ops;
    assert_runs(board_reset(f, RESET_SOFTWARE), false, 1);
    assert_int_equal(fake_flash_counts(f).ops - ops, 2); /* the record */
    assert_int_equal(status(f).outcome, OUTCOME_REJECTED);
    fake_flash_free(f);
}

static void swap_damaged_active_image_gives_way_to_the_confirmed_one(
    void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    board_spoil(f, SLOT_1);
    assert_runs(board_reset(f, RESET_SOFTWARE), false, 1);
    assert_int_equal(status(f).outcome, OUTCOME_ACTIVE_CORRUPT);
    assert_int_equal(status(f).running, SLOT_1);
    fake_flash_free(f);
}

static void swap_image_of_the_whole_slot_is_refused(void **state)
{
    struct fake_flash *f = armed();
    uint8_t *header = slot_bytes(f, SLOT_2);
    const uint32_t body = FLASH_SLOT_BYTES - IMAGE_HEADER_BYTES - 200;

    (void)state;
    for (int i = 0; i < 4; i++)
        header[12 + i] = (uint8_t)(body >> 8 * i);
    assert_runs(board_reset(f, RESET_SOFTWARE), false, 1);
    assert_true(board_said("body larger than the space"));
    assert_int_equal(status(f).outcome_error, OTA_ERR_FULL);
    fake_flash_free(f);
}

/* The image that was moved into a sector of slot 1 that has worn out. */
static void swap_into_a_worn_sector_keeps_trying_and_runs_nothing_else(
    void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    fake_flash_wear(f, FLASH_SLOT_1 + SECTOR + IMAGE_HEADER_BYTES + 512, 0xff);
    for (int i = 0; i < 2; i++)
        assert_int_equal(board_reset(f, RESET_SOFTWARE).boot, BOOT_NO);
    fake_flash_wear(f, 0, 0);
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    fake_flash_free(f);
}

static void swap_that_cannot_be_recorded_leaves_the_old_image_running(
    void **state)
{
    struct fake_flash *f = armed();

    (void)state;
    fake_flash_wear(f, FLASH_EXCHANGE_MARKS + 3, 0xff);
    fake_flash_bytes(f)[FLASH_EXCHANGE_MARKS + 3] = 0;
    assert_runs(board_reset(f, RESET_SOFTWARE), false, 1);
    assert_int_equal(status(f).state, BOOT_ARMED);
    fake_flash_wear(f, 0, 0);
    assert_runs(board_reset(f, RESET_SOFTWARE), true, 2);
    fake_flash_free(f);
}

static void swap_application_gets_no_answer_while_slots_are_mixed(void **state)
{
    struct fake_flash *f = armed();
    const struct port_flash *p = fake_flash_port(f);
    struct boot_status s;

    (void)state;
    fake_flash_cut(f, 60, TEAR_ALL, 1);
    (void)board_reset(f, RESET_SOFTWARE);
    fake_flash_power_on(f);
    assert_int_equal(boot_status_load(p, &s), OTA_ERR_IO);
    assert_int_equal(boot_slot_release(p), OTA_ERR_IO);
    assert_int_equal(boot_confirm(p), OTA_ERR_IO);
    fake_flash_free(f);
}

/* ---- boot_exchange() alone ---- */

/* A header and an end of TLVs, so that the slot counts so many sectors; each
 * page tells slot and number. */
static void fill(struct fake_flash *f, enum slot s, uint32_t sectors)
{
    static const uint8_t TLVS[] = {0x07, 0x69, 40, 0, 0x10, 0, 32, 0};
    uint8_t *at = slot_bytes(f, s);
    uint32_t body = sectors * SECTOR - IMAGE_HEADER_BYTES - 40;
    const uint8_t header[16] = {0x3d,
                                0xb8,
                                0xf3,
                                0x96,
                                [8] = IMAGE_HEADER_BYTES,
                                [12] = (uint8_t)body,
                                [13] = (uint8_t)(body >> 8),
                                [14] = (uint8_t)(body >> 16)};

    memset(at, 0, (size_t)sectors * SECTOR);
    for (uint32_t o = 0; o < sectors * SECTOR; o += FAKE_FLASH_PAGE_BYTES)
        snprintf((char *)at + o + 64, 32, "slot %d at %u", s, (unsigned)o);
    memcpy(at, header, sizeof header);
    memcpy(at + IMAGE_HEADER_BYTES + body, TLVS, sizeof TLVS);
}

/* Exchange images of so many sectors; *ops: how many flash operations. */
static void exchange(uint32_t one, uint32_t two, uint32_t erase, uint32_t write,
                     uint64_t *ops)
{
    struct fake_flash *f = fake_flash_new(BOARD_FLASH_BYTES, erase, write);
    uint8_t *before = malloc(BOARD_FLASH_BYTES);
    const uint32_t most = (one > two ? one : two) * SECTOR;
    struct boot_record r = {.state = BOOT_TRIAL,
                            .active = SLOT_1,
                            .confirmed_slots = 1,
                            .marks = {0x11, 0x22}};

    assert_non_null(before);
    fake_flash_allow(f, FLASH_BOOT_RECORD, 2 * SECTOR);
    fake_flash_allow(f, FLASH_EXCHANGE_MARKS, FLASH_EXCHANGE_MARKS_BYTES);
    fake_flash_allow(f, FLASH_SLOT_1, most + SECTOR);
    fake_flash_allow(f, FLASH_SLOT_2, most);
    fill(f, SLOT_1, one);
    fill(f, SLOT_2, two);
    memcpy(before, fake_flash_bytes(f), BOARD_FLASH_BYTES);

    assert_int_equal(boot_exchange(fake_flash_port(f), &r), OTA_OK);

    assert_memory_equal(slot_bytes(f, SLOT_1), before + FLASH_SLOT_2, most);
    assert_memory_equal(slot_bytes(f, SLOT_2), before + FLASH_SLOT_1, most);
    assert_int_equal(r.active, SLOT_2);
    assert_int_equal(r.confirmed_slots, 2);
    assert_int_equal(r.marks[0], 0x22);
    assert_int_equal(r.marks[1], 0x11);
    assert_false(boot_place_pending(&r));
    *ops = fake_flash_counts(f).ops;
    free(before);
    fake_flash_free(f);
}

static void place_exchanges_all_of_the_longer_image_and_no_more(void **state)
{
    static const uint32_t SIZES[] = {1, 2, 3, 17, IMAGE_SECTORS_MAX};
    const uint32_t count = sizeof SIZES / sizeof SIZES[0];
    uint64_t ops;

    (void)state;
    for (uint32_t a = 0; a < count; a++)
        for (uint32_t b = 0; b < count; b++) {
            uint32_t n = SIZES[a] > SIZES[b] ? SIZES[a] : SIZES[b];

            exchange(SIZES[a], SIZES[b], SECTOR, 1, &ops);
            /* Two sectors of marks, one record. */
            assert_int_equal(ops, 3 * n * STEP_OPS + 2 + 2);
        }
}

static void place_works_on_small_erase_units_and_large_write_units(void **state)
{
    uint64_t ops;

    (void)state;
    for (uint32_t erase = 256; erase <= SECTOR; erase *= 2)
        for (uint32_t write = 1; write <= 8; write *= 2)
            exchange(3, 2, erase, write, &ops);
}

static void place_on_too_large_erase_units_is_refused(void **state)
{
    struct fake_flash *f = fake_flash_new(FLASH_BYTES, 2 * SECTOR, 1);
    struct boot_record r = {.state = BOOT_TRIAL, .active = SLOT_1};

    (void)state;
    fill(f, SLOT_2, 1);
    assert_int_equal(boot_exchange(fake_flash_port(f), &r), OTA_ERR_RANGE);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    fake_flash_free(f);
}

/* ---- a flash whose reads fail ---- */

static const struct port_flash *healthy;
static uint32_t unreadable_at;

static ota_err read_but_one(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    (void)ctx;
    return off == unreadable_at ? OTA_ERR_IO
                                : healthy->read(healthy->ctx, off, dst, len);
}

/* Taken for "not done", a mark that cannot be read would have a step done
 * again whose source is gone. */
static void place_with_an_unreadable_mark_touches_nothing(void **state)
{
    struct fake_flash *f = armed();
    struct port_flash port;
    uint64_t ops;

    (void)state;
    fake_flash_cut(f, 2 + 2 + 5 * STEP_OPS + 3, TEAR_ALL, 1);
    (void)board_reset(f, RESET_SOFTWARE);
    fake_flash_power_on(f);
    healthy = fake_flash_port(f);
    port = *healthy;
    port.read = read_but_one;
    unreadable_at = FLASH_EXCHANGE_MARKS + 4 * 8;
    ops = fake_flash_counts(f).ops;
    assert_int_equal(board_reset_with(&port, RESET_SOFTWARE).boot, BOOT_NO);
    assert_int_equal(fake_flash_counts(f).ops, ops);
    unreadable_at = 0;
    assert_runs(board_reset_with(&port, RESET_SOFTWARE), true, 2);
    fake_flash_free(f);
}

/* The record that is missing may say that the slots are being exchanged. */
static void place_with_half_a_record_touches_nothing(void **state)
{
    struct fake_flash *f = armed();
    struct port_flash port;
    uint64_t ops;

    (void)state;
    healthy = fake_flash_port(f);
    port = *healthy;
    port.read = read_but_one;
    unreadable_at = FLASH_BOOT_RECORD + SECTOR;
    ops = fake_flash_counts(f).ops;
    assert_runs(board_reset_with(&port, RESET_SOFTWARE), false, 1);
    assert_int_equal(fake_flash_counts(f).ops, ops);
    fake_flash_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            swap_trial_runs_in_slot_1_and_the_old_image_waits_in_2),
        cmocka_unit_test(swap_confirmed_stays_and_writes_nothing_more),
        cmocka_unit_test(swap_unconfirmed_goes_back_and_says_why),
        cmocka_unit_test(swap_power_lost_on_the_way_back_still_says_watchdog),
        cmocka_unit_test(swap_cuts_before_the_trial_take_none_of_its_starts),
        cmocka_unit_test(swap_refused_image_moves_nothing),
        cmocka_unit_test(
            swap_damaged_active_image_gives_way_to_the_confirmed_one),
        cmocka_unit_test(swap_image_of_the_whole_slot_is_refused),
        cmocka_unit_test(
            swap_into_a_worn_sector_keeps_trying_and_runs_nothing_else),
        cmocka_unit_test(
            swap_that_cannot_be_recorded_leaves_the_old_image_running),
        cmocka_unit_test(swap_application_gets_no_answer_while_slots_are_mixed),
        cmocka_unit_test(place_exchanges_all_of_the_longer_image_and_no_more),
        cmocka_unit_test(
            place_works_on_small_erase_units_and_large_write_units),
        cmocka_unit_test(place_on_too_large_erase_units_is_refused),
        cmocka_unit_test(place_with_an_unreadable_mark_touches_nothing),
        cmocka_unit_test(place_with_half_a_record_touches_nothing),
    };

    return cmocka_run_group_tests(tests, board_setup, board_teardown);
}
