/* test_boot_downgrade.c - a bootloader that links boot/downgrade_refused.c.
 * What one without it does: test/sweep/boot_cut.c, life `downgrade`.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "test/support/boot_board.h"

static const char LOWER[] = " refused: version is lower than the confirmed one";

static struct boot_status status(struct fake_flash *f)
{
    struct boot_status s;

    assert_int_equal(boot_status_load(fake_flash_port(f), &s), OTA_OK);
    return s;
}

/* `has` confirmed in slot 1, `wants` armed in slot 2. */
static struct fake_flash *armed(const char *has, const char *wants)
{
    struct fake_flash *f = board_new();

    board_load_version(f, SLOT_1, has);
    board_load_version(f, SLOT_2, wants);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    return f;
}

static void assert_runs(struct boot_choice c, enum slot s, bool trial)
{
    if (c.boot != BOOT_YES)
        fail_msg("nothing runs:\n%s", board_log());
    assert_int_equal(c.slot, s);
    assert_int_equal(c.trial, trial);
}

static void downgrade_is_rejected_with_its_own_reason(void **state)
{
    static const char *const LOW[] = {"1.9.9", "2.2.9", "2.3.3+9", "2.3.4+4"};

    (void)state;
    for (size_t i = 0; i < sizeof LOW / sizeof LOW[0]; i++) {
        struct fake_flash *f = armed("2.3.4+5", LOW[i]);

        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false);
        assert_true(board_said(LOWER));
        assert_int_equal(status(f).outcome, OUTCOME_REJECTED);
        assert_int_equal(status(f).outcome_error, OTA_ERR_DOWNGRADE);
        assert_int_equal(status(f).outcome_version.major, LOW[i][0] - '0');
        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false);
        assert_false(board_said(LOWER)); /* once is enough */
        fake_flash_free(f);
    }
}

static void downgrade_is_not_the_same_version_nor_a_higher_one(void **state)
{
    static const char *const HIGH[] = {"2.3.4+5", "2.3.4+6", "2.3.5", "2.4.0",
                                       "3.0.0"};

    (void)state;
    for (size_t i = 0; i < sizeof HIGH / sizeof HIGH[0]; i++) {
        struct fake_flash *f = armed("2.3.4+5", HIGH[i]);

        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true);
        assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, true);
        fake_flash_free(f);
    }
}

static void downgrade_policy_does_not_stop_a_rollback(void **state)
{
    struct fake_flash *f = armed("1.0.0", "2.0.0");

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true);
    assert_runs(board_reset(f, RESET_WATCHDOG), SLOT_1, false);
    assert_int_equal(status(f).outcome, OUTCOME_ROLLED_BACK);
    fake_flash_free(f);
}

static void downgrade_policy_does_not_stop_a_fallback(void **state)
{
    struct fake_flash *f = armed("1.0.0", "2.0.0");

    (void)state;
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    board_spoil(f, SLOT_2);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false);
    assert_int_equal(status(f).outcome, OUTCOME_ACTIVE_CORRUPT);
    fake_flash_free(f);
}

/* Neither one with a damaged body, nor one whose header claims a version that
 * nobody signed. */
static void downgrade_is_tried_when_the_confirmed_image_is_damaged(void **state)
{
    (void)state;
    for (uint32_t at = 20; at <= IMAGE_HEADER_BYTES; at += 12) {
        struct fake_flash *f = armed("2.0.0", "1.0.0");

        fake_flash_bytes(f)[slot_offset(SLOT_1) + at] ^= 0x80;
        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, true);
        assert_int_equal(status(f).state, BOOT_TRIAL);
        assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
        assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_2, false);
        fake_flash_free(f);
    }
}

static void downgrade_is_the_last_resort(void **state)
{
    struct fake_flash *f = board_new();

    (void)state;
    board_load_version(f, SLOT_1, "2.0.0");
    board_load_version(f, SLOT_2, "1.0.0");
    board_spoil(f, SLOT_1);
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_2, true);
    fake_flash_free(f);
}

static void downgrade_by_the_mailbox_is_rejected(void **state)
{
    static const uint8_t MAGIC[16] = {0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2,
                                      0xef, 0x7f, 0x35, 0x52, 0x50, 0x0f,
                                      0x2c, 0xb6, 0x79, 0x80};
    struct fake_flash *f = board_new();
    uint8_t *flags;

    (void)state;
    board_mailbox(f);
    board_load_version(f, SLOT_1, "2.0.0");
    assert_runs(board_reset(f, RESET_POWER_ON), SLOT_1, false);
    board_load_version(f, SLOT_2, "1.0.0");
    flags = fake_flash_bytes(f) + FLASH_NXP_FLAGS + FLASH_SECTOR_BYTES - 32;
    flags[4] = 3; /* as SFW arms */
    memcpy(flags + 16, MAGIC, sizeof MAGIC);
    assert_runs(board_reset(f, RESET_SOFTWARE), SLOT_1, false);
    assert_true(board_said(LOWER));
    assert_int_equal(status(f).outcome_error, OTA_ERR_DOWNGRADE);
    fake_flash_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(downgrade_is_rejected_with_its_own_reason),
        cmocka_unit_test(downgrade_is_not_the_same_version_nor_a_higher_one),
        cmocka_unit_test(downgrade_policy_does_not_stop_a_rollback),
        cmocka_unit_test(downgrade_policy_does_not_stop_a_fallback),
        cmocka_unit_test(
            downgrade_is_tried_when_the_confirmed_image_is_damaged),
        cmocka_unit_test(downgrade_is_the_last_resort),
        cmocka_unit_test(downgrade_by_the_mailbox_is_rejected),
    };

    return cmocka_run_group_tests(tests, board_setup, board_teardown);
}
