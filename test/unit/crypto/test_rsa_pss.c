/* test_rsa_pss.c - the RSA-PSS check against OpenSSL, and against paddings that
 * are wrong in one thing each and signed with the right key.
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

#include "crypto/crypto.h"
#include "test/support/image_builder.h"

enum { SALT = 32, DB = 223, HASH_AT = DB, SEPARATOR_AT = DB - SALT - 1 };
enum { NOT_BELOW = 2 }; /* no answer: the number is not below the modulus */

static struct test_key key, other;
static const uint8_t HASH[SHA256_BYTES] = {0x11, 0x22, 0x33};

static void rsa_pss_signature_of_the_key_is_accepted(void **state)
{
    uint8_t sig[RSA2048_BYTES];

    (void)state;
    for (int i = 0; i < 20; i++) {
        uint8_t hash[SHA256_BYTES] = {(uint8_t)i};

        test_key_sign(&key, hash, sig);
        assert_int_equal(rsa_pss_verify(hash, sig, key.modulus), 1);
        assert_int_equal(rsa_pss_verify(hash, sig, other.modulus), 0);
        assert_int_equal(rsa_pss_verify(HASH, sig, key.modulus), 0);
    }
}

static void rsa_pss_any_flipped_bit_is_refused(void **state)
{
    uint8_t sig[RSA2048_BYTES], hash[SHA256_BYTES];
    uint8_t modulus[RSA2048_BYTES];

    (void)state;
    memcpy(hash, HASH, sizeof hash);
    memcpy(modulus, key.modulus, sizeof modulus);
    test_key_sign(&key, hash, sig);
    for (size_t bit = 0; bit < 8 * sizeof sig; bit += 3) {
        const uint8_t flip = (uint8_t)(1u << bit % 8);

        sig[bit / 8] ^= flip;
        assert_int_equal(rsa_pss_verify(hash, sig, modulus), 0);
        sig[bit / 8] ^= flip;
        modulus[bit / 8] ^= flip;
        assert_int_equal(rsa_pss_verify(hash, sig, modulus), 0);
        modulus[bit / 8] ^= flip;
        hash[bit / 8 % sizeof hash] ^= flip;
        assert_int_equal(rsa_pss_verify(hash, sig, modulus), 0);
        hash[bit / 8 % sizeof hash] ^= flip;
    }
    assert_int_equal(rsa_pss_verify(hash, sig, modulus), 1);
}

static void rsa_pss_of_other_parameters_is_refused(void **state)
{
    static const int SALTS[] = {0, 20, 31, 33, 64, 222};
    uint8_t sig[RSA2048_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof SALTS / sizeof SALTS[0]; i++) {
        test_key_sign_pss(&key, HASH, SALTS[i], false, sig);
        assert_int_equal(rsa_pss_verify(HASH, sig, key.modulus), 0);
    }
    test_key_sign_pss(&key, HASH, SALT, true, sig);
    assert_int_equal(rsa_pss_verify(HASH, sig, key.modulus), 0);
}

/* ---- paddings made by hand ---- */

static void sha256(const void *bytes, size_t len, uint8_t out[SHA256_BYTES])
{
    assert_int_equal(EVP_Digest(bytes, len, out, NULL, EVP_sha256(), NULL), 1);
}

/* DB before the mask, and what is to be different in the end. */
struct padding {
    uint8_t db[DB];
    uint8_t trailer;
    bool top_bit; /* as the mask has it */
};

static struct padding right(void)
{
    struct padding p = {.trailer = 0xbc};

    p.db[SEPARATOR_AT] = 0x01;
    memset(p.db + SEPARATOR_AT + 1, 0xa5, SALT);
    return p;
}

static uint32_t verdict_on(const struct padding *p)
{
    uint8_t m[8 + SHA256_BYTES + SALT] = {0}, em[RSA2048_BYTES];
    uint8_t seed[SHA256_BYTES + 4] = {0}, mask[SHA256_BYTES], sig[256];

    memcpy(m + 8, HASH, SHA256_BYTES);
    memcpy(m + 8 + SHA256_BYTES, p->db + SEPARATOR_AT + 1, SALT);
    sha256(m, sizeof m, em + HASH_AT);
    memcpy(seed, em + HASH_AT, SHA256_BYTES);
    for (size_t i = 0; i < DB; i++) {
        seed[SHA256_BYTES + 3] = (uint8_t)(i / SHA256_BYTES);
        sha256(seed, sizeof seed, mask);
        em[i] = (uint8_t)(p->db[i] ^ mask[i % SHA256_BYTES]);
    }
    em[0] = (uint8_t)((em[0] & 0x7f) | (p->top_bit ? 0x80 : 0));
    em[255] = p->trailer;
    if (memcmp(em, key.modulus, sizeof em) >= 0)
        return NOT_BELOW;
    test_key_power(&key, em, sig);
    return rsa_pss_verify(HASH, sig, key.modulus);
}

static void rsa_pss_padding_made_by_hand_is_accepted(void **state)
{
    struct padding p = right();

    (void)state;
    assert_int_equal(verdict_on(&p), 1);
}

static void rsa_pss_padding_wrong_in_one_byte_is_refused(void **state)
{
    (void)state;
    for (size_t at = 0; at <= SEPARATOR_AT; at++) {
        struct padding p = right();

        p.db[at] ^= at == SEPARATOR_AT ? 0x03 : 0x40;
        if (verdict_on(&p) != 0)
            fail_msg("byte %zu of DB", at);
    }
}

static void rsa_pss_other_trailer_is_refused(void **state)
{
    (void)state;
    for (unsigned t = 0; t < 256; t++) {
        struct padding p = right();

        p.trailer = (uint8_t)t;
        assert_int_equal(verdict_on(&p), t == 0xbc);
    }
}

static void rsa_pss_top_bit_is_refused(void **state)
{
    struct padding p = right();
    unsigned answered = 0;

    (void)state;
    p.top_bit = true;
    for (unsigned i = 0; i < 256 && answered < 8; i++) {
        p.db[SEPARATOR_AT + 1] = (uint8_t)i;
        if (verdict_on(&p) == NOT_BELOW)
            continue;
        assert_int_equal(verdict_on(&p), 0);
        answered++;
    }
    assert_true(answered > 0);
}

static void rsa_pss_numbers_that_are_no_signature_are_refused(void **state)
{
    uint8_t number[RSA2048_BYTES] = {0};

    (void)state;
    assert_int_equal(rsa_pss_verify(HASH, number, key.modulus), 0);
    number[255] = 1;
    assert_int_equal(rsa_pss_verify(HASH, number, key.modulus), 0);
    assert_int_equal(rsa_pss_verify(HASH, key.modulus, key.modulus), 0);
    memset(number, 0xff, sizeof number); /* above the modulus */
    assert_int_equal(rsa_pss_verify(HASH, number, key.modulus), 0);
}

/* sig + n is the same number modulo n; it must not be a second signature. */
static void rsa_pss_signature_plus_modulus_is_refused(void **state)
{
    uint8_t sig[RSA2048_BYTES];
    unsigned carry = 0;

    (void)state;
    for (int tries = 0; tries < 64; tries++) {
        test_key_sign(&key, HASH, sig);
        carry = 0;
        for (size_t i = sizeof sig; i-- > 0;) {
            carry += (unsigned)sig[i] + key.modulus[i];
            sig[i] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry == 0) /* it still has 2048 bits */
            assert_int_equal(rsa_pss_verify(HASH, sig, key.modulus), 0);
    }
}

static void rsa_pss_moduli_that_are_none_are_refused(void **state)
{
    uint8_t sig[RSA2048_BYTES], n[RSA2048_BYTES];

    (void)state;
    test_key_sign(&key, HASH, sig);
    memcpy(n, key.modulus, sizeof n);
    n[255] &= 0xfe; /* even */
    assert_int_equal(rsa_pss_verify(HASH, sig, n), 0);
    memset(n, 0, sizeof n);
    assert_int_equal(rsa_pss_verify(HASH, sig, n), 0);
    n[255] = 1; /* everything is 0 modulo 1 */
    assert_int_equal(rsa_pss_verify(HASH, sig, n), 0);
    memcpy(n, key.modulus, sizeof n);
    n[0] &= 0x7f; /* 2047 bits */
    assert_int_equal(rsa_pss_verify(HASH, sig, n), 0);
}

static int keys_make(void **state)
{
    (void)state;
    test_key_new_rsa(&key);
    test_key_new_rsa(&other);
    return 0;
}

static int keys_drop(void **state)
{
    (void)state;
    test_key_free(&key);
    test_key_free(&other);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rsa_pss_signature_of_the_key_is_accepted),
        cmocka_unit_test(rsa_pss_any_flipped_bit_is_refused),
        cmocka_unit_test(rsa_pss_of_other_parameters_is_refused),
        cmocka_unit_test(rsa_pss_padding_made_by_hand_is_accepted),
        cmocka_unit_test(rsa_pss_padding_wrong_in_one_byte_is_refused),
        cmocka_unit_test(rsa_pss_other_trailer_is_refused),
        cmocka_unit_test(rsa_pss_top_bit_is_refused),
        cmocka_unit_test(rsa_pss_numbers_that_are_no_signature_are_refused),
        cmocka_unit_test(rsa_pss_signature_plus_modulus_is_refused),
        cmocka_unit_test(rsa_pss_moduli_that_are_none_are_refused),
    };

    return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
