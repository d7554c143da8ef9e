/* test_image_rsa.c - images signed by RSA-2048, and key lists of both kinds.
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
#include "image/image_rsa.h"
#include "test/support/image_builder.h"
#include "test/support/memory_source.h"

enum { HEADER = 32, BODY = 600, BYTES_MAX = 1400 };

static const char FITS_NOT[] = "signature: does not match the image";
static const char UNKNOWN[] = "signed with a key that is not trusted";

static struct test_key point, first, second, foreign;
static uint8_t points[1][P256_POINT_BYTES];
static uint8_t moduli[2][RSA2048_BYTES];
static const struct image_rsa_keys RSA = {
    (const uint8_t (*)[RSA2048_BYTES])moduli, 2, image_rsa_check};
static const struct image_keys MIXED = {
    (const uint8_t (*)[P256_POINT_BYTES])points, 1, &RSA};
static const struct image_keys ONLY_RSA = {NULL, 0, &RSA};
static const struct image_keys ONLY_P256 = {
    (const uint8_t (*)[P256_POINT_BYTES])points, 1, NULL};

struct image {
    uint8_t bytes[BYTES_MAX];
    size_t len;
};

static struct image image_by(const struct test_key *key)
{
    static const uint8_t BODY_BYTES[BODY] = {0x5a};
    struct image m = {.len = 0};

    m.len = test_image_build(m.bytes, sizeof m.bytes, key,
                             &(struct test_image_spec){
                                 .version = "1.4.0",
                                 .header_bytes = HEADER,
                                 .body = BODY_BYTES,
                                 .body_len = BODY,
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
                           const char *why)
{
    struct image_verdict v = verdict_on(m, keys);

    assert_int_equal(v.boot, BOOT_NO);
    assert_string_equal(image_why_text(v.why), why);
}

/* Where a TLV begins. */
static size_t tlv_at(const struct image *m, uint16_t type)
{
    size_t at = HEADER + BODY + 4;

    while (get_u16le(m->bytes + at) != type)
        at += 4u + get_u16le(m->bytes + at + 2);
    return at;
}

static void rsa_image_of_each_key_in_a_mixed_list_may_run(void **state)
{
    const struct test_key *const by[] = {&point, &first, &second};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct image m = image_by(by[i]);
        struct image_verdict v = verdict_on(&m, &MIXED);

        assert_int_equal(v.boot, BOOT_YES);
        assert_int_equal(v.info.total_bytes, m.len);
        assert_int_equal(v.info.signature_type, by[i]->rsa ? 0x20 : 0x22);
    }
}

static void rsa_key_hash_is_what_openssl_encodes(void **state)
{
    struct image m = image_by(&first);
    uint8_t hash[SHA256_BYTES];

    (void)state;
    image_rsa_key_hash(hash, first.modulus);
    assert_memory_equal(hash, m.bytes + tlv_at(&m, IMAGE_TLV_KEYHASH) + 4, 32);
}

static void rsa_keys_of_the_other_kind_do_not_count(void **state)
{
    struct image rsa = image_by(&first), p256 = image_by(&point);

    (void)state;
    assert_refused(&rsa, &ONLY_P256, UNKNOWN);
    assert_refused(&p256, &ONLY_RSA, UNKNOWN);
    assert_int_equal(verdict_on(&rsa, &ONLY_RSA).boot, BOOT_YES);
    assert_int_equal(verdict_on(&p256, &ONLY_P256).boot, BOOT_YES);
}

static void rsa_foreign_key_is_refused(void **state)
{
    struct image m = image_by(&foreign);
    size_t name = tlv_at(&m, IMAGE_TLV_KEYHASH);

    (void)state;
    assert_refused(&m, &MIXED, UNKNOWN);
    image_rsa_key_hash(m.bytes + name + 4, first.modulus);
    assert_refused(&m, &MIXED, FITS_NOT);
    m.bytes[name] = 0x02; /* it names none: each is tried */
    assert_refused(&m, &MIXED, FITS_NOT);
    image_key_hash(m.bytes + name + 4, point.point);
    m.bytes[name] = 0x01;
    assert_refused(&m, &MIXED, UNKNOWN); /* the name of a key of no such kind */
}

static void rsa_any_flipped_bit_is_refused(void **state)
{
    struct image m = image_by(&first);
    size_t name = tlv_at(&m, IMAGE_TLV_KEYHASH);

    (void)state;
    for (size_t at = 0; at < m.len; at++) {
        struct image_verdict v;

        if (at == name || at == name + 1) /* a hint may be missing */
            continue;
        m.bytes[at] ^= (uint8_t)(1u << at % 8);
        v = verdict_on(&m, &MIXED);
        if (v.boot != BOOT_NO || v.error == OTA_OK || v.why == WHY_NONE)
            fail_msg("byte %zu: accepted", at);
        m.bytes[at] ^= (uint8_t)(1u << at % 8);
    }
    assert_int_equal(verdict_on(&m, &MIXED).boot, BOOT_YES);
}

static void rsa_every_truncation_is_refused(void **state)
{
    struct image m = image_by(&first);
    size_t whole = m.len;

    (void)state;
    for (m.len = 0; m.len < whole; m.len++)
        assert_int_equal(verdict_on(&m, &MIXED).boot, BOOT_NO);
    assert_int_equal(verdict_on(&m, &MIXED).boot, BOOT_YES);
}

static void rsa_every_failing_read_is_refused(void **state)
{
    struct image m = image_by(&first);
    struct memory_source ms;
    struct image_source src = memory_source(&ms, m.bytes, m.len);
    struct image_verdict v;
    uint32_t reads;

    (void)state;
    image_verify(&v, &src, &MIXED);
    reads = ms.reads;
    for (uint32_t n = 1; n <= reads; n++) {
        ms.reads = 0;
        ms.fail_at = n;
        image_verify(&v, &src, &MIXED);
        assert_int_equal(v.boot, BOOT_NO);
        assert_int_equal(v.error, OTA_ERR_IO);
    }
}

static void rsa_signature_of_another_size_is_refused(void **state)
{
    static const uint16_t SIZES[] = {0, 72, 255, 257, 384};

    (void)state;
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        struct image m = image_by(&first);
        size_t at = tlv_at(&m, IMAGE_TLV_RSA2048_PSS);

        put_u16le(m.bytes + at + 2, SIZES[i]);
        m.len = at + 4 + SIZES[i];
        put_u16le(m.bytes + HEADER + BODY + 2,
                  (uint16_t)(m.len - HEADER - BODY));
        assert_refused(&m, &MIXED, "tlv: RSA-2048 signature is not 256 bytes");
    }
}

/* Which of them decides would be a matter of the order. */
static void rsa_and_ecdsa_in_one_image_are_refused(void **state)
{
    (void)state;
    for (int rsa_first = 0; rsa_first < 2; rsa_first++) {
        struct image m = image_by(rsa_first ? &first : &point);
        uint16_t type = rsa_first ? IMAGE_TLV_ECDSA_SIG : IMAGE_TLV_RSA2048_PSS;
        uint16_t len = rsa_first ? 70 : 256;

        put_u16le(m.bytes + m.len, type);
        put_u16le(m.bytes + m.len + 2, len);
        m.len += 4u + len;
        put_u16le(m.bytes + HEADER + BODY + 2,
                  (uint16_t)(m.len - HEADER - BODY));
        assert_refused(&m, &MIXED, "tlv: more than one signature");
    }
}

static int keys_make(void **state)
{
    (void)state;
    test_key_new(&point);
    test_key_new_rsa(&first);
    test_key_new_rsa(&second);
    test_key_new_rsa(&foreign);
    memcpy(points[0], point.point, sizeof points[0]);
    memcpy(moduli[0], first.modulus, sizeof moduli[0]);
    memcpy(moduli[1], second.modulus, sizeof moduli[1]);
    return 0;
}

static int keys_drop(void **state)
{
    (void)state;
    test_key_free(&point);
    test_key_free(&first);
    test_key_free(&second);
    test_key_free(&foreign);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rsa_image_of_each_key_in_a_mixed_list_may_run),
        cmocka_unit_test(rsa_key_hash_is_what_openssl_encodes),
        cmocka_unit_test(rsa_keys_of_the_other_kind_do_not_count),
        cmocka_unit_test(rsa_foreign_key_is_refused),
        cmocka_unit_test(rsa_any_flipped_bit_is_refused),
        cmocka_unit_test(rsa_every_truncation_is_refused),
        cmocka_unit_test(rsa_every_failing_read_is_refused),
        cmocka_unit_test(rsa_signature_of_another_size_is_refused),
        cmocka_unit_test(rsa_and_ecdsa_in_one_image_are_refused),
    };

    return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
