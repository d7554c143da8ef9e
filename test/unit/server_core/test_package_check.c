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
#include "image/image_verify.h"
#include "server/core/checks.h"
#include "server/core/package_check.h"

enum {
    HEADER = 64,
    BODY = 100,
    TLVS = 4 + 4 + 32,
    TOTAL = HEADER + BODY + TLVS
};

/* An image 1.4.0 with its hash and no signature. */
static void image_bytes(uint8_t out[TOTAL])
{
    struct sha256 hash;

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
    sha256_begin(&hash);
    sha256_add(&hash, out, HEADER + BODY);
    sha256_end(&hash, tlv + 8);
}

static int file_of(const void *bytes, size_t len)
{
    int fd = memfd_create("package", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    return fd;
}

/* What the check says of len bytes that should be `said` long. */
struct outcome {
    ota_err error;
    struct package_checked found;
    struct check checks[CHECKS];
    size_t count;
};

static struct outcome check_as(const void *bytes, size_t len, size_t said,
                               const char *version,
                               const struct product *product)
{
    struct package p = {.module = "default", .size_bytes = (uint32_t)said};
    struct outcome o = {.count = 0};
    int fd = file_of(bytes, len);

    (void)snprintf(p.version, sizeof p.version, "%s", version);
    o.error = package_check_file(fd, &p, product, &o.found);
    const char *at = o.found.checks;
    while (o.count < CHECKS && checks_next(&at, &o.checks[o.count]))
        o.count++;
    assert_string_equal(at, ""); /* all of it was read */
    (void)close(fd);
    return o;
}

static const struct product ANY = {.slot_bytes = MODEL_SLOT_DEFAULT};

static struct outcome check_image(const char *version,
                                  const struct product *product)
{
    uint8_t bytes[TOTAL];

    image_bytes(bytes);
    return check_as(bytes, TOTAL, TOTAL, version, product);
}

#define assert_check(o, name, wanted, sentence)                                \
    do {                                                                       \
        char said[CHECK_TEXT_MAX];                                             \
        assert_int_equal((o).checks[name].state, wanted);                      \
        check_text(said, &(o).checks[name]);                                   \
        assert_string_equal(said, sentence);                                   \
    } while (0)

static void package_check_describes_an_image(void **state)
{
    (void)state;
    struct outcome o = check_image("1.4.0", &ANY);

    assert_int_equal(o.error, OTA_OK);
    assert_string_equal(
        o.found.image,
        "MCUboot image 1.4.0, header 0x40, body 100 bytes, not signed");
    assert_int_equal(o.count, CHECKS);
    assert_check(o, CHECK_HEADER, CHECK_OK,
                 "MCUboot image, header 0x40, body 100 bytes");
    assert_check(o, CHECK_VERSION, CHECK_OK, "The header says 1.4.0 as well");
    assert_check(o, CHECK_SIGNATURE, CHECK_WARNING,
                 "Not signed: devices that check signatures will refuse it");
    assert_check(o, CHECK_SIZE, CHECK_OK, "204 of 1048576 bytes of the slot");
    assert_check(o, CHECK_DIGEST, CHECK_OK,
                 "The content is what the SHA-256 says");
}

static void package_check_remarks_on_another_version(void **state)
{
    (void)state;
    struct outcome o = check_image("1.5.0", &ANY);

    assert_int_equal(o.error, OTA_OK);
    assert_non_null(strstr(o.found.image, "MCUboot image 1.4.0"));
    assert_non_null(strstr(o.found.image, "the package says 1.5.0"));
    assert_int_equal(o.checks[CHECK_VERSION].state, CHECK_WARNING);
    /* No header could hold this one, so none contradicts it. */
    o = check_image("spring", &ANY);
    assert_int_equal(o.error, OTA_OK);
    assert_null(strstr(o.found.image, "the package says"));
    assert_int_equal(o.checks[CHECK_VERSION].state, CHECK_SKIPPED);
}

static void package_check_takes_a_file_that_is_no_image(void **state)
{
    (void)state;
    struct outcome o = check_as("hello", 5, 5, "1.4.0", &ANY);

    assert_int_equal(o.error, OTA_OK);
    assert_string_equal(o.found.image, "no MCUboot image; kept as it is");
    assert_int_equal(o.count, CHECKS);
    assert_int_equal(o.checks[CHECK_SIGNATURE].state, CHECK_SKIPPED);
}

/* The generator of P-256: a point on the curve whose key nobody signed with. */
static const struct product KEYED = {
    .slot_bytes = MODEL_SLOT_DEFAULT,
    .release_keys =
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2"
        "964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51"
        "f5",
};

static void package_check_with_release_keys_refuses_what_is_not_signed(
    void **state)
{
    (void)state;
    struct outcome o = check_image("1.4.0", &KEYED);

    assert_int_equal(o.error, OTA_ERR_SIGNATURE);
    assert_int_equal(o.checks[CHECK_SIGNATURE].state, CHECK_FAILED);
    assert_string_equal(o.found.image,
                        "signature: Not signed: sign it with a release key of "
                        "the product");
    o = check_as("hello", 5, 5, "1.4.0", &KEYED);
    assert_int_equal(o.error, OTA_ERR_SIGNATURE);
}

static void package_check_of_an_image_larger_than_the_slot_is_refused(
    void **state)
{
    const struct product small = {.slot_bytes = TOTAL - 1};
    const struct product fits = {.slot_bytes = TOTAL};

    (void)state;
    struct outcome o = check_image("1.4.0", &small);
    assert_int_equal(o.error, OTA_ERR_RANGE);
    assert_check(o, CHECK_SIZE, CHECK_FAILED,
                 "204 bytes, and the product's devices have slots of 203");
    assert_int_equal(check_image("1.4.0", &fits).error, OTA_OK);
    /* A file that is no image may go to another place than a slot. */
    o = check_as("hello", 5, 5, "1.4.0", &(struct product){.slot_bytes = 4});
    assert_int_equal(o.error, OTA_OK);
    assert_int_equal(o.checks[CHECK_SIZE].state, CHECK_WARNING);
}

static void package_check_of_changed_content_is_refused(void **state)
{
    uint8_t bytes[TOTAL];

    (void)state;
    image_bytes(bytes);
    bytes[HEADER + 7] ^= 1;
    struct outcome o = check_as(bytes, TOTAL, TOTAL, "1.4.0", &ANY);
    assert_int_equal(o.error, OTA_ERR_CORRUPT);
    assert_int_equal(o.checks[CHECK_DIGEST].state, CHECK_FAILED);
    assert_int_equal(o.checks[CHECK_SIGNATURE].state, CHECK_SKIPPED);
    assert_memory_equal(o.found.image, "digest: ", 8);
}

static void package_check_of_a_damaged_image_is_refused(void **state)
{
    uint8_t bytes[TOTAL];

    (void)state;
    image_bytes(bytes);
    struct outcome o = check_as(bytes, TOTAL - 1, TOTAL - 1, "1.4.0", &ANY);
    assert_int_equal(o.error, OTA_ERR_CORRUPT);
    assert_int_equal(o.count, 1);
    assert_memory_equal(o.found.image,
                        "mcuboot_header: Damaged MCUboot image: ", 39);
}

static void package_check_of_another_module_looks_at_nothing(void **state)
{
    struct package p = {.module = "MCU", .version = "1", .size_bytes = 5};
    struct package_checked found;
    int fd = file_of("hello", 5);

    (void)state;
    assert_int_equal(package_check_file(fd, &p, &KEYED, &found), OTA_OK);
    assert_string_equal(found.checks, "");
    (void)close(fd);
}

static void package_check_of_a_file_shorter_than_said_fails(void **state)
{
    uint8_t bytes[TOTAL];

    (void)state;
    image_bytes(bytes);
    struct outcome o = check_as(bytes, 16, TOTAL, "1.4.0", &ANY);
    assert_int_equal(o.error, OTA_ERR_IO);
    assert_string_equal(o.found.image, "the file cannot be read");
}

static void checks_text_that_nobody_wrote_is_not_read(void **state)
{
    static const char *const BAD[] = {
        "",
        "size",
        "size ok",
        "size ok text",
        "weight ok text\n",
        "size fine text\n",
        " ok text\n",
        "size  text\n",
        "size ok {} text|a",
        "size ok {}{}{}|a|b|c\n",
    };
    struct check c;

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        const char *at = BAD[i];
        assert_false(checks_next(&at, &c));
        assert_ptr_equal(at, BAD[i]);
    }
}

static void checks_text_of_an_earlier_server_is_its_sentence(void **state)
{
    const char *at = "size ok 204 of 1048576 bytes of the slot\n";
    char text[CHECK_TEXT_MAX];
    struct check c;

    (void)state;
    assert_true(checks_next(&at, &c));
    assert_string_equal(c.values[0], "");
    check_text(text, &c);
    assert_string_equal(text, "204 of 1048576 bytes of the slot");
}

static void checks_keep_a_sentence_as_format_and_values(void **state)
{
    (void)state;
    struct outcome o = check_image("1.5.0", &ANY);
    const struct check *c = &o.checks[CHECK_SIZE];

    assert_string_equal(c->format, "{} of {} bytes of the slot");
    assert_string_equal(c->values[0], "204");
    assert_string_equal(c->values[1], "1048576");
    c = &o.checks[CHECK_HEADER];
    assert_string_equal(c->format, "MCUboot image, header 0x{}, body {} bytes");
    assert_string_equal(c->values[0], "40");
    assert_string_equal(c->values[1], "100");
    c = &o.checks[CHECK_DIGEST];
    assert_string_equal(c->values[0], "");
    c = &o.checks[CHECK_VERSION];
    assert_string_equal(c->values[0], "1.4.0");
    assert_string_equal(c->values[1], "1.5.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package_check_describes_an_image),
        cmocka_unit_test(package_check_remarks_on_another_version),
        cmocka_unit_test(package_check_takes_a_file_that_is_no_image),
        cmocka_unit_test(
            package_check_with_release_keys_refuses_what_is_not_signed),
        cmocka_unit_test(
            package_check_of_an_image_larger_than_the_slot_is_refused),
        cmocka_unit_test(package_check_of_changed_content_is_refused),
        cmocka_unit_test(package_check_of_a_damaged_image_is_refused),
        cmocka_unit_test(package_check_of_another_module_looks_at_nothing),
        cmocka_unit_test(package_check_of_a_file_shorter_than_said_fails),
        cmocka_unit_test(checks_text_that_nobody_wrote_is_not_read),
        cmocka_unit_test(checks_text_of_an_earlier_server_is_its_sentence),
        cmocka_unit_test(checks_keep_a_sentence_as_format_and_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
