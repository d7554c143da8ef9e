/* test_p256.c - the signature check against RFC 6979 and OpenSSL.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/crypto.h"
#include "test/support/image_builder.h"

/* RFC 6979 appendix A.2.5: P-256, SHA-256, message "sample". */
static const char POINT[] =
    "04"
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
static const char R[] =
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
static const char S[] =
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
static const char ORDER[] =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

enum { SIG_BYTES = 72 };

struct vector {
    uint8_t point[P256_POINT_BYTES];
    uint8_t hash[SHA256_BYTES];
    uint8_t sig[SIG_BYTES];
};

static void put_hex(uint8_t *out, size_t len, const char *hex)
{
    assert_true(hex_decode(out, len, hex, strlen(hex)));
}

/* SEQUENCE { INTEGER 00 r, INTEGER 00 s }: both have their top bit set. */
static struct vector vector_of(const char *r, const char *s)
{
    struct vector v = {.sig = {0x30, 70, 0x02, 33, 0x00}};
    struct digest d;

    put_hex(v.point, sizeof v.point, POINT);
    digest_begin(&d, DIGEST_SHA256);
    digest_add(&d, "sample", 6);
    digest_end(&d, v.hash);
    put_hex(v.sig + 5, 32, r);
    memcpy(v.sig + 37, (const uint8_t[]){0x02, 33, 0x00}, 3);
    put_hex(v.sig + 40, 32, s);
    return v;
}

static uint32_t answer(const struct vector *v)
{
    return p256_verify(v->hash, v->sig, SIG_BYTES, v->point);
}

static void p256_published_signature_is_accepted(void **state)
{
    struct vector v = vector_of(R, S);

    (void)state;
    assert_int_equal(answer(&v), 1);
}

static void p256_any_flipped_bit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(struct vector); i++) {
        struct vector v = vector_of(R, S);

        ((uint8_t *)&v)[i] ^= (uint8_t)(1u << i % 8);
        if (answer(&v) != 0)
            fail_msg("byte %zu", i);
    }
}

static void p256_wrong_lengths_are_refused(void **state)
{
    struct vector v = vector_of(R, S);
    uint8_t longer[SIG_BYTES + 200] = {0};

    (void)state;
    memcpy(longer, v.sig, SIG_BYTES);
    for (size_t len = 0; len <= sizeof longer; len++) {
        if (len != SIG_BYTES)
            assert_int_equal(p256_verify(v.hash, longer, len, v.point), 0);
    }
}

static void p256_numbers_outside_the_group_are_refused(void **state)
{
    static const char ZERO[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    static const char ONES[] =
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    const char *const bad[] = {ZERO, ORDER, ONES};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct vector r = vector_of(bad[i], S), s = vector_of(R, bad[i]);
        struct vector both = vector_of(bad[i], bad[i]);

        assert_int_equal(answer(&r), 0);
        assert_int_equal(answer(&s), 0);
        assert_int_equal(answer(&both), 0);
    }
}

static void p256_a_point_that_is_none_is_refused(void **state)
{
    struct vector v = vector_of(R, S);

    (void)state;
    memset(v.point, 0, sizeof v.point);
    assert_int_equal(answer(&v), 0);
    v.point[0] = 4; /* (0, 0) is not on the curve */
    assert_int_equal(answer(&v), 0);
    memset(v.point + 1, 0xff, 64);
    assert_int_equal(answer(&v), 0);
}

static void p256_agrees_with_openssl(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct test_key mine, other;
        uint8_t hash[SHA256_BYTES], sig[72];
        size_t len;

        test_key_new(&mine);
        test_key_new(&other);
        /* Never all zero: BearSSL refuses that hash, which no image has. */
        memset(hash, i + 1, sizeof hash);
        len = test_key_sign(&mine, hash, sig);
        assert_int_equal(p256_verify(hash, sig, len, mine.point), 1);
        assert_int_equal(p256_verify(hash, sig, len, other.point), 0);
        hash[0] ^= 1;
        assert_int_equal(p256_verify(hash, sig, len, mine.point), 0);
        test_key_free(&mine);
        test_key_free(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p256_published_signature_is_accepted),
        cmocka_unit_test(p256_any_flipped_bit_is_refused),
        cmocka_unit_test(p256_wrong_lengths_are_refused),
        cmocka_unit_test(p256_numbers_outside_the_group_are_refused),
        cmocka_unit_test(p256_a_point_that_is_none_is_refused),
        cmocka_unit_test(p256_agrees_with_openssl),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
