/* image_verify.h - may this image run? Hash and signature of the stored bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_IMAGE_VERIFY_H
#define TERN_IMAGE_VERIFY_H

#include "crypto/crypto.h"
#include "image/image.h"

/* The two answers. Patterns far from each other and from 0 and 1, so that a
 * skipped instruction or a flipped bit does not turn one into the other. Test
 * with `== BOOT_YES`, never as a truth value. */
enum { BOOT_YES = 0x5ac3a53c, BOOT_NO = 0x253c5ac3 };

struct image_rsa_keys; /* image/image_rsa.h */

/* Keys that may sign, in any order; all borrowed. */
struct image_keys {
    const uint8_t (*points)[P256_POINT_BYTES]; /* on P-256 */
    uint32_t count;                            /* of them */
    const struct image_rsa_keys *rsa;          /* NULL: none */
};

struct image_verdict {
    uint32_t boot;          /* BOOT_YES or BOOT_NO */
    ota_err error;          /* OTA_OK exactly when boot is BOOT_YES */
    enum image_why why;     /* WHY_NONE exactly when error is OTA_OK */
    struct image_info info; /* valid if the parse succeeded */
};

/* Parse, hash, and check the signature.
 *
 * error  as image_parse; OTA_ERR_CORRUPT the hash does not match;
 *        OTA_ERR_SIGNATURE no signature, or by none of the keys, or the image
 *        is marked not bootable; OTA_ERR_DEPENDENCY it depends on what a device
 *        with this image alone does not have.
 * Cost   reads the whole image once; 40 instructions per byte for the hash and
 *        11.4 M for an ECDSA signature on a Cortex-M7. */
void image_verify(struct image_verdict *out, const struct image_source *src,
                  const struct image_keys *keys);

/* Note in the verdict what is wrong; returns BOOT_NO. For the checks of a kind
 * of signature. */
uint32_t image_refuse(struct image_verdict *v, ota_err e, enum image_why why);

/* Does the image name the key with this hash? One that names none fits all. */
bool image_names_key(const struct image_info *i,
                     const uint8_t key_hash[SHA256_BYTES]);

/* SHA-256 of the first i->hashed_bytes as they are stored; OTA_ERR_IO a read
 * failed. image_hash.c does it by software. A program that has something
 * faster lists a file of its own with this function among its sources, and the
 * linker then leaves image_hash.c in the library; such a file must not refuse
 * what software would accept. */
TERN_MUST_USE ota_err image_hash(uint8_t out[SHA256_BYTES],
                                 const struct image_source *src,
                                 const struct image_info *i);
TERN_MUST_USE ota_err image_hash_by_software(uint8_t out[SHA256_BYTES],
                                             const struct image_source *src,
                                             const struct image_info *i);

/* The SHA-256 of a public key as KEYHASH holds it: of the DER
 * SubjectPublicKeyInfo of this P-256 point. */
void image_key_hash(uint8_t out[SHA256_BYTES],
                    const uint8_t point[P256_POINT_BYTES]);

#endif
