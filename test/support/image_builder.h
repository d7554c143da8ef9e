/* image_builder.h - signed images for tests, made by OpenSSL and by nothing of
 * ours, so that a mistake in image/ or crypto/ cannot cancel itself out.
 *
 * Stops the test program when something cannot be done.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_IMAGE_BUILDER_H
#define TERN_TEST_IMAGE_BUILDER_H

#include <stddef.h>
#include <stdint.h>

struct test_key {
    uint8_t point[65]; /* 0x04 | X | Y, as struct image_keys wants it */
    void *pkey;        /* EVP_PKEY */
};

struct test_image_spec {
    const char *version;   /* "1.4.0" or "1.4.0+7" */
    uint32_t header_bytes; /* 0: 0x400 */
    const uint8_t *body;
    size_t body_len;
    uint32_t security_counter; /* 0: no protected TLVs */
};

/* A fresh P-256 key. */
void test_key_new(struct test_key *k);
void test_key_free(struct test_key *k);

/* DER signature over a 32-byte hash; returns its length, at most 72. */
size_t test_key_sign(const struct test_key *k, const uint8_t hash[32],
                     uint8_t out[72]);

/* Write a whole signed image: header, body, TLVs (SHA-256, key hash, ECDSA).
 * k NULL: no key hash and no signature. Returns its bytes. */
size_t test_image_build(uint8_t *out, size_t cap, const struct test_key *k,
                        const struct test_image_spec *spec);

#endif
