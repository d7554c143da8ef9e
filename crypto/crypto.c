/* crypto.c - digests, HMAC and compare; the signature check is in p256.c.
 *
 * Tests: test/unit/crypto/test_crypto.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "crypto/crypto.h"

#include <string.h>

void sha256_begin(struct sha256 *s)
{
    br_sha256_init(&s->state);
}

void sha256_add(struct sha256 *s, const void *bytes, size_t len)
{
    br_sha256_update(&s->state, bytes, len);
}

void sha256_end(const struct sha256 *s, uint8_t out[SHA256_BYTES])
{
    br_sha256_out(&s->state, out);
}

void digest_begin(struct digest *d, enum digest_kind kind)
{
    d->kind = kind;
    switch (kind) {
    case DIGEST_MD5:
        br_md5_init(&d->state.md5);
        return;
    case DIGEST_SHA256:
        sha256_begin(&d->state.sha256);
        return;
    }
}

void digest_add(struct digest *d, const void *bytes, size_t len)
{
    if (len == 0)
        return; /* bytes may be NULL then */
    switch (d->kind) {
    case DIGEST_MD5:
        br_md5_update(&d->state.md5, bytes, len);
        return;
    case DIGEST_SHA256:
        sha256_add(&d->state.sha256, bytes, len);
        return;
    }
}

size_t digest_end(const struct digest *d, uint8_t out[DIGEST_BYTES_MAX])
{
    switch (d->kind) {
    case DIGEST_MD5:
        br_md5_out(&d->state.md5, out);
        return MD5_BYTES;
    case DIGEST_SHA256:
        sha256_end(&d->state.sha256, out);
        return SHA256_BYTES;
    }
    return 0;
}

size_t digest_bytes(enum digest_kind kind)
{
    switch (kind) {
    case DIGEST_MD5:
        return MD5_BYTES;
    case DIGEST_SHA256:
        return SHA256_BYTES;
    }
    return 0;
}

/* RFC 2104 over the one hash that is needed: the library's own HMAC takes any
 * hash through a table of functions, and a device would link all of those. */
void hmac_sha256(uint8_t out[SHA256_BYTES], const void *key, size_t key_len,
                 const void *msg, size_t msg_len)
{
    enum { BLOCK_BYTES = 64, INNER_PAD = 0x36, OUTER_PAD = 0x5c };
    uint8_t block[BLOCK_BYTES] = {0};
    struct sha256 s;

    sha256_begin(&s);
    if (key_len > BLOCK_BYTES) {
        sha256_add(&s, key, key_len);
        sha256_end(&s, block);
        sha256_begin(&s);
    } else if (key_len > 0) {
        memcpy(block, key, key_len);
    }
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        block[i] ^= INNER_PAD;
    sha256_add(&s, block, BLOCK_BYTES);
    sha256_add(&s, msg, msg_len);
    sha256_end(&s, out);

    for (size_t i = 0; i < BLOCK_BYTES; i++)
        block[i] ^= INNER_PAD ^ OUTER_PAD;
    sha256_begin(&s);
    sha256_add(&s, block, BLOCK_BYTES);
    sha256_add(&s, out, SHA256_BYTES);
    sha256_end(&s, out);
}

bool bytes_equal(const void *a, const void *b, size_t len)
{
    const volatile uint8_t *pa = a, *pb = b;
    uint8_t diff = 0;

    for (size_t i = 0; i < len; i++)
        diff = (uint8_t)(diff | (pa[i] ^ pb[i]));
    return diff == 0;
}
