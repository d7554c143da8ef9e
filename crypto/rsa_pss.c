/* rsa_pss.c - RSA-2048 PSS check: BearSSL's public-key operation, and the
 * padding of RFC 8017 section 9.1.2, which BearSSL 0.6 does not have.
 *
 * Start at rsa_pss_verify(). Linked only by a program whose key list names it
 * (image/image_rsa.h). Everything that is handled here is public, so nothing
 * needs to be wiped or constant in time.
 * Tests: test/unit/crypto/test_rsa_pss.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <bearssl_rsa.h>
#include <string.h>

#include "crypto/crypto.h"

/* The padded message: DB masked, then H, then the trailer. DB is zeros, 0x01,
 * salt. One bit of 2048 is left out, so that it is below the modulus. */
enum {
    SALT_BYTES = 32,
    DB_BYTES = RSA2048_BYTES - SHA256_BYTES - 1,
    ZERO_BYTES = DB_BYTES - SALT_BYTES - 1,
    TOP_BIT = 0x80,
    TRAILER = 0xbc,
    SEPARATOR = 0x01,
};

/* sig ^ 65537 mod n into out. Returns 1, or 0 if n is even or sig is not below
 * it. */
static uint32_t power(uint8_t out[RSA2048_BYTES],
                      const uint8_t sig[RSA2048_BYTES],
                      const uint8_t modulus[RSA2048_BYTES])
{
    /* BearSSL's key holds pointers to bytes it might write; ours are const. */
    uint8_t n[RSA2048_BYTES], e[] = {0x01, 0x00, 0x01};
    const br_rsa_public_key key = {n, sizeof n, e, sizeof e};

    memcpy(n, modulus, sizeof n);
    memcpy(out, sig, RSA2048_BYTES);
    return br_rsa_i31_public(out, RSA2048_BYTES, &key);
}

/* MGF1 with SHA-256 (RFC 8017 B.2.1) over the seed, taken off the bytes. */
static void unmask(uint8_t *bytes, size_t len, const uint8_t seed[SHA256_BYTES])
{
    uint8_t counter[4] = {0}, mask[SHA256_BYTES];
    struct sha256 s;

    for (size_t at = 0; at < len; at++) {
        if (at % SHA256_BYTES == 0) {
            sha256_begin(&s);
            sha256_add(&s, seed, SHA256_BYTES);
            sha256_add(&s, counter, sizeof counter);
            sha256_end(&s, mask);
            counter[3]++; /* at most 7 blocks */
        }
        bytes[at] ^= mask[at % SHA256_BYTES];
    }
}

/* H of a message with this hash and salt. */
static void salted_hash(uint8_t out[SHA256_BYTES],
                        const uint8_t hash[SHA256_BYTES],
                        const uint8_t salt[SALT_BYTES])
{
    static const uint8_t ZEROS[8] = {0};
    struct sha256 s;

    sha256_begin(&s);
    sha256_add(&s, ZEROS, sizeof ZEROS);
    sha256_add(&s, hash, SHA256_BYTES);
    sha256_add(&s, salt, SALT_BYTES);
    sha256_end(&s, out);
}

uint32_t rsa_pss_verify(const uint8_t hash[SHA256_BYTES],
                        const uint8_t sig[RSA2048_BYTES],
                        const uint8_t modulus[RSA2048_BYTES])
{
    uint8_t em[RSA2048_BYTES], want[SHA256_BYTES];
    const uint8_t *h = em + DB_BYTES;
    volatile uint32_t diff = 0, seen = 0;

    if (power(em, sig, modulus) != 1)
        return 0;
    diff |= em[0] & TOP_BIT;
    diff |= em[RSA2048_BYTES - 1] ^ (uint32_t)TRAILER;
    unmask(em, DB_BYTES, h);
    em[0] &= (uint8_t)~TOP_BIT;
    for (size_t at = 0; at < ZERO_BYTES; at++)
        diff |= em[at];
    diff |= em[ZERO_BYTES] ^ (uint32_t)SEPARATOR;
    salted_hash(want, hash, em + ZERO_BYTES + 1);
    for (size_t at = 0; at < SHA256_BYTES; at++) {
        diff |= (uint32_t)(h[at] ^ want[at]);
        seen++;
    }
    if (diff != 0 || seen != SHA256_BYTES)
        return 0;
    return diff == 0 && seen == SHA256_BYTES ? 1 : 0; /* twice on purpose */
}
