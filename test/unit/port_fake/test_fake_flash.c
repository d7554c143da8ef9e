/* test_fake_flash.c - the fake flash is as unkind as a real one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "port/fake/fake_flash.h"

enum { SIZE = 0x4000, ERASE = 0x1000 };

static ota_err write_at(struct fake_flash *f, uint32_t off, const void *src,
                        uint32_t len)
{
    const struct port_flash *p = fake_flash_port(f);

    return p->write(p->ctx, off, src, len);
}

static ota_err erase_at(struct fake_flash *f, uint32_t off)
{
    const struct port_flash *p = fake_flash_port(f);

    return p->erase(p->ctx, off);
}

static ota_err read_at(struct fake_flash *f, uint32_t off, void *dst,
                       uint32_t len)
{
    const struct port_flash *p = fake_flash_port(f);

    return p->read(p->ctx, off, dst, len);
}

static void fake_flash_new_is_blank(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);

    (void)state;
    for (uint32_t i = 0; i < SIZE; i++)
        assert_int_equal(fake_flash_bytes(f)[i], 0xff);
    fake_flash_free(f);
}

static void fake_flash_write_clears_bits_and_reads_back(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);
    uint8_t back[2];

    (void)state;
    assert_int_equal(write_at(f, 5, "\xf0\x55", 2), OTA_OK);
    assert_int_equal(write_at(f, 5, "\x80\x55", 2), OTA_OK);
    assert_int_equal(read_at(f, 5, back, 2), OTA_OK);
    assert_memory_equal(back, "\x80\x55", 2);
    fake_flash_free(f);
}

static void fake_flash_write_of_1_over_0_is_misuse(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);

    (void)state;
    fake_flash_forgive(f);
    assert_int_equal(write_at(f, 0, "\x0f", 1), OTA_OK);
    assert_int_equal(write_at(f, 0, "\x1f", 1), OTA_ERR_IO);
    assert_int_equal(fake_flash_counts(f).misuses, 1);
    assert_int_equal(fake_flash_bytes(f)[0], 0x0f);
    fake_flash_free(f);
}

static void fake_flash_change_outside_allowed_is_misuse(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);

    (void)state;
    fake_flash_forgive(f);
    fake_flash_allow(f, ERASE, ERASE);
    assert_int_equal(write_at(f, ERASE, "\1", 1), OTA_OK);
    assert_int_equal(erase_at(f, ERASE), OTA_OK);
    assert_int_equal(write_at(f, ERASE - 1, "\1\1", 2), OTA_ERR_IO);
    assert_int_equal(write_at(f, 2 * ERASE - 1, "\1\1", 2), OTA_ERR_IO);
    assert_int_equal(erase_at(f, 0), OTA_ERR_IO);
    assert_int_equal(fake_flash_counts(f).misuses, 3);
    fake_flash_allow_all(f);
    assert_int_equal(erase_at(f, 0), OTA_OK);
    fake_flash_free(f);
}

static void fake_flash_access_outside_or_misaligned_is_range(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 4);
    uint8_t b[8] = {0};

    (void)state;
    assert_int_equal(read_at(f, SIZE - 4, b, 8), OTA_ERR_RANGE);
    assert_int_equal(read_at(f, 0xfffffffcu, b, 8), OTA_ERR_RANGE);
    assert_int_equal(write_at(f, SIZE - 4, b, 8), OTA_ERR_RANGE);
    assert_int_equal(write_at(f, 2, b, 4), OTA_ERR_RANGE);
    assert_int_equal(write_at(f, 0, b, 6), OTA_ERR_RANGE);
    assert_int_equal(erase_at(f, SIZE), OTA_ERR_RANGE);
    assert_int_equal(erase_at(f, 4), OTA_ERR_RANGE);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    fake_flash_free(f);
}

static void fake_flash_long_write_counts_each_page(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);
    uint8_t b[600] = {0};

    (void)state;
    assert_int_equal(write_at(f, 250, b, 600), OTA_OK);
    assert_int_equal(erase_at(f, ERASE), OTA_OK);
    assert_int_equal(fake_flash_counts(f).writes, 4);
    assert_int_equal(fake_flash_counts(f).erases, 1);
    assert_int_equal(fake_flash_counts(f).ops, 5);
    assert_int_equal(fake_flash_sector_erases(f, ERASE + 7), 1);
    assert_int_equal(fake_flash_sector_erases(f, 0), 0);
    fake_flash_counts_reset(f);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    assert_int_equal(fake_flash_sector_erases(f, ERASE), 0);
    fake_flash_free(f);
}

static void fake_flash_counts_the_bytes_it_gives_out(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);
    uint8_t b[600];

    (void)state;
    assert_int_equal(read_at(f, 250, b, 600), OTA_OK);
    assert_int_equal(read_at(f, SIZE - 4, b, 8), OTA_ERR_RANGE);
    assert_int_equal(fake_flash_counts(f).read_bytes, 600);
    assert_int_equal(fake_flash_counts(f).ops, 0);
    fake_flash_free(f);
}

static void fake_flash_cut_in_a_page_keeps_earlier_pages(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);
    uint8_t b[768] = {0}, back[1];

    (void)state;
    fake_flash_cut(f, 2, TEAR_FIRST_HALF, 1);
    assert_int_equal(write_at(f, 0, b, 768), OTA_ERR_IO);
    assert_true(fake_flash_dead(f));
    assert_int_equal(read_at(f, 0, back, 1), OTA_ERR_IO);
    assert_int_equal(erase_at(f, 0), OTA_ERR_IO);
    assert_int_equal(fake_flash_bytes(f)[255], 0);
    assert_int_equal(fake_flash_bytes(f)[256 + 127], 0);
    assert_int_equal(fake_flash_bytes(f)[256 + 128], 0xff);
    assert_int_equal(fake_flash_bytes(f)[512], 0xff);
    fake_flash_power_on(f);
    assert_int_equal(read_at(f, 0, back, 1), OTA_OK);
    assert_int_equal(erase_at(f, 0), OTA_OK);
    fake_flash_free(f);
}

/* Bytes changed by an erase of a sector of zeros that was cut. */
static uint32_t erased_after(enum fake_tear tear, uint32_t from, uint32_t to)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);
    uint32_t n = 0;

    memset(fake_flash_bytes(f), 0, SIZE);
    fake_flash_cut(f, 1, tear, 7);
    assert_int_equal(erase_at(f, 0), OTA_ERR_IO);
    for (uint32_t i = from; i < to; i++)
        n += fake_flash_bytes(f)[i] != 0;
    fake_flash_free(f);
    return n;
}

static void fake_flash_torn_erase_leaves_the_mixture_asked_for(void **state)
{
    (void)state;
    assert_int_equal(erased_after(TEAR_NOTHING, 0, SIZE), 0);
    assert_int_equal(erased_after(TEAR_ALL, 0, ERASE), ERASE);
    assert_int_equal(erased_after(TEAR_ALL, ERASE, SIZE), 0);
    assert_int_equal(erased_after(TEAR_FIRST_HALF, 0, ERASE / 2), ERASE / 2);
    assert_int_equal(erased_after(TEAR_FIRST_HALF, ERASE / 2, SIZE), 0);
    assert_int_equal(erased_after(TEAR_SECOND_HALF, 0, ERASE / 2), 0);
    assert_int_equal(erased_after(TEAR_SECOND_HALF, ERASE / 2, ERASE),
                     ERASE / 2);
    assert_in_range(erased_after(TEAR_RANDOM, 0, ERASE), ERASE / 2, ERASE);
    assert_int_equal(erased_after(TEAR_RANDOM, ERASE, SIZE), 0);
}

static void fake_flash_random_tear_repeats_with_its_seed(void **state)
{
    uint8_t zeros[256] = {0}, first[3][256];

    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);

        fake_flash_cut(f, 1, TEAR_RANDOM, i == 2 ? 9 : 8);
        assert_int_equal(write_at(f, 0, zeros, 256), OTA_ERR_IO);
        memcpy(first[i], fake_flash_bytes(f), 256);
        fake_flash_free(f);
    }
    assert_memory_equal(first[0], first[1], 256);
    assert_memory_not_equal(first[0], first[2], 256);
}

static void fake_flash_fail_hits_one_operation_and_lives(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);

    (void)state;
    fake_flash_fail(f, 2, TEAR_NOTHING, 0);
    assert_int_equal(write_at(f, 0, "\0", 1), OTA_OK);
    assert_int_equal(write_at(f, 1, "\0", 1), OTA_ERR_IO);
    assert_false(fake_flash_dead(f));
    assert_int_equal(write_at(f, 1, "\0", 1), OTA_OK);
    fake_flash_free(f);
}

static void fake_flash_worn_bits_stay_and_nobody_says_so(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);

    (void)state;
    fake_flash_wear(f, 3, 0x81);
    assert_int_equal(write_at(f, 2, "\0\0\0", 3), OTA_OK);
    assert_memory_equal(fake_flash_bytes(f) + 2, "\x00\x81\x00", 3);
    fake_flash_wear(f, 3, 0);
    assert_int_equal(write_at(f, 3, "\0", 1), OTA_OK);
    assert_int_equal(fake_flash_bytes(f)[3], 0);
    fake_flash_free(f);
}

static void fake_flash_clone_goes_its_own_way(void **state)
{
    struct fake_flash *f = fake_flash_new(SIZE, ERASE, 1);
    struct fake_flash *c;

    (void)state;
    assert_int_equal(write_at(f, 0, "a", 1), OTA_OK);
    fake_flash_cut(f, 2, TEAR_NOTHING, 0);
    c = fake_flash_clone(f);
    assert_int_equal(write_at(c, 1, "b", 1), OTA_OK);
    assert_int_equal(write_at(c, 2, "c", 1), OTA_ERR_IO);
    assert_false(fake_flash_dead(f));
    assert_memory_equal(fake_flash_bytes(c), "ab", 2);
    assert_memory_equal(fake_flash_bytes(f), "a\xff", 2);
    assert_int_equal(fake_flash_counts(f).ops, 1);
    fake_flash_free(f);
    fake_flash_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fake_flash_new_is_blank),
        cmocka_unit_test(fake_flash_write_clears_bits_and_reads_back),
        cmocka_unit_test(fake_flash_write_of_1_over_0_is_misuse),
        cmocka_unit_test(fake_flash_change_outside_allowed_is_misuse),
        cmocka_unit_test(fake_flash_access_outside_or_misaligned_is_range),
        cmocka_unit_test(fake_flash_long_write_counts_each_page),
        cmocka_unit_test(fake_flash_counts_the_bytes_it_gives_out),
        cmocka_unit_test(fake_flash_cut_in_a_page_keeps_earlier_pages),
        cmocka_unit_test(fake_flash_torn_erase_leaves_the_mixture_asked_for),
        cmocka_unit_test(fake_flash_random_tear_repeats_with_its_seed),
        cmocka_unit_test(fake_flash_fail_hits_one_operation_and_lives),
        cmocka_unit_test(fake_flash_worn_bits_stay_and_nobody_says_so),
        cmocka_unit_test(fake_flash_clone_goes_its_own_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
