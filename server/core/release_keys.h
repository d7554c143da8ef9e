/* release_keys.h - the keys that may sign a product's packages: their public
 * halves, as product.release_keys keeps them and as the API shows them.
 *
 * Each is a point on P-256 (04 and 128 hex digits) or the modulus of an
 * RSA-2048 key with exponent 65537 (512 hex digits, the highest bit set): lower
 * case, the most significant byte first, parted by single blanks. The bytes are
 * those of `tern key show --point`.
 *
 * Tests: test/unit/server_core/test_release_keys.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_RELEASE_KEYS_H
#define TERN_SERVER_RELEASE_KEYS_H

#include "image/image_rsa.h"
#include "server/core/model.h"

struct release_key {
    size_t len; /* P256_POINT_BYTES or RSA2048_BYTES: the kind */
    uint8_t bytes[RSA2048_BYTES];
};

/* Take the next key from *at, which moves on. False: there is none. */
bool release_key_next(const char **at, struct release_key *key);

/* "p256" or "rsa2048", as `tern key generate --type` has it. */
const char *release_key_type(const struct release_key *key);

/* As an image's KEYHASH names it. */
void release_key_hash(uint8_t out[SHA256_BYTES], const struct release_key *key);

/* Up to MODEL_KEYS_MAX keys, none twice, each a point on the curve or an odd
 * modulus? "" is fine. */
bool release_keys_are_ok(const char *text);

/* One of them? */
bool release_key_is_ok(const char *text);

/* All of a product, to verify with. */
struct release_keys {
    struct image_keys keys; /* points into the rest: do not copy */
    struct image_rsa_keys rsa;
    uint8_t points[MODEL_KEYS_MAX][P256_POINT_BYTES];
    uint8_t moduli[MODEL_KEYS_MAX][RSA2048_BYTES];
};
void release_keys_read(struct release_keys *out, const char *text);

#endif
