/* test_image_verify.c - which images may run.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/bytes.h"
#include "image/image_verify.h"
#include "test/support/image_builder.h"
#include "test/support/memory_source.h"

enum { HEADER = 32, BODY = 600, BYTES_MAX = 1024 };

static struct test_key trusted, second, foreign;
static uint8_t points[2][P256_POINT_BYTES];
static const struct image_keys KEYS = {
    (const uint8_t (*)[P256_POINT_BYTES])points, 2, NULL};

struct image {
    uint8_t bytes[BYTES_MAX];
    size_t len;
};

/* The body is longer than two read windows and no multiple of one. */
static struct image image_by(const struct test_key *key, uint32_t counter)
{
    uint8_t body[BODY];
    struct image m = {.len = 0};

    memset(body, 0x5a, sizeof body);
    m.len = test_image_build(m.bytes, sizeof m.bytes, key,
                             &(struct test_image_spec){
                                 .version = "1.4.0",
                                 .header_bytes = HEADER,
                                 .body = body,
                                 .body_len = sizeof body,
                                 .security_counter = counter,
                             });
    return m;
}

static struct image_verdict verdict_on(const struct image *m,
                                       const struct image_keys *keys)
{
    struct memory_source ms;
    struct image_source src = memory_source(&ms, m->bytes, m->len);
    struct image_verdict v;

    memset(&v, 0xa5, sizeof v);
    image_verify(&v, &src, keys);
    return v;
}

static void assert_refused(const struct image *m, const struct image_keys *keys,
                           ota_err want, const char *why)
{
    struct image_verdict v = verdict_on(m, keys);

    assert_int_equal(v.boot, BOOT_NO);
    assert_int_equal(v.error, want);
    assert_string_equal(image_why_text(v.why), why);
}

/* Where the value of a TLV of the unprotected part begins. */
static size_t tlv_find(const struct image *m, uint16_t type)
{
    size_t at = HEADER + BODY + get_u16le(m->bytes + 10) + 4;

    while (get_u16le(m->bytes + at) != type)
        at += 4u + get_u16le(m->bytes + at + 2);
    return at + 4;
}

static void verify_image_of_each_trusted_key_may_run(void **state)
{
    const struct test_key *const by[] = {&trusted, &second};

    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        struct image m = image_by(by[i % 2], i / 2);
        struct image_verdict v = verdict_on(&m, &KEYS);

        assert_int_equal(v.boot, BOOT_YES);
        assert_int_equal(v.error, OTA_OK);
        assert_int_equal(v.why, WHY_NONE);
        assert_int_equal(v.info.version.minor, 4);
        assert_int_equal(v.info.security_counter, i / 2);
        assert_int_equal(v.info.total_bytes, m.len);
    }
}

static void verify_bytes_after_the_image_do_not_matter(void **state)
{
    struct image m = image_by(&trusted, 0);

    (void)state;
    memset(m.bytes + m.len, 0xff, sizeof m.bytes - m.len);
    m.len = sizeof m.bytes;
    assert_int_equal(verdict_on(&m, &KEYS).boot, BOOT_YES);
}

static void verify_key_hash_is_the_hash_of_the_der_key(void **state)
{
    struct image m = image_by(&trusted, 0);
    uint8_t hash[SHA256_BYTES];

    (void)state;
    image_key_hash(hash, trusted.point);
    /* The builder let OpenSSL encode the key. */
    assert_memory_equal(hash, m.bytes + tlv_find(&m, IMAGE_TLV_KEYHASH), 32);
}

static void verify_foreign_key_is_refused(void **state)
{
    struct image m = image_by(&foreign, 0);

    (void)state;
    assert_refused(&m, &KEYS, OTA_ERR_SIGNATURE,
                   "signed with a key that is not trusted");
}

static void verify_foreign_signature_under_a_trusted_name_is_refused(
    void **state)
{
    struct image m = image_by(&foreign, 0);

    (void)state;
    image_key_hash(m.bytes + tlv_find(&m, IMAGE_TLV_KEYHASH), trusted.point);
    assert_refused(&m, &KEYS, OTA_ERR_SIGNATURE,
                   "signature: does not match the image");
}

static void verify_without_keys_nothing_may_run(void **state)
{
    const struct image_keys none = {NULL, 0, NULL};
    struct image m = image_by(&trusted, 0);

    (void)state;
    assert_refused(&m, &none, OTA_ERR_SIGNATURE,
                   "signed with a key that is not trusted");
    m.bytes[tlv_find(&m, IMAGE_TLV_KEYHASH) - 4] = 0x02;
    assert_refused(&m, &none, OTA_ERR_SIGNATURE,
                   "signed with a key that is not trusted");
}

static void verify_image_that_names_no_key_is_tried_with_each(void **state)
{
    struct image m = image_by(&second, 0), other = image_by(&foreign, 0);

    (void)state;
    /* The key hash's type becomes one that means nothing to us. */
    m.bytes[tlv_find(&m, IMAGE_TLV_KEYHASH) - 4] = 0x02;
    other.bytes[tlv_find(&other, IMAGE_TLV_KEYHASH) - 4] = 0x02;
    assert_int_equal(verdict_on(&m, &KEYS).boot, BOOT_YES);
    assert_refused(&other, &KEYS, OTA_ERR_SIGNATURE,
                   "signature: does not match the image");
}

static void verify_unsigned_image_is_refused(void **state)
{
    struct image m = image_by(NULL, 0);

    (void)state;
    assert_refused(&m, &KEYS, OTA_ERR_SIGNATURE,
                   "signature: none of ECDSA P-256 or RSA-2048 PSS");
}

/* Put the right hash and signature on whatever the bytes say now. */
static void sign_again(struct image *m, const struct test_key *key)
{
    size_t hashed = HEADER + BODY + get_u16le(m->bytes + 10);
    size_t sig_at = tlv_find(m, IMAGE_TLV_ECDSA_SIG);
    uint8_t sig[72];
    size_t len;

    assert_int_equal(EVP_Digest(m->bytes, hashed,
                                m->bytes + tlv_find(m, IMAGE_TLV_SHA256), NULL,
                                EVP_sha256(), NULL),
                     1);
    len = test_key_sign(key, m->bytes + tlv_find(m, IMAGE_TLV_SHA256), sig);
    memcpy(m->bytes + sig_at, sig, len);
    put_u16le(m->bytes + sig_at - 2, (uint16_t)len);
    m->len = sig_at + len;
    put_u16le(m->bytes + hashed + 2, (uint16_t)(m->len - hashed));
}

static void verify_image_marked_not_bootable_is_refused(void **state)
{
    struct image m = image_by(&trusted, 0);

    (void)state;
    sign_again(&m, &trusted);
    assert_int_equal(verdict_on(&m, &KEYS).boot, BOOT_YES);
    m.bytes[16] = IMAGE_FLAG_NON_BOOTABLE;
    sign_again(&m, &trusted);
    assert_refused(&m, &KEYS, OTA_ERR_SIGNATURE,
                   "header: image is not meant to boot");
}

static void verify_new_hash_does_not_help_a_changed_body(void **state)
{
    struct image m = image_by(&trusted, 0), changed;

    (void)state;
    m.bytes[HEADER + 300] ^= 1;
    assert_refused(&m, &KEYS, OTA_ERR_CORRUPT,
                   "hash: the image differs from its SHA-256");
    changed = m;
    sign_again(&changed, &foreign); /* hash right, name of the trusted key */
    assert_refused(&changed, &KEYS, OTA_ERR_SIGNATURE,
                   "signature: does not match the image");
}

static void verify_old_signature_does_not_fit_a_new_image(void **state)
{
    struct image m = image_by(&trusted, 1), old = image_by(&trusted, 2);
    size_t sig_at = tlv_find(&m, IMAGE_TLV_ECDSA_SIG);
    size_t old_at = tlv_find(&old, IMAGE_TLV_ECDSA_SIG);

    (void)state;
    m.len = m.len - (m.len - sig_at) + (old.len - old_at);
    memcpy(m.bytes + sig_at - 2, old.bytes + old_at - 2, m.len - sig_at + 2);
    put_u16le(m.bytes + HEADER + BODY + 12 + 2,
              get_u16le(old.bytes + HEADER + BODY + 12 + 2));
    assert_refused(&m, &KEYS, OTA_ERR_SIGNATURE,
                   "signature: does not match the image");
}

/* Every byte, every bit. The type of the key hash is the one exception: under
 * another type it is a TLV we do not know, and the signature still proves the
 * image (verify_image_that_names_no_key_is_tried_with_each). */
static void verify_any_flipped_bit_is_refused(void **state)
{
    struct image m = image_by(&trusted, 3);
    size_t name_at = tlv_find(&m, IMAGE_TLV_KEYHASH) - 4;

    (void)state;
    for (size_t bit = 0; bit < 8 * m.len; bit++) {
        size_t at = bit / 8;
        struct image_verdict v;

        if (at == name_at || at == name_at + 1)
            continue;
        if (at >= HEADER && at < HEADER + BODY && bit % 8 != at % 8)
            continue; /* one bit per byte of the body is enough */
        m.bytes[at] ^= (uint8_t)(1u << bit % 8);
        v = verdict_on(&m, &KEYS);
        if (v.boot != BOOT_NO || v.error == OTA_OK || v.why == WHY_NONE)
            fail_msg("byte %zu bit %zu: accepted", at, bit % 8);
        m.bytes[at] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(verdict_on(&m, &KEYS).boot, BOOT_YES);
}

static void verify_every_truncation_is_refused(void **state)
{
    struct image m = image_by(&trusted, 3);
    size_t whole = m.len;

    (void)state;
    for (m.len = 0; m.len < whole; m.len++)
        assert_int_equal(verdict_on(&m, &KEYS).boot, BOOT_NO);
    assert_int_equal(verdict_on(&m, &KEYS).boot, BOOT_YES);
}

static void verify_every_failing_read_is_refused(void **state)
{
    struct image m = image_by(&trusted, 3);
    struct memory_source ms;
    struct image_source src = memory_source(&ms, m.bytes, m.len);
    struct image_verdict v;
    uint32_t reads;

    (void)state;
    image_verify(&v, &src, &KEYS);
    reads = ms.reads;
    for (uint32_t n = 1; n <= reads; n++) {
        ms.reads = 0;
        ms.fail_at = n;
        image_verify(&v, &src, &KEYS);
        assert_int_equal(v.boot, BOOT_NO);
        assert_int_equal(v.error, OTA_ERR_IO);
    }
}

static int keys_make(void **state)
{
    (void)state;
    test_key_new(&trusted);
    test_key_new(&second);
    test_key_new(&foreign);
    memcpy(points[0], trusted.point, P256_POINT_BYTES);
    memcpy(points[1], second.point, P256_POINT_BYTES);
    return 0;
}

static int keys_drop(void **state)
{
    (void)state;
    test_key_free(&trusted);
    test_key_free(&second);
    test_key_free(&foreign);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_image_of_each_trusted_key_may_run),
        cmocka_unit_test(verify_bytes_after_the_image_do_not_matter),
        cmocka_unit_test(verify_key_hash_is_the_hash_of_the_der_key),
        cmocka_unit_test(verify_foreign_key_is_refused),
        cmocka_unit_test(
            verify_foreign_signature_under_a_trusted_name_is_refused),
        cmocka_unit_test(verify_without_keys_nothing_may_run),
        cmocka_unit_test(verify_image_that_names_no_key_is_tried_with_each),
        cmocka_unit_test(verify_unsigned_image_is_refused),
        cmocka_unit_test(verify_image_marked_not_bootable_is_refused),
        cmocka_unit_test(verify_new_hash_does_not_help_a_changed_body),
        cmocka_unit_test(verify_old_signature_does_not_fit_a_new_image),
        cmocka_unit_test(verify_any_flipped_bit_is_refused),
        cmocka_unit_test(verify_every_truncation_is_refused),
        cmocka_unit_test(verify_every_failing_read_is_refused),
    };

    return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
