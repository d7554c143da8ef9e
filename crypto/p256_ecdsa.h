/* p256_ecdsa.h - the body of p256_verify(), for the file that has defined
 * P256_EC, BearSSL's code for the curve.
 *
 * BearSSL's check ends in `point found & x is right`. Without that one
 * instruction its answer would be the first half alone, and any signature good:
 * test_sbl_skip.py has found it. So the first half is not 1 here but a pattern,
 * of which only the second one, 0 or 1, can make a 1.
 *
 * Tests: test/unit/crypto/test_p256.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_P256_ECDSA_H
#define TERN_P256_ECDSA_H

#include <bearssl_ec.h>
#include <string.h>

#include "crypto/crypto.h"

enum { POINT_FOUND = 0xa5 }; /* odd */

static uint32_t muladd_marked(unsigned char *a, const unsigned char *b,
                              size_t len, const unsigned char *x, size_t x_len,
                              const unsigned char *y, size_t y_len, int curve)
{
    return P256_EC.muladd(a, b, len, x, x_len, y, y_len, curve) * POINT_FOUND;
}

uint32_t p256_verify(const uint8_t hash[SHA256_BYTES], const uint8_t *sig,
                     size_t sig_len, const uint8_t point[P256_POINT_BYTES])
{
    /* BearSSL's key holds a pointer to bytes it might write; ours are const. */
    uint8_t q[P256_POINT_BYTES];
    br_ec_public_key key = {BR_EC_secp256r1, q, sizeof q};
    br_ec_impl ec = P256_EC;

    ec.muladd = muladd_marked;
    memcpy(q, point, sizeof q);
    return br_ecdsa_i31_vrfy_asn1(&ec, hash, SHA256_BYTES, &key, sig, sig_len);
}

#endif
