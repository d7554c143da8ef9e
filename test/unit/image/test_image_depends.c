/* test_image_depends.c - dependency TLVs: read, checked, and what they forbid.
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
#include "image/image_verify.h"
#include "test/support/image_builder.h"
#include "test/support/memory_source.h"

enum { HEADER = 32, TLV = 16, LIST_MAX = 8 * TLV };

static const char NEWER[] = "dependency: on a newer image 0 than this one";
static const char OTHER[] = "dependency: on an image beside image 0";

static struct test_key key;
static uint8_t points[1][P256_POINT_BYTES];
static const struct image_keys KEYS = {
    (const uint8_t (*)[P256_POINT_BYTES])points, 1, NULL};

/* Dependency TLVs one behind the other. */
struct list {
    uint8_t bytes[LIST_MAX];
    size_t len;
};

static void add(struct list *l, uint8_t image, uint8_t major, uint8_t minor,
                uint16_t revision)
{
    uint8_t *p = l->bytes + l->len;

    put_u16le(p, 0x40);
    put_u16le(p + 2, 12);
    memset(p + 4, 0, 12);
    p[4] = image;
    p[8] = major;
    p[9] = minor;
    put_u16le(p + 10, revision);
    l->len += TLV;
}

/* Of an image 1.4.2+7 with these protected TLVs, truly signed. */
static struct image_verdict verdict_on(const struct list *l)
{
    uint8_t bytes[512], body[20] = {1};
    struct memory_source ms;
    struct image_source src;
    struct image_verdict v;
    size_t len = test_image_build(bytes, sizeof bytes, &key,
                                  &(struct test_image_spec){
                                      .version = "1.4.2+7",
                                      .header_bytes = HEADER,
                                      .body = body,
                                      .body_len = sizeof body,
                                      .security_counter = 3,
                                      .protected_tlvs = l->bytes,
                                      .protected_len = l->len,
                                  });

    src = memory_source(&ms, bytes, len);
    image_verify(&v, &src, &KEYS);
    return v;
}

static void assert_refused(const struct list *l, ota_err e, const char *why)
{
    struct image_verdict v = verdict_on(l);

    assert_int_equal(v.boot, BOOT_NO);
    assert_int_equal(v.error, e);
    assert_string_equal(image_why_text(v.why), why);
}

static void depends_on_itself_up_to_its_version_may_run(void **state)
{
    struct list l = {.len = 0};
    struct image_verdict v;

    (void)state;
    add(&l, 0, 1, 4, 2);
    add(&l, 0, 1, 3, 9);
    add(&l, 0, 0, 0, 0);
    v = verdict_on(&l);
    assert_int_equal(v.boot, BOOT_YES);
    assert_int_equal(v.info.unmet, WHY_NONE);
    assert_int_equal(v.info.security_counter, 3);
}

static void depends_on_a_newer_self_is_refused(void **state)
{
    static const uint8_t HIGH[][3] = {{1, 4, 3}, {1, 5, 0}, {2, 0, 0}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct list l = {.len = 0};

        add(&l, 0, HIGH[i][0], HIGH[i][1], HIGH[i][2]);
        assert_refused(&l, OTA_ERR_DEPENDENCY, NEWER);
    }
}

static void depends_on_the_build_as_well(void **state)
{
    struct list l = {.len = 0};

    (void)state;
    add(&l, 0, 1, 4, 2);
    put_u32le(l.bytes + 12, 7);
    assert_int_equal(verdict_on(&l).boot, BOOT_YES);
    put_u32le(l.bytes + 12, 8);
    assert_refused(&l, OTA_ERR_DEPENDENCY, NEWER);
}

static void depends_on_another_image_is_refused(void **state)
{
    struct list l = {.len = 0};

    (void)state;
    add(&l, 0, 1, 0, 0);
    add(&l, 1, 0, 0, 0);
    assert_refused(&l, OTA_ERR_DEPENDENCY, OTHER);
    l.len = 0;
    add(&l, 255, 0, 0, 0);
    assert_refused(&l, OTA_ERR_DEPENDENCY, OTHER);
}

static void depends_the_first_unmet_one_is_told(void **state)
{
    struct list l = {.len = 0};

    (void)state;
    add(&l, 0, 9, 0, 0);
    add(&l, 1, 0, 0, 0);
    assert_refused(&l, OTA_ERR_DEPENDENCY, NEWER);
}

static void depends_padding_is_not_looked_at(void **state)
{
    struct list l = {.len = 0};

    (void)state;
    add(&l, 0, 1, 0, 0);
    memset(l.bytes + 5, 0xff, 3);
    assert_int_equal(verdict_on(&l).boot, BOOT_YES);
}

static void depends_of_another_size_is_refused(void **state)
{
    static const uint16_t SIZES[] = {0, 1, 11, 13};

    (void)state;
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        struct list l = {.len = 0};

        add(&l, 0, 1, 0, 0);
        put_u16le(l.bytes + 2, SIZES[i]);
        l.len = 4u + SIZES[i];
        assert_refused(&l, OTA_ERR_CORRUPT, "tlv: dependency is not 12 bytes");
    }
}

/* The list ends with the part: a TLV that says it goes on is not believed. */
static void depends_longer_than_its_part_is_refused(void **state)
{
    struct list l = {.len = 0};

    (void)state;
    add(&l, 0, 1, 0, 0);
    l.len -= 1;
    assert_refused(&l, OTA_ERR_CORRUPT, "tlv: longer than its part");
}

static int key_make(void **state)
{
    (void)state;
    test_key_new(&key);
    memcpy(points[0], key.point, sizeof points[0]);
    return 0;
}

static int key_drop(void **state)
{
    (void)state;
    test_key_free(&key);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depends_on_itself_up_to_its_version_may_run),
        cmocka_unit_test(depends_on_a_newer_self_is_refused),
        cmocka_unit_test(depends_on_the_build_as_well),
        cmocka_unit_test(depends_on_another_image_is_refused),
        cmocka_unit_test(depends_the_first_unmet_one_is_told),
        cmocka_unit_test(depends_padding_is_not_looked_at),
        cmocka_unit_test(depends_of_another_size_is_refused),
        cmocka_unit_test(depends_longer_than_its_part_is_refused),
    };

    return cmocka_run_group_tests(tests, key_make, key_drop);
}
