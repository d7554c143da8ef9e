/* key.h - a key of a person, on P-256 or RSA-2048: the private one that signs,
 * or the public one that devices trust. Over OpenSSL; the device side has its
 * own code.
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
#include "image/image_rsa.h"

enum key_kind { KEY_P256, KEY_RSA2048 };

enum { KEY_SIG_MAX = RSA2048_BYTES };

struct key {
    EVP_PKEY *pkey;     /* owned; NULL in an empty key */
    enum key_kind kind; /* says which public half below is set */
    bool can_sign;      /* it has its private half */
    bool exposed;       /* the file of a private key may be read by others than
                           its owner */
    uint8_t point[P256_POINT_BYTES];
    uint8_t modulus[RSA2048_BYTES];
    uint8_t hash[SHA256_BYTES]; /* as images name it (KEYHASH) */
};

/* Each returns false with a sentence in why; out is then empty. */

/* Make a key pair. */
bool key_generate(struct key *out, enum key_kind kind, struct why *why);

/* Read a private PEM, a public PEM, or what devices read: the 65 bytes of a
 * point, the 256 of a modulus. */
bool key_load(struct key *out, const char *path, struct why *why);

/* The same, refusing a key that cannot sign. */
bool key_load_private(struct key *out, const char *path, struct why *why);

/* The list of this one key, as a device would trust it; borrows from both. */
struct key_trust {
    struct image_keys keys;
    struct image_rsa_keys rsa;
};
const struct image_keys *key_trusted(struct key_trust *out,
                                     const struct key *k);

/* "P-256" or "RSA-2048". */
const char *key_kind_text(enum key_kind kind);

/* The public half as devices read it; *len: its bytes. */
const uint8_t *key_public_raw(const struct key *k, size_t *len);

/* PEM text (PKCS#8, SubjectPublicKeyInfo). */
bool key_private_pem(const struct key *k, struct file_bytes *out,
                     struct why *why);
bool key_public_pem(const struct key *k, struct file_bytes *out,
                    struct why *why);

/* Sign a SHA-256: ECDSA in DER, or RSASSA-PSS with a salt of 32 bytes. */
bool key_sign(const struct key *k, const uint8_t hash[SHA256_BYTES],
              uint8_t sig[KEY_SIG_MAX], size_t *sig_len, struct why *why);

void key_free(struct key *k); /* an empty key is fine */

#endif
