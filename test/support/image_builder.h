/* image_builder.h - signed images for tests, made by OpenSSL and by nothing of
 * ours, so that a mistake in image/ or crypto/ cannot cancel itself out.
 *
 * Stops the test program when something cannot be done.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_IMAGE_BUILDER_H
#define TERN_TEST_IMAGE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEST_SIG_MAX = 256 };

struct test_key {
    uint8_t point[65];    /* 0x04 | X | Y, as struct image_keys wants it */
    uint8_t modulus[256]; /* of an RSA key, as struct image_rsa_keys does */
    bool rsa;
    void *pkey; /* EVP_PKEY */
};

struct test_image_spec {
    const char *version;   /* "1.4.0" or "1.4.0+7" */
    uint32_t header_bytes; /* 0: 0x400 */
    const uint8_t *body;
    size_t body_len;
    uint32_t security_counter; /* 0: no such TLV */
    /* Further protected TLVs, as they lie in the image. */
    const uint8_t *protected_tlvs;
    size_t protected_len;
};

/* A fresh P-256 key, and one of RSA-2048. */
void test_key_new(struct test_key *k);
void test_key_new_rsa(struct test_key *k);
void test_key_free(struct test_key *k);

/* ECDSA signature over a 32-byte hash in DER, at most 72 bytes, or RSASSA-PSS,
 * 256 bytes; returns its length. */
size_t test_key_sign(const struct test_key *k, const uint8_t hash[32],
                     uint8_t *out);
/* RSASSA-PSS with a salt of another length, or over SHA-1 in the mask. */
void test_key_sign_pss(const struct test_key *k, const uint8_t hash[32],
                       int salt_bytes, bool mask_by_sha1, uint8_t out[256]);
/* The private operation alone: em ^ d mod n. */
void test_key_power(const struct test_key *k, const uint8_t em[256],
                    uint8_t out[256]);

/* Write a whole signed image: header, body, TLVs (SHA-256, key hash,
 * signature). k NULL: no key hash and no signature. Returns its bytes. */
size_t test_image_build(uint8_t *out, size_t cap, const struct test_key *k,
                        const struct test_image_spec *spec);

#endif
