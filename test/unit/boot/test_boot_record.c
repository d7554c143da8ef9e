/* test_boot_record.c - the boot record on a flash that is cut, worn, spoiled.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "boot/boot_record.h"
#include "port/fake/fake_flash.h"

enum { SIZE = FLASH_SLOT_1, COPY_2 = FLASH_BOOT_RECORD + FLASH_SECTOR_BYTES };

static const struct boot_record FULL = {
    .state = BOOT_TRIAL,
    .active = SLOT_2,
    .tries_left = 3,
    .confirmed_slots = 2,
    .outcome = OUTCOME_REJECTED,
    .outcome_reported = true,
    .outcome_version = {1, 4, 300, 70000},
    .outcome_error = OTA_ERR_SIGNATURE,
    .outcome_cause = RESET_WATCHDOG,
    .security_floor = 0x01020304,
    .power_tries_left = 2,
    .nxp_type = 4,
    .marks = {0x51, 0x1234567},
};

static struct fake_flash *flash_new(void)
{
    struct fake_flash *f = fake_flash_new(SIZE, FLASH_SECTOR_BYTES, 8);

    fake_flash_allow(f, FLASH_BOOT_RECORD, 2 * FLASH_SECTOR_BYTES);
    return f;
}

static struct boot_record load(struct fake_flash *f)
{
    struct boot_record r;

    assert_int_equal(boot_record_load(fake_flash_port(f), &r), OTA_OK);
    return r;
}

/* Store FULL with this floor, so that records can be told apart. */
static ota_err store_floor(struct fake_flash *f, uint32_t floor)
{
    struct boot_record r = FULL;

    r.security_floor = floor;
    return boot_record_store(fake_flash_port(f), &r);
}

static void record_load_from_blank_flash_gives_slot_1(void **state)
{
    struct fake_flash *f = flash_new();
    struct boot_record r = load(f);

    (void)state;
    assert_int_equal(r.state, BOOT_STEADY);
    assert_int_equal(r.active, SLOT_1);
    assert_int_equal(r.sequence, 0);
    assert_int_equal(r.confirmed_slots, 0);
    assert_int_equal(r.outcome, OUTCOME_NONE);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    fake_flash_free(f);
}

static void record_store_then_load_gives_every_field(void **state)
{
    struct fake_flash *f = flash_new();
    struct boot_record r, expected = FULL;

    (void)state;
    assert_int_equal(boot_record_store(fake_flash_port(f), &FULL), OTA_OK);
    r = load(f);
    expected.sequence = 1;
    assert_true(boot_record_same(&r, &expected));
    assert_int_equal(r.outcome_version.build, 70000);
    assert_int_equal(r.outcome_cause, RESET_WATCHDOG);
    fake_flash_free(f);
}

/* The example of spec/boot-record.md section 2. */
static void record_store_writes_the_bytes_of_the_spec(void **state)
{
    static const uint8_t SPEC[40] = {
        0x54, 0x42, 0x52, 0x31, 0x01, 0,    0,    0,    /* magic, sequence */
        3,    2,    3,    2,    2,    1,    4,    3,    /* state .. cause */
        1,    4,    0x2c, 0x01, 0x70, 0x11, 0x01, 0x00, /* 1.4.300+70000 */
        4,    3,    2,    1,    2,    4,    0,    0,    /* floor, power, type */
        0x51, 0,    0,    0,    0x67, 0x45, 0x23, 0x01, /* marks */
    };
    struct fake_flash *f = flash_new();
    const uint8_t *at = fake_flash_bytes(f) + FLASH_BOOT_RECORD;

    (void)state;
    assert_int_equal(boot_record_store(fake_flash_port(f), &FULL), OTA_OK);
    assert_memory_equal(at, SPEC, sizeof SPEC);
    for (uint32_t i = 40; i < 60; i++)
        assert_int_equal(at[i], 0);
    assert_int_equal(get_u32le(at + 60), crc32(at, 60));
    fake_flash_free(f);
}

static void record_store_takes_the_two_sectors_in_turn(void **state)
{
    struct fake_flash *f = flash_new();

    (void)state;
    for (uint32_t i = 1; i <= 10; i++) {
        assert_int_equal(store_floor(f, i), OTA_OK);
        assert_int_equal(load(f).sequence, i);
        assert_int_equal(load(f).security_floor, i);
    }
    assert_int_equal(fake_flash_sector_erases(f, FLASH_BOOT_RECORD), 5);
    assert_int_equal(fake_flash_sector_erases(f, COPY_2), 5);
    fake_flash_free(f);
}

static void record_store_cut_anywhere_leaves_old_or_new(void **state)
{
    (void)state;
    for (uint32_t old = 0; old <= 4; old++)
        for (uint32_t seed = 0; seed < 16; seed++)
            for (uint32_t cut = 1; cut <= 2; cut++)
                for (int tear = 0; tear < TEAR_COUNT; tear++) {
                    struct fake_flash *f = flash_new();
                    uint32_t got;

                    for (uint32_t i = 1; i <= old; i++)
                        assert_int_equal(store_floor(f, i), OTA_OK);
                    fake_flash_cut(f, cut, (enum fake_tear)tear, seed);
                    assert_int_equal(store_floor(f, 99), OTA_ERR_IO);
                    assert_true(fake_flash_dead(f));
                    fake_flash_power_on(f);

                    got = load(f).security_floor;
                    if (got != old && got != 99)
                        fail_msg("old %u cut %u tear %d seed %u: floor %u", old,
                                 cut, tear, seed, got);
                    assert_int_equal(store_floor(f, 100), OTA_OK);
                    assert_int_equal(load(f).security_floor, 100);
                    fake_flash_free(f);
                }
}

static void record_load_with_any_bit_flipped_gives_the_older(void **state)
{
    struct fake_flash *f = flash_new();
    uint8_t *newest = fake_flash_bytes(f) + COPY_2;

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    assert_int_equal(store_floor(f, 2), OTA_OK);
    for (uint32_t bit = 0; bit < 64 * 8; bit++) {
        newest[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_int_equal(load(f).security_floor, 1);
        newest[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    assert_int_equal(load(f).security_floor, 2);
    fake_flash_free(f);
}

/* A good CRC over a value that no record has. */
static void spoil(struct fake_flash *f, uint32_t off, uint32_t at,
                  uint8_t value)
{
    uint8_t *copy = fake_flash_bytes(f) + off;

    copy[at] = value;
    put_u32le(copy + 60, crc32(copy, 60));
}

static void record_load_refuses_values_out_of_range(void **state)
{
    static const struct {
        uint32_t at;
        uint8_t value;
    } BAD[] = {
        {8, 0},  {8, 4},  {9, 0},  {9, 3},  {10, 16}, {10, 255},
        {11, 4}, {12, 5}, {13, 2}, {15, 5}, {28, 16},
    };

    (void)state;
    for (uint32_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct fake_flash *f = flash_new();

        assert_int_equal(store_floor(f, 1), OTA_OK);
        assert_int_equal(store_floor(f, 2), OTA_OK);
        spoil(f, COPY_2, 24, 7);
        assert_int_equal(load(f).security_floor, 7);
        spoil(f, COPY_2, BAD[i].at, BAD[i].value);
        if (load(f).security_floor != 1)
            fail_msg("byte %u = %u was believed", BAD[i].at, BAD[i].value);
        fake_flash_free(f);
    }
}

/* As a newer bootloader may write it. */
static void record_load_takes_an_error_that_it_does_not_know(void **state)
{
    struct fake_flash *f = flash_new();

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    assert_int_equal(store_floor(f, 2), OTA_OK);
    spoil(f, COPY_2, 14, OTA_ERR_COUNT);
    assert_int_equal(load(f).security_floor, 2);
    assert_int_equal(load(f).outcome_error, OTA_ERR_COUNT);
    assert_string_equal(ota_err_text(load(f).outcome_error), "unknown error");
    fake_flash_free(f);
}

static void record_load_refuses_armed_without_a_start(void **state)
{
    struct fake_flash *f = flash_new();

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    assert_int_equal(store_floor(f, 2), OTA_OK);
    spoil(f, COPY_2, 10, 0);
    assert_int_equal(load(f).security_floor, 2); /* TRIAL may have none */
    spoil(f, COPY_2, 8, BOOT_ARMED);
    assert_int_equal(load(f).security_floor, 1);
    fake_flash_free(f);
}

static void record_sequence_that_comes_round_is_newer(void **state)
{
    struct fake_flash *f = flash_new();

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    assert_int_equal(store_floor(f, 2), OTA_OK);
    for (uint32_t at = 4; at < 8; at++) {
        spoil(f, FLASH_BOOT_RECORD, at, at == 4 ? 0xfe : 0xff);
        spoil(f, COPY_2, at, 0xff);
    }
    assert_int_equal(load(f).sequence, 0xffffffff);
    assert_int_equal(store_floor(f, 3), OTA_OK);
    assert_int_equal(load(f).sequence, 0);
    assert_int_equal(load(f).security_floor, 3);
    assert_int_equal(store_floor(f, 4), OTA_OK);
    assert_int_equal(load(f).security_floor, 4);
    fake_flash_free(f);
}

static void record_store_on_a_worn_byte_says_so_and_keeps_the_old(void **state)
{
    struct fake_flash *f = flash_new();

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    fake_flash_wear(f, COPY_2 + 30, 0x10);
    assert_int_equal(store_floor(f, 2), OTA_ERR_IO);
    assert_int_equal(load(f).security_floor, 1);
    fake_flash_wear(f, 0, 0);
    assert_int_equal(store_floor(f, 2), OTA_OK);
    assert_int_equal(load(f).security_floor, 2);
    fake_flash_free(f);
}

static void record_store_that_the_flash_refuses_keeps_the_old(void **state)
{
    (void)state;
    for (uint32_t at = 1; at <= 2; at++) {
        struct fake_flash *f = flash_new();

        assert_int_equal(store_floor(f, 1), OTA_OK);
        fake_flash_fail(f, at, TEAR_FIRST_HALF, 0);
        assert_int_equal(store_floor(f, 2), OTA_ERR_IO);
        assert_int_equal(load(f).security_floor, 1);
        fake_flash_free(f);
    }
}

static void record_store_with_too_large_erase_unit_is_refused(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, 0x2000, 8);
    struct boot_record r = FULL;

    (void)state;
    assert_int_equal(boot_record_store(fake_flash_port(f), &r), OTA_ERR_RANGE);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    fake_flash_free(f);
}

/* A flash of which only one sector can be read, or any only at the n-th try. */
struct half {
    const struct port_flash *whole;
    uint32_t from, to;
    uint32_t failures;
};

static ota_err half_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    struct half *h = ctx;

    if (h->failures > 0) {
        h->failures--;
        return OTA_ERR_IO;
    }
    if (off < h->from || off >= h->to)
        return OTA_ERR_IO;
    return h->whole->read(h->whole->ctx, off, dst, len);
}

static ota_err half_write(void *ctx, uint32_t off, const void *src,
                          uint32_t len)
{
    const struct half *h = ctx;

    return h->whole->write(h->whole->ctx, off, src, len);
}

static ota_err half_erase(void *ctx, uint32_t off)
{
    const struct half *h = ctx;

    return h->whole->erase(h->whole->ctx, off);
}

static struct port_flash half_port(struct half *h)
{
    struct port_flash port = *h->whole;

    port.ctx = h;
    port.read = half_read;
    port.write = half_write;
    port.erase = half_erase;
    return port;
}

static void record_with_one_unreadable_copy_is_read_but_not_written(
    void **state)
{
    struct fake_flash *f = flash_new();
    struct half h = {fake_flash_port(f), FLASH_BOOT_RECORD, COPY_2, 0};
    struct port_flash port = half_port(&h);
    struct boot_record r;
    uint64_t ops;

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    assert_int_equal(store_floor(f, 2), OTA_OK);
    ops = fake_flash_counts(f).ops;
    assert_int_equal(boot_record_load(&port, &r), OTA_ERR_AGAIN);
    assert_int_equal(r.security_floor, 1); /* the newer one is hidden */
    assert_int_equal(boot_record_store(&port, &r), OTA_ERR_IO);
    assert_int_equal(fake_flash_counts(f).ops, ops);
    assert_int_equal(load(f).security_floor, 2);

    h.to = h.from;
    assert_int_equal(boot_record_load(&port, &r), OTA_ERR_IO);
    assert_int_equal(boot_record_store(&port, &r), OTA_ERR_IO);
    assert_int_equal(fake_flash_counts(f).ops, ops);
    fake_flash_free(f);
}

static void record_read_that_fails_twice_is_repeated(void **state)
{
    struct fake_flash *f = flash_new();
    struct half h = {fake_flash_port(f), 0, SIZE, 2};
    struct port_flash port = half_port(&h);
    struct boot_record r;

    (void)state;
    assert_int_equal(store_floor(f, 1), OTA_OK);
    assert_int_equal(boot_record_load(&port, &r), OTA_OK);
    assert_int_equal(r.security_floor, 1);
    fake_flash_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_load_from_blank_flash_gives_slot_1),
        cmocka_unit_test(record_store_then_load_gives_every_field),
        cmocka_unit_test(record_store_writes_the_bytes_of_the_spec),
        cmocka_unit_test(record_store_takes_the_two_sectors_in_turn),
        cmocka_unit_test(record_store_cut_anywhere_leaves_old_or_new),
        cmocka_unit_test(record_load_with_any_bit_flipped_gives_the_older),
        cmocka_unit_test(record_load_refuses_values_out_of_range),
        cmocka_unit_test(record_load_takes_an_error_that_it_does_not_know),
        cmocka_unit_test(record_load_refuses_armed_without_a_start),
        cmocka_unit_test(record_sequence_that_comes_round_is_newer),
        cmocka_unit_test(record_store_on_a_worn_byte_says_so_and_keeps_the_old),
        cmocka_unit_test(record_store_that_the_flash_refuses_keeps_the_old),
        cmocka_unit_test(record_store_with_too_large_erase_unit_is_refused),
        cmocka_unit_test(
            record_with_one_unreadable_copy_is_read_but_not_written),
        cmocka_unit_test(record_read_that_fails_twice_is_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
