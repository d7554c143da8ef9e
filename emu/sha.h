/* sha.h - SHA-1 and SHA-256 block by block, with a state that can be saved
 * between blocks as the DCP does. CRC-32 as the DCP computes it.
 *
 * Written here and not taken from crypto/: the board must not share an error
 * with the firmware that it tests.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SHA_H
#define TERN_EMU_SHA_H

#include <stddef.h>
#include <stdint.h>

enum sha_kind { SHA_1, SHA_CRC32, SHA_256 };
enum { SHA_BLOCK_BYTES = 64, SHA_DIGEST_MAX = 32, SHA_WORDS = 8 };

struct sha {
    uint32_t word[SHA_WORDS];
    uint32_t bytes; /* so far; the DCP's hash context has 32 bits for it */
};

void sha_begin(struct sha *h, enum sha_kind kind);
/* len: a multiple of SHA_BLOCK_BYTES, but any number for SHA_CRC32. */
void sha_add(struct sha *h, enum sha_kind kind, const uint8_t *data,
             size_t len);
/* The last len < SHA_BLOCK_BYTES bytes; returns the digest's length. */
size_t sha_end(struct sha *h, enum sha_kind kind, const uint8_t *data,
               size_t len, uint8_t digest[SHA_DIGEST_MAX]);

#endif
