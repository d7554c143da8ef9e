/* crypto.c - digests, HMAC and compare; the signature check is in p256.c.
 *
 * Tests: test/unit/crypto/test_crypto.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "crypto/crypto.h"

#include <bearssl_hmac.h>

void digest_begin(struct digest *d, enum digest_kind kind)
{
    d->kind = kind;
    switch (kind) {
    case DIGEST_MD5:
        br_md5_init(&d->state.md5);
        return;
    case DIGEST_SHA256:
        br_sha256_init(&d->state.sha256);
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
        br_sha256_update(&d->state.sha256, bytes, len);
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
        br_sha256_out(&d->state.sha256, out);
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

void hmac_sha256(uint8_t out[SHA256_BYTES], const void *key, size_t key_len,
                 const void *msg, size_t msg_len)
{
    br_hmac_key_context kc;
    br_hmac_context hc;

    br_hmac_key_init(&kc, &br_sha256_vtable, key, key_len);
    br_hmac_init(&hc, &kc, 0);
    br_hmac_update(&hc, msg, msg_len);
    br_hmac_out(&hc, out);
}

bool bytes_equal(const void *a, const void *b, size_t len)
{
    const volatile uint8_t *pa = a, *pb = b;
    uint8_t diff = 0;

    for (size_t i = 0; i < len; i++)
        diff = (uint8_t)(diff | (pa[i] ^ pb[i]));
    return diff == 0;
}
