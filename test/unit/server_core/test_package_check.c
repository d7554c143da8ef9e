/* test_package_check.c - what is said about an uploaded file.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "image/image.h"
#include "server/core/package_check.h"

enum {
    HEADER = 64,
    BODY = 100,
    TLVS = 4 + 4 + 32,
    TOTAL = HEADER + BODY + TLVS
};

/* An image 1.4.0 with a hash TLV (of nothing: only its shape is read here). */
static void image_bytes(uint8_t out[TOTAL])
{
    uint8_t *tlv = out + HEADER + BODY;

    memset(out, 0, TOTAL);
    put_u32le(out, (uint32_t)IMAGE_MAGIC);
    put_u16le(out + 8, HEADER);
    put_u32le(out + 12, BODY);
    out[20] = 1;
    out[21] = 4;
    put_u16le(tlv, IMAGE_TLV_MAGIC);
    put_u16le(tlv + 2, TLVS);
    put_u16le(tlv + 4, IMAGE_TLV_SHA256);
    put_u16le(tlv + 6, 32);
}

static int file_of(const void *bytes, size_t len)
{
    int fd = memfd_create("package", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    return fd;
}

static void package_check_describes_an_image(void **state)
{
    uint8_t bytes[TOTAL];
    char text[MODEL_DESC_MAX];

    (void)state;
    image_bytes(bytes);
    int fd = file_of(bytes, sizeof bytes);
    assert_int_equal(package_check_file(fd, TOTAL, "1.4.0", text), OTA_OK);
    assert_string_equal(
        text, "MCUboot image 1.4.0, header 0x40, body 100 bytes, not signed");
    (void)close(fd);
}

static void package_check_remarks_on_another_version(void **state)
{
    uint8_t bytes[TOTAL];
    char text[MODEL_DESC_MAX];

    (void)state;
    image_bytes(bytes);
    int fd = file_of(bytes, sizeof bytes);
    assert_int_equal(package_check_file(fd, TOTAL, "1.5.0", text), OTA_OK);
    assert_non_null(strstr(text, "MCUboot image 1.4.0"));
    assert_non_null(strstr(text, "the package says 1.5.0"));
    /* No header could hold this one, so none contradicts it. */
    assert_int_equal(package_check_file(fd, TOTAL, "spring", text), OTA_OK);
    assert_null(strstr(text, "the package says"));
    (void)close(fd);
}

static void package_check_takes_a_file_that_is_no_image(void **state)
{
    char text[MODEL_DESC_MAX];

    (void)state;
    int fd = file_of("hello", 5);
    assert_int_equal(package_check_file(fd, 5, "1.4.0", text), OTA_OK);
    assert_string_equal(text, "no MCUboot image; kept as it is");
    (void)close(fd);
}

static void package_check_of_a_damaged_image_is_refused(void **state)
{
    uint8_t bytes[TOTAL];
    char text[MODEL_DESC_MAX];

    (void)state;
    image_bytes(bytes);
    int fd = file_of(bytes, TOTAL - 1);
    assert_int_equal(package_check_file(fd, TOTAL - 1, "1.4.0", text),
                     OTA_ERR_CORRUPT);
    assert_memory_equal(text, "the file is a damaged MCUboot image: ", 37);
    assert_true(strlen(text) > 37);
    (void)close(fd);
}

static void package_check_of_a_file_shorter_than_said_fails(void **state)
{
    uint8_t bytes[TOTAL];
    char text[MODEL_DESC_MAX];

    (void)state;
    image_bytes(bytes);
    int fd = file_of(bytes, 16);
    assert_int_equal(package_check_file(fd, TOTAL, "1.4.0", text), OTA_ERR_IO);
    assert_string_equal(text, "the file cannot be read");
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package_check_describes_an_image),
        cmocka_unit_test(package_check_remarks_on_another_version),
        cmocka_unit_test(package_check_takes_a_file_that_is_no_image),
        cmocka_unit_test(package_check_of_a_damaged_image_is_refused),
        cmocka_unit_test(package_check_of_a_file_shorter_than_said_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
