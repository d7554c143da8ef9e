/* key.h - a P-256 key of a person: the private one that signs, or the public
 * one that devices trust. Over OpenSSL; the device side has its own code.
 *
 * Tests: test/unit/cli/test_key.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_KEY_H
#define TERN_CLI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "cli/file.h"
#include "cli/say.h"
#include "image/image_verify.h"

struct key {
    EVP_PKEY *pkey;                  /* owned; NULL in an empty key */
    bool can_sign;                   /* it has its private half */
    bool exposed;                    /* the file of a private key may be read by
                                        others than its owner */
    uint8_t point[P256_POINT_BYTES]; /* the public half */
    uint8_t hash[SHA256_BYTES];      /* as images name it (KEYHASH) */
};

/* Each returns false with a sentence in why; out is then empty. */

/* Make a key pair. */
bool key_generate(struct key *out, struct why *why);

/* Read a private PEM, a public PEM, or the 65 bytes of a point. */
bool key_load(struct key *out, const char *path, struct why *why);

/* The same, refusing a key that cannot sign. */
bool key_load_private(struct key *out, const char *path, struct why *why);

/* The list of this one key, as a device would trust it; borrows from k. */
struct image_keys key_trusted(const struct key *k);

/* PEM text (PKCS#8, SubjectPublicKeyInfo). */
bool key_private_pem(const struct key *k, struct file_bytes *out,
                     struct why *why);
bool key_public_pem(const struct key *k, struct file_bytes *out,
                    struct why *why);

/* Sign a SHA-256. sig_len: DER bytes, at most IMAGE_SIG_MAX. */
bool key_sign(const struct key *k, const uint8_t hash[SHA256_BYTES],
              uint8_t sig[IMAGE_SIG_MAX], size_t *sig_len, struct why *why);

void key_free(struct key *k); /* an empty key is fine */

#endif
