/* test_nxp_mailbox.c - what counts as a message in NXP's trailer, what the
 * bootloader leaves there, and the defects of NXP's SBL that must not come
 * back. Power cuts and garbage: test/sweep/mailbox_cut.c.
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
#include "test/support/boot_board.h"
#include "test/support/sfw_flags.h"

enum { TRAILER = FLASH_NXP_FLAGS + FLASH_SECTOR_BYTES - NXP_TRAILER_BYTES };

#define FF3   0xff, 0xff, 0xff
#define FF7   FF3, FF3, 0xff
#define BLANK FF7, FF7, 0xff, 0xff
#define MAGIC                                                                  \
    0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f,    \
        0x2c, 0xb6, 0x79, 0x80

/* Slot 1 is active. */
static const struct boot_record STEADY_1 = {.state = BOOT_STEADY,
                                            .active = SLOT_1};
static const struct boot_record ARMED_1 = {
    .state = BOOT_ARMED, .active = SLOT_1, .tries_left = 1};
static const struct boot_record TRIAL_2 = {
    .state = BOOT_TRIAL, .active = SLOT_1, .nxp_type = 3};

static void nxp_trailer_messages_are_these_and_no_others(void **state)
{
    static const struct {
        uint8_t trailer[NXP_TRAILER_BYTES];
        const struct boot_record *record;
        struct boot_mail mail;
    } CASES[] = {
        /* SFW has armed; the type is kept, or none was named. */
        {{1, FF3, 4, FF3, 0xff, FF7, MAGIC}, &STEADY_1, {0, 1, 4}},
        {{1, FF3, 4, FF3, 0xff, FF7, MAGIC}, &ARMED_1, {0, 1, 4}},
        {{1, FF3, 0xff, FF3, 0xff, FF7, MAGIC}, &STEADY_1, {0, 1, 0}},
        {{1, FF3, 0, FF3, 0xff, FF7, MAGIC}, &STEADY_1, {0, 1, 0}},
        /* It was cut between the type and the magic. */
        {{1, FF3, 4, FF3, 0xff, FF7, BLANK}, &STEADY_1, {0, 0, 4}},
        /* From another slot than the one that ran; a trial's; a torn one. */
        {{2, FF3, 4, FF3, 0xff, FF7, MAGIC}, &STEADY_1, {0, 0, 4}},
        {{1, FF3, 4, FF3, 4, FF7, MAGIC}, &STEADY_1, {0, 0, 4}},
        {{1, FF3, 4, FF3, 1, FF7, MAGIC}, &STEADY_1, {0, 0, 4}},
        {{1, FF3, 4, FF3, 0xff, FF3, 0, FF3, MAGIC}, &STEADY_1, {0, 0, 4}},
        /* It confirmed; it confirmed and armed, with its type lost; it was
         * cut while it armed. */
        {{2, FF3, 0, FF3, 0xff, FF7, BLANK}, &TRIAL_2, {1, 0, 0}},
        {{2, FF3, 0, FF3, 0xff, FF7, MAGIC}, &TRIAL_2, {1, 1, 0}},
        {{2, FF3, 0, FF3, 0xff, FF7, 0x77, FF7, FF7, 0xff},
         &TRIAL_2,
         {1, 0, 0}},
        /* It was cut while it confirmed: blank, or torn. */
        {{0xff, FF3, 0xff, FF3, 0xff, FF7, BLANK}, &TRIAL_2, {0, 0, 0}},
        {{0xff, FF3, 0, FF3, 0xff, FF7, BLANK}, &TRIAL_2, {0, 0, 0}},
        {{2, FF3, 0x10, FF3, 0xff, FF7, BLANK}, &TRIAL_2, {0, 0, 0x10}},
        /* A confirmation of the slot that was active before the trial. */
        {{1, FF3, 0, FF3, 0xff, FF7, MAGIC}, &TRIAL_2, {0, 0, 0}},
        /* It armed in its own trial: defect W5. */
        {{2, FF3, 3, FF3, 4, FF7, MAGIC}, &TRIAL_2, {0, 0, 3}},
        {{2, FF3, 3, FF3, 0xff, FF7, MAGIC}, &TRIAL_2, {0, 0, 3}},
        /* It confirms without a trial. */
        {{1, FF3, 0, FF3, 0xff, FF7, BLANK}, &STEADY_1, {0, 0, 0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct boot_mail got =
            nxp_trailer_read(CASES[i].trailer, CASES[i].record);

        if (got.confirm != CASES[i].mail.confirm ||
            got.arm != CASES[i].mail.arm || got.type != CASES[i].mail.type)
            fail_msg("case %zu: confirm %d arm %d type %d", i, got.confirm,
                     got.arm, got.type);
    }
}

static void nxp_trailer_made_is_what_sfw_needs_and_never_a_message(void **state)
{
    static const struct {
        const struct boot_record *record;
        uint8_t trailer[NXP_TRAILER_BYTES];
    } CASES[] = {
        {&STEADY_1, {1, FF3, 0xff, FF3, 0xff, FF7, BLANK}},
        {&ARMED_1, {1, FF3, 0xff, FF3, 0xff, FF7, BLANK}},
        {&TRIAL_2, {2, FF3, 3, FF3, 4, FF7, BLANK}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        uint8_t t[NXP_TRAILER_BYTES];
        struct boot_mail mail;

        nxp_trailer_make(t, CASES[i].record);
        assert_memory_equal(t, CASES[i].trailer, sizeof t);
        mail = nxp_trailer_read(t, CASES[i].record);
        assert_false(mail.confirm);
        assert_false(mail.arm);
    }
}

/* Only the value that SFW leaves is a request: with NXP's SBL 4 means "go
 * back", and 1 "for good". */
static void nxp_trailer_of_256_ok_values_one_arms(void **state)
{
    uint8_t t[NXP_TRAILER_BYTES] = {1, FF3, 4, FF3, 0, FF7, MAGIC};

    (void)state;
    for (uint32_t ok = 0; ok < 256; ok++) {
        t[8] = (uint8_t)ok;
        assert_int_equal(nxp_trailer_read(t, &STEADY_1).arm, ok == 0xff);
    }
}

/* What NXP's SBL has left, and where a device without a record goes on. */
static void nxp_trailer_is_adopted_where_there_is_no_record(void **state)
{
    static const struct {
        uint8_t trailer[NXP_TRAILER_BYTES];
        enum slot active;
        bool arm;
        uint8_t type;
    } CASES[] = {
        /* Nothing was ever written, or nothing that is a position. */
        {{0xff, FF3, 0xff, FF3, 0xff, FF7, BLANK}, SLOT_1, false, 0},
        {{0, FF3, 0xff, FF3, 0xff, FF7, BLANK}, SLOT_1, false, 0},
        {{3, FF3, 0xff, FF3, 4, FF7, BLANK}, SLOT_1, false, 0},
        /* Steady: blank, confirmed, a request that was torn. */
        {{1, FF3, 0xff, FF3, 0xff, FF7, BLANK}, SLOT_1, false, 0},
        {{2, FF3, 0xff, FF3, 0xff, FF7, BLANK}, SLOT_2, false, 0},
        {{2, FF3, 0, FF3, 0xff, FF7, BLANK}, SLOT_2, false, 0},
        {{2, FF3, 4, FF3, 0xff, FF7, BLANK}, SLOT_2, false, 4},
        /* Requested; after a confirmation the type is lost. */
        {{1, FF3, 3, FF3, 0xff, FF7, MAGIC}, SLOT_1, true, 3},
        {{2, FF3, 3, FF3, 0xff, FF7, MAGIC}, SLOT_2, true, 3},
        {{2, FF3, 0, FF3, 0xff, FF7, MAGIC}, SLOT_2, true, 0},
        /* On trial in the slot that is named, so the other was confirmed. */
        {{1, FF3, 4, FF3, 4, FF7, MAGIC}, SLOT_2, true, 4},
        {{2, FF3, 4, FF3, 4, FF7, MAGIC}, SLOT_1, true, 4},
        {{2, FF3, 0, FF3, 4, FF7, MAGIC}, SLOT_1, true, 0},
        {{2, FF3, 4, FF3, 4, FF7, BLANK}, SLOT_1, true, 4},
        /* "For good" without a trial: there is none of that. */
        {{1, FF3, 4, FF3, 1, FF7, MAGIC}, SLOT_1, false, 4},
        {{2, FF3, 4, FF3, 1, FF7, MAGIC}, SLOT_2, false, 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct boot_record r = {.state = BOOT_STEADY, .active = SLOT_1};
        struct boot_mail mail = nxp_trailer_adopt(CASES[i].trailer, &r);

        assert_int_equal(r.active, CASES[i].active);
        assert_int_equal(r.state, BOOT_STEADY);
        assert_int_equal(mail.arm, CASES[i].arm);
        assert_false(mail.confirm);
        assert_int_equal(mail.type, CASES[i].type);
    }
}

static void nxp_trailer_with_garbage_between_the_fields_is_not_adopted(
    void **state)
{
    (void)state;
    for (uint32_t at = 1; at < 16; at++) {
        uint8_t t[NXP_TRAILER_BYTES] = {2, FF3, 4, FF3, 4, FF7, MAGIC};
        struct boot_record r = {.state = BOOT_STEADY, .active = SLOT_1};

        if (at == 4 || at == 8)
            continue;
        t[at] = 0xfe;
        assert_false(nxp_trailer_adopt(t, &r).arm);
        assert_int_equal(r.active, SLOT_1);
    }
}

static void nxp_trailer_is_not_adopted_where_there_is_a_record(void **state)
{
    const uint8_t t[NXP_TRAILER_BYTES] = {2, FF3, 4, FF3, 4, FF7, MAGIC};
    struct boot_record r = STEADY_1;

    (void)state;
    r.sequence = 1;
    assert_false(nxp_trailer_adopt(t, &r).arm);
    assert_int_equal(r.active, SLOT_1);
}

/* ---- with the bootloader ---- */

static void load(struct fake_flash *f, enum slot s, const char *version)
{
    board_load_version(f, s, version);
}

static struct fake_flash *device(void)
{
    struct fake_flash *f = board_new();

    board_mailbox(f);
    load(f, SLOT_1, "1.0.0");
    return f;
}

static void assert_runs(struct boot_choice c, enum slot s, bool trial,
                        uint8_t major)
{
    if (c.boot != BOOT_YES || c.slot != s || c.trial != trial ||
        c.info.version.major != major)
        fail_msg("runs version %d of slot %d (trial: %d):\n%s",
                 c.info.version.major, c.slot, c.trial, board_log());
}

static struct boot_status status(struct fake_flash *f)
{
    struct boot_status s;

    assert_int_equal(boot_status_load(fake_flash_port(f), &s), OTA_OK);
    return s;
}

/* SFW installs this version into the slot that its position names. */
static void sfw_install(struct fake_flash *f, const char *version)
{
    load(f, sfw_position(fake_flash_port(f)) == 1 ? SLOT_2 : SLOT_1, version);
    sfw_arm(fake_flash_port(f), SFW_ALIYUN);
}

static void nxp_first_boot_names_the_position_once(void **state)
{
    struct fake_flash *f = device();
    uint64_t ops;

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(sfw_position(fake_flash_port(f)), 1);
    ops = fake_flash_counts(f).ops;
    assert_int_equal(ops, 4); /* the first record, the trailer */
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(fake_flash_counts(f).ops, ops);
    fake_flash_free(f);
}

/* A device that NXP's SBL left in its second slot. */
static void nxp_first_boot_goes_on_in_slot_2(void **state)
{
    struct fake_flash *f = device();
    const uint8_t left[] = {2, FF3, 0};

    (void)state;
    load(f, SLOT_2, "2.0.0");
    memcpy(fake_flash_bytes(f) + TRAILER, left, sizeof left);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, false, 2);
    assert_int_equal(status(f).running, SLOT_2);
    assert_int_equal(sfw_position(fake_flash_port(f)), 2);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, false, 2);
    fake_flash_free(f);
}

/* Its trial has not used up the start that it gets here. */
static void nxp_first_boot_within_a_trial_tries_it_again(void **state)
{
    struct fake_flash *f = device();
    const uint8_t left[NXP_TRAILER_BYTES] = {2, FF3, 3, FF3, 4, FF7, MAGIC};

    (void)state;
    load(f, SLOT_2, "2.0.0");
    memcpy(fake_flash_bytes(f) + TRAILER, left, sizeof left);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    assert_true(sfw_confirms(fake_flash_port(f), SFW_AWS));
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_int_equal(status(f).outcome, OUTCOME_ROLLED_BACK);
    fake_flash_free(f);
}

static void nxp_update_costs_few_flash_operations(void **state)
{
    struct fake_flash *f = device();
    uint64_t ops;

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    sfw_install(f, "2.0.0");
    ops = fake_flash_counts(f).ops;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    /* Record: armed, trial. Trailer: trial. */
    assert_int_equal(fake_flash_counts(f).ops - ops, 6);
    assert_int_equal(sfw_ota_status(fake_flash_port(f)), 1);
    sfw_write_image_ok(fake_flash_port(f));
    ops = fake_flash_counts(f).ops;
    assert_runs(board_reset(f, RESET_WATCHDOG), SLOT_2, false, 2);
    assert_int_equal(fake_flash_counts(f).ops - ops, 4);
    assert_int_equal(status(f).outcome, OUTCOME_CONFIRMED);
    assert_int_equal(status(f).outcome_version.major, 2);
    fake_flash_free(f);
}

/* Defect W3: every second confirmed update was rolled back. */
static void nxp_updates_in_a_row_are_all_kept(void **state)
{
    struct fake_flash *f = device();

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    for (uint8_t v = 2; v < 9; v++) {
        enum slot s = v % 2 == 0 ? SLOT_2 : SLOT_1;
        char version[] = "0.0.0";

        version[0] = (char)('0' + v);
        sfw_install(f, version);
        assert_runs(board_reset(f, RESET_SOFTWARE), s, true, v);
        assert_true(sfw_confirms(fake_flash_port(f), SFW_ALIYUN));
        sfw_write_image_ok(fake_flash_port(f));
    }
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, false, 8);
    fake_flash_free(f);
}

static void nxp_rejected_image_costs_no_further_reset(void **state)
{
    struct fake_flash *f = device();
    struct board_image img = board_image("2.0.0", 0, KEY_FOREIGN);

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    board_load(f, SLOT_2, &img);
    sfw_arm(fake_flash_port(f), SFW_ALIYUN);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_int_equal(status(f).outcome, OUTCOME_REJECTED);
    assert_int_equal(status(f).outcome_error, OTA_ERR_SIGNATURE);
    assert_false(sfw_confirms(fake_flash_port(f), SFW_ALIYUN));
    fake_flash_free(f);
}

/* The counter of an image that cannot be verified must not raise the floor. */
static void nxp_request_of_a_damaged_image_leaves_the_floor(void **state)
{
    struct fake_flash *f = board_new();
    struct board_image old = board_image("1.0.0", 7, KEY_OLD);
    struct board_image new = board_image("2.0.0", 7, KEY_OLD);

    (void)state;
    board_mailbox(f);
    board_load(f, SLOT_1, &old);
    board_load(f, SLOT_2, &new);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    sfw_arm(fake_flash_port(f), SFW_ALIYUN);
    board_spoil(f, SLOT_1);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    assert_int_equal(status(f).security_floor, 0);
    fake_flash_free(f);
}

static void nxp_confirmation_by_an_image_that_is_damaged_now_is_none(
    void **state)
{
    struct fake_flash *f = device();

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    sfw_install(f, "2.0.0");
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    sfw_write_image_ok(fake_flash_port(f));
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_int_equal(status(f).outcome, OUTCOME_ROLLED_BACK);
    fake_flash_free(f);
}

/* Where the trailer cannot be written, its firmware could never confirm. */
static void nxp_worn_trailer_starts_no_trial(void **state)
{
    struct fake_flash *f = device();

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    sfw_install(f, "2.0.0");
    fake_flash_wear(f, TRAILER + 8, 0x08);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_true(board_said("the flash refuses the write"));
    assert_int_equal(status(f).state, BOOT_ARMED);
    fake_flash_wear(f, 0, 0);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    fake_flash_free(f);
}

static void nxp_trailer_write_that_fails_once_is_repeated(void **state)
{
    struct fake_flash *f = device();

    (void)state;
    fake_flash_fail(f, 2, TEAR_FIRST_HALF, 0);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    assert_int_equal(sfw_position(fake_flash_port(f)), 1);
    fake_flash_free(f);
}

/* The trailer's sector cannot be read. */
static ota_err no_trailer(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct port_flash *real = ctx;

    if (off + len > FLASH_NXP_FLAGS && off < FLASH_NXP_FLAGS + 0x1000)
        return OTA_ERR_IO;
    return real->read(real->ctx, off, dst, len);
}

static ota_err no_write(void *ctx, uint32_t off, const void *src, uint32_t len)
{
    (void)ctx, (void)src, (void)len;
    fail_msg("a write at 0x%x", off);
    return OTA_ERR_IO;
}

static ota_err no_erase(void *ctx, uint32_t off)
{
    return no_write(ctx, off, NULL, 0);
}

/* It might hold a confirmation. */
static void nxp_unreadable_trailer_ends_no_trial(void **state)
{
    struct fake_flash *f = device();
    struct port_flash real = *fake_flash_port(f), blind = real;

    (void)state;
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false, 1);
    sfw_install(f, "2.0.0");
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true, 2);
    sfw_write_image_ok(fake_flash_port(f));
    blind.ctx = &real;
    blind.read = no_trailer;
    blind.write = no_write;
    blind.erase = no_erase;
    assert_runs(board_reset_with(&blind, RESET_SOFTWARE), SLOT_1, false, 1);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, false, 2);
    fake_flash_free(f);
}

static void nxp_flash_with_large_erase_units_is_left_alone(void **state)
{
    struct fake_flash *f =
        fake_flash_new(FLASH_SLOT_1, 2 * FLASH_SECTOR_BYTES, 1);

    (void)state;
    assert_int_equal(NXP_MAILBOX.settle(fake_flash_port(f), &STEADY_1),
                     OTA_ERR_RANGE);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    fake_flash_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nxp_trailer_messages_are_these_and_no_others),
        cmocka_unit_test(
            nxp_trailer_made_is_what_sfw_needs_and_never_a_message),
        cmocka_unit_test(nxp_trailer_of_256_ok_values_one_arms),
        cmocka_unit_test(nxp_trailer_is_adopted_where_there_is_no_record),
        cmocka_unit_test(
            nxp_trailer_with_garbage_between_the_fields_is_not_adopted),
        cmocka_unit_test(nxp_trailer_is_not_adopted_where_there_is_a_record),
        cmocka_unit_test(nxp_first_boot_names_the_position_once),
        cmocka_unit_test(nxp_first_boot_goes_on_in_slot_2),
        cmocka_unit_test(nxp_first_boot_within_a_trial_tries_it_again),
        cmocka_unit_test(nxp_update_costs_few_flash_operations),
        cmocka_unit_test(nxp_updates_in_a_row_are_all_kept),
        cmocka_unit_test(nxp_rejected_image_costs_no_further_reset),
        cmocka_unit_test(nxp_request_of_a_damaged_image_leaves_the_floor),
        cmocka_unit_test(
            nxp_confirmation_by_an_image_that_is_damaged_now_is_none),
        cmocka_unit_test(nxp_worn_trailer_starts_no_trial),
        cmocka_unit_test(nxp_trailer_write_that_fails_once_is_repeated),
        cmocka_unit_test(nxp_unreadable_trailer_ends_no_trial),
        cmocka_unit_test(nxp_flash_with_large_erase_units_is_left_alone),
    };
    return cmocka_run_group_tests(tests, board_setup, board_teardown);
}
