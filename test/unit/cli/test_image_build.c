/* test_image_build.c - tests of cli/image_build.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/image_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct why why;
static struct key key;

static int key_make(void **s)
{
    (void)s;
    return key_generate(&key, KEY_P256, &why) ? 0 : -1;
}

static int key_drop(void **s)
{
    (void)s;
    key_free(&key);
    return 0;
}

static struct image_plan plan_140(void)
{
    return (struct image_plan){
        .version = {.major = 1, .minor = 4, .revision = 0},
        .header_bytes = 0x400,
        .slot_bytes = 0x100000,
    };
}

static struct image_verdict verdict(const struct file_bytes *image,
                                    const struct key *k)
{
    const struct image_source source = image_memory_source(image);
    struct key_trust trust;
    struct image_verdict v;

    image_verify(&v, &source, key_trusted(&trust, k));
    return v;
}

static struct file_bytes built(const struct image_plan *plan, size_t body_len)
{
    struct file_bytes body = {.bytes = malloc(body_len), .len = body_len};
    struct file_bytes image;

    assert_non_null(body.bytes);
    memset(body.bytes, 0x5a, body_len);
    if (!image_build(&image, &body, plan, &key, &why))
        fail_msg("%s", why.text);
    free(body.bytes);
    return image;
}

static void image_build_is_accepted_by_the_device(void **s)
{
    const size_t sizes[] = {1, 3, 255, 256, 70001};

    (void)s;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct image_plan plan = plan_140();
        struct file_bytes image = built(&plan, sizes[i]);
        struct image_verdict v = verdict(&image, &key);
        assert_int_equal(v.boot, BOOT_YES);
        assert_int_equal(v.info.version.minor, 4);
        assert_int_equal(v.info.body_bytes, sizes[i]);
        assert_int_equal(v.info.total_bytes, image.len);
        assert_memory_equal(v.info.key_hash, key.hash, SHA256_BYTES);
        file_free(&image);
    }
}

static void image_build_by_a_foreign_key_is_refused_by_the_device(void **s)
{
    struct image_plan plan = plan_140();
    struct file_bytes image = built(&plan, 100);
    struct key other;

    (void)s;
    assert_true(key_generate(&other, KEY_P256, &why));
    assert_int_equal(verdict(&image, &other).error, OTA_ERR_SIGNATURE);
    key_free(&other);
    file_free(&image);
}

/* But for the type of the key hash: as another TLV it is skipped, and a hint
 * is missing (spec/image.md section 4). */
static void image_build_any_changed_byte_is_refused(void **s)
{
    struct image_plan plan = plan_140();
    plan.header_bytes = IMAGE_BUILD_HEADER_MIN;
    plan.counted = true;
    plan.security_counter = 3;
    struct file_bytes image = built(&plan, 8);
    const size_t hint = verdict(&image, &key).info.hashed_bytes + 4 + 36;

    (void)s;
    for (size_t i = 0; i < image.len; i++) {
        if (i == hint)
            i += 2;
        image.bytes[i] ^= 0x10;
        if (verdict(&image, &key).boot == BOOT_YES)
            fail_msg("byte %zu of %zu may change unnoticed", i, image.len);
        image.bytes[i] ^= 0x10;
    }
    assert_int_equal(verdict(&image, &key).boot, BOOT_YES);
    file_free(&image);
}

static void image_build_counter_is_protected(void **s)
{
    struct image_plan plan = plan_140();
    plan.counted = true;
    plan.security_counter = 0x01020304;
    struct file_bytes image = built(&plan, 5);
    struct image_verdict v = verdict(&image, &key);

    (void)s;
    assert_int_equal(v.boot, BOOT_YES);
    assert_int_equal(v.info.security_counter, 0x01020304);
    assert_int_equal(v.info.protected_tlv_bytes, 12);
    file_free(&image);
}

static void image_build_beyond_the_slot_is_refused(void **s)
{
    struct image_plan plan = plan_140();
    uint8_t bytes[8] = {0};
    struct file_bytes body = {bytes, sizeof bytes}, image;

    (void)s;
    plan.slot_bytes = 0x400 + 8 + 100; /* the TLVs do not fit */
    assert_false(image_build(&image, &body, &plan, &key, &why));
    assert_non_null(strstr(why.text, "--allow-oversize"));
    plan.slot_bytes = 0;
    assert_true(image_build(&image, &body, &plan, &key, &why));
    assert_int_equal(verdict(&image, &key).boot, BOOT_YES);
    file_free(&image);
}

/* The vector was made with OpenSSL and a key that is gone; everything but what
 * follows from the key must come out the same. The vector's filler behind the
 * header is copied, for its value is free. */
static void image_build_equals_the_vector_but_for_the_key(void **s)
{
    struct file_bytes vector, image;
    struct image_info i;
    enum image_why clause;

    (void)s;
    assert_true(file_read(&vector, VECTORS "/image-1.4.0.bin", 10000, &why));
    const struct image_source source = image_memory_source(&vector);
    assert_int_equal(image_parse(&i, &source, &clause), OTA_OK);
    struct file_bytes body = {vector.bytes + i.header_bytes, i.body_bytes};
    struct image_plan plan = {
        .version = i.version,
        .header_bytes = i.header_bytes,
        .counted = true,
        .security_counter = i.security_counter,
    };
    assert_true(image_build(&image, &body, &plan, &key, &why));

    assert_memory_equal(image.bytes, vector.bytes, IMAGE_HEADER_BYTES);
    assert_memory_equal(image.bytes + i.header_bytes,
                        vector.bytes + i.header_bytes,
                        i.hashed_bytes - i.header_bytes);
    /* The heads of the three TLVs, whose values depend on the key. */
    const uint32_t tlvs = i.hashed_bytes + 4;
    assert_memory_equal(image.bytes + tlvs, vector.bytes + tlvs, 4);
    assert_memory_equal(image.bytes + tlvs + 36, vector.bytes + tlvs + 36, 4);
    assert_memory_equal(image.bytes + tlvs + 72, vector.bytes + tlvs + 72, 2);
    file_free(&image);
    file_free(&vector);
}

static void image_build_filler_is_erased_flash(void **s)
{
    struct image_plan plan = plan_140();
    struct file_bytes image = built(&plan, 4);

    (void)s;
    for (size_t i = IMAGE_HEADER_BYTES; i < 0x400; i++)
        assert_int_equal(image.bytes[i], 0xff);
    file_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_build_is_accepted_by_the_device),
        cmocka_unit_test(image_build_by_a_foreign_key_is_refused_by_the_device),
        cmocka_unit_test(image_build_any_changed_byte_is_refused),
        cmocka_unit_test(image_build_counter_is_protected),
        cmocka_unit_test(image_build_beyond_the_slot_is_refused),
        cmocka_unit_test(image_build_equals_the_vector_but_for_the_key),
        cmocka_unit_test(image_build_filler_is_erased_flash),
    };

    return cmocka_run_group_tests(tests, key_make, key_drop);
}
