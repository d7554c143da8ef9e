/* test_posix_flash.c - the file behaves as a NOR flash.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "port/posix/posix_flash.h"

struct bench {
    char path[64];
    struct posix_flash flash;
    char why[POSIX_FLASH_WHY_MAX];
};

static void file_make(char path[64], off_t bytes)
{
    (void)snprintf(path, 64, "/tmp/tern-flash-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, bytes), 0);
    close(fd);
}

/* A flash whose sectors 0 and 1 are blank. */
static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);

    file_make(b->path, POSIX_FLASH_BYTES);
    assert_int_equal(posix_flash_open(&b->flash, b->path, b->why), OTA_OK);
    const struct port_flash *p = &b->flash.port;
    assert_int_equal(p->erase(p->ctx, 0), OTA_OK);
    assert_int_equal(p->erase(p->ctx, POSIX_FLASH_SECTOR_BYTES), OTA_OK);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;

    posix_flash_close(&b->flash);
    unlink(b->path);
    free(b);
    return 0;
}

static void posix_flash_write_only_clears_bits(void **state)
{
    struct bench *b = *state;
    const struct port_flash *p = &b->flash.port;
    const uint8_t first[8] = {0xf0, 0xff, 0x0f, 0, 1, 2, 3, 4};
    const uint8_t second[8] = {0x3c, 0xa5, 0xff, 0xff, 0xff, 6, 3, 0};
    const uint8_t both[8] = {0x30, 0xa5, 0x0f, 0, 1, 2, 3, 0};
    uint8_t got[8];

    assert_int_equal(p->write(p->ctx, 16, first, 8), OTA_OK);
    assert_int_equal(p->write(p->ctx, 16, second, 8), OTA_OK);

    assert_int_equal(p->read(p->ctx, 16, got, 8), OTA_OK);
    assert_memory_equal(got, both, 8);
}

static void posix_flash_erase_sets_one_sector_and_no_more(void **state)
{
    struct bench *b = *state;
    const struct port_flash *p = &b->flash.port;
    const uint8_t zero[16] = {0};
    uint8_t got[16];

    assert_int_equal(p->write(p->ctx, POSIX_FLASH_SECTOR_BYTES - 8, zero, 16),
                     OTA_OK);
    assert_int_equal(p->erase(p->ctx, 0), OTA_OK);

    assert_int_equal(p->read(p->ctx, POSIX_FLASH_SECTOR_BYTES - 8, got, 16),
                     OTA_OK);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(got[i], 0xff);
        assert_int_equal(got[8 + i], 0);
    }
}

static void posix_flash_write_over_pages_and_sectors_is_whole(void **state)
{
    struct bench *b = *state;
    const struct port_flash *p = &b->flash.port;
    uint8_t src[1000], got[1000];

    for (size_t i = 0; i < sizeof src; i++)
        src[i] = (uint8_t)(i * 7 + 1);
    uint32_t off = POSIX_FLASH_SECTOR_BYTES - 104;

    assert_int_equal(p->write(p->ctx, off, src, sizeof src), OTA_OK);

    assert_int_equal(p->read(p->ctx, off, got, sizeof got), OTA_OK);
    assert_memory_equal(got, src, sizeof src);
}

static void posix_flash_access_outside_or_misaligned_is_refused(void **state)
{
    struct bench *b = *state;
    const struct port_flash *p = &b->flash.port;
    const uint8_t zero[16] = {0};
    uint8_t got[16];

    assert_int_equal(p->write(p->ctx, 4, zero, 8), OTA_ERR_RANGE);
    assert_int_equal(p->write(p->ctx, 8, zero, 7), OTA_ERR_RANGE);
    assert_int_equal(p->write(p->ctx, POSIX_FLASH_BYTES - 8, zero, 16),
                     OTA_ERR_RANGE);
    assert_int_equal(p->write(p->ctx, UINT32_MAX - 7, zero, 16), OTA_ERR_RANGE);
    assert_int_equal(p->read(p->ctx, POSIX_FLASH_BYTES - 1, got, 2),
                     OTA_ERR_RANGE);
    assert_int_equal(p->read(p->ctx, UINT32_MAX, got, 2), OTA_ERR_RANGE);
    assert_int_equal(p->erase(p->ctx, 8), OTA_ERR_RANGE);
    assert_int_equal(p->erase(p->ctx, POSIX_FLASH_BYTES), OTA_ERR_RANGE);

    assert_int_equal(p->read(p->ctx, 0, got, 16), OTA_OK);
    for (int i = 0; i < 16; i++)
        assert_int_equal(got[i], 0xff); /* nothing was done */
}

static void posix_flash_last_bytes_can_be_used(void **state)
{
    struct bench *b = *state;
    const struct port_flash *p = &b->flash.port;
    const uint8_t src[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t got[8];
    uint32_t off = POSIX_FLASH_BYTES - 8;

    assert_int_equal(
        p->erase(p->ctx, POSIX_FLASH_BYTES - POSIX_FLASH_SECTOR_BYTES), OTA_OK);
    assert_int_equal(p->write(p->ctx, off, src, 8), OTA_OK);

    assert_int_equal(p->read(p->ctx, off, got, 8), OTA_OK);
    assert_memory_equal(got, src, 8);
}

static void posix_flash_content_outlives_a_close(void **state)
{
    struct bench *b = *state;
    const uint8_t src[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t got[8];

    assert_int_equal(b->flash.port.write(b->flash.port.ctx, 0, src, 8), OTA_OK);
    posix_flash_close(&b->flash);
    assert_int_equal(posix_flash_open(&b->flash, b->path, b->why), OTA_OK);

    assert_int_equal(b->flash.port.read(b->flash.port.ctx, 0, got, 8), OTA_OK);
    assert_memory_equal(got, src, 8);
}

static void posix_flash_file_of_wrong_size_is_refused_with_both_sizes(void **s)
{
    struct posix_flash f;
    char path[64], why[POSIX_FLASH_WHY_MAX];

    (void)s;
    file_make(path, 4096);

    assert_int_equal(posix_flash_open(&f, path, why), OTA_ERR_CORRUPT);
    unlink(path);
    assert_non_null(strstr(why, path));
    assert_non_null(strstr(why, "8388608"));
    assert_non_null(strstr(why, "4096"));
    assert_non_null(strstr(why, "tern flash create"));
}

static void posix_flash_missing_file_is_named(void **state)
{
    struct posix_flash f;
    char why[POSIX_FLASH_WHY_MAX];

    (void)state;
    assert_int_equal(posix_flash_open(&f, "/tmp/tern-no-such-flash", why),
                     OTA_ERR_NOT_FOUND);
    assert_non_null(strstr(why, "/tmp/tern-no-such-flash"));
}

static void posix_flash_fifo_is_refused_and_not_waited_for(void **state)
{
    struct posix_flash f;
    char dir[] = "/tmp/tern-flash-XXXXXX", path[64], why[POSIX_FLASH_WHY_MAX];

    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/fifo", dir);
    assert_int_equal(mkfifo(path, 0600), 0);

    assert_int_equal(posix_flash_open(&f, path, why), OTA_ERR_CORRUPT);
    unlink(path);
    rmdir(dir);
}

static void posix_flash_second_lock_is_refused_until_the_first_ends(void **st)
{
    struct bench *b = *st;
    struct posix_flash second;
    char why[POSIX_FLASH_WHY_MAX];

    assert_int_equal(posix_flash_lock(&b->flash), OTA_OK);
    assert_int_equal(posix_flash_open(&second, b->path, why), OTA_OK);
    assert_int_equal(posix_flash_lock(&second), OTA_ERR_EXISTS);

    posix_flash_close(&b->flash);
    assert_int_equal(posix_flash_lock(&second), OTA_OK);
    posix_flash_close(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(posix_flash_write_only_clears_bits,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            posix_flash_erase_sets_one_sector_and_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(
            posix_flash_write_over_pages_and_sectors_is_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(
            posix_flash_access_outside_or_misaligned_is_refused, setup,
            teardown),
        cmocka_unit_test_setup_teardown(posix_flash_last_bytes_can_be_used,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(posix_flash_content_outlives_a_close,
                                        setup, teardown),
        cmocka_unit_test(
            posix_flash_file_of_wrong_size_is_refused_with_both_sizes),
        cmocka_unit_test(posix_flash_missing_file_is_named),
        cmocka_unit_test(posix_flash_fifo_is_refused_and_not_waited_for),
        cmocka_unit_test_setup_teardown(
            posix_flash_second_lock_is_refused_until_the_first_ends, setup,
            teardown),
    };
    return cmocka_run_group_tests_name("posix_flash", tests, NULL, NULL);
}
