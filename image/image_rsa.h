/* image_rsa.h - RSA-2048 keys that may sign, beside those on P-256: for devices
 * that must go on running images signed for NXP's SBL.
 *
 * A program gets RSA by linking a list of such keys; one without a list links
 * none of it. Spec: spec/image.md section 4.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_IMAGE_RSA_H
#define TERN_IMAGE_RSA_H

#include "image/image_verify.h"

struct image_rsa_keys {
    const uint8_t (*moduli)[RSA2048_BYTES]; /* exponent 65537 */
    uint32_t count;
    /* image_rsa_check; the list brings the code along. */
    uint32_t (*check)(struct image_verdict *v,
                      const struct image_rsa_keys *keys,
                      const uint8_t hash[SHA256_BYTES],
                      const uint8_t sig[RSA2048_BYTES]);
};

/* Does one of these keys sign `hash` with `sig`? BOOT_YES, or BOOT_NO with the
 * reason in v. */
uint32_t image_rsa_check(struct image_verdict *v,
                         const struct image_rsa_keys *keys,
                         const uint8_t hash[SHA256_BYTES],
                         const uint8_t sig[RSA2048_BYTES]);

/* The SHA-256 of a public key as KEYHASH holds it: of the DER RSAPublicKey
 * (PKCS#1) of this modulus with exponent 65537. */
void image_rsa_key_hash(uint8_t out[SHA256_BYTES],
                        const uint8_t modulus[RSA2048_BYTES]);

#endif
