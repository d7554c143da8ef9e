/* p256_small.c - p256_verify() by BearSSL's ec_prime_i31: 3.6 KB less flash
 * than p256.c for twice the time. A program lists this file among its own
 * sources, and the linker then leaves p256.c in the library.
 *
 * Tests: test/unit/crypto/test_p256.c, built with either file
 *
 * SPDX-License-Identifier: MIT
 */
#define P256_EC br_ec_prime_i31
#include "crypto/p256_ecdsa.h"
