/* fuzz_image.c - any bytes as an image: parse and verify, as they are and once
 * more with the SHA-256 put right, so that the signature checks are reached.
 *
 * What must hold besides not crashing: no read outside the source, sizes that
 * fit it, and no byte sequence that may run, because no trusted key signs any
 * of the seeds.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/image_rsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The generator of P-256: a valid point whose private key is 1. */
static const uint8_t POINT[1][P256_POINT_BYTES] = {
    {0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc,
     0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d,
     0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
     0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb,
     0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
     0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5}};

static void must(bool ok)
{
    if (!ok)
        abort();
}

struct bytes {
    const uint8_t *data;
    uint32_t size;
};

static ota_err bytes_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct bytes *b = ctx;

    must(off <= b->size && len <= b->size - off);
    if (len > 0)
        memcpy(dst, b->data + off, len);
    return OTA_OK;
}

/* Nobody knows the factors of this. */
static uint8_t modulus[1][RSA2048_BYTES];

static struct image_verdict verify(const uint8_t *data, size_t size)
{
    struct bytes b = {data, (uint32_t)size};
    const struct image_source src = {&b, b.size, bytes_read};
    const struct image_rsa_keys rsa = {(const uint8_t(*)[RSA2048_BYTES])modulus,
                                       1, image_rsa_check};
    const struct image_keys keys = {POINT, 1, &rsa};
    struct image_verdict v;

    image_verify(&v, &src, &keys);
    must(v.boot == BOOT_NO && v.error != OTA_OK && v.why != WHY_NONE);
    if (v.info.total_bytes != 0) {
        must(v.info.total_bytes <= size);
        must(v.info.hashed_bytes < v.info.total_bytes);
        must(v.info.header_bytes < v.info.hashed_bytes);
        must(v.info.signature_bytes <= RSA2048_BYTES);
        must(v.info.signature_at <= v.info.total_bytes);
        must(v.info.signature_bytes <=
             v.info.total_bytes - v.info.signature_at);
    }
    return v;
}

/* Where the claimed hash lies, behind all that is hashed; or an equal one. */
static uint8_t *claim_find(uint8_t *data, const struct image_info *i)
{
    uint32_t at = i->hashed_bytes;

    while (memcmp(data + at, i->hash, SHA256_BYTES) != 0)
        at++;
    must(at + SHA256_BYTES <= i->total_bytes);
    return data + at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image_verdict v;
    struct sha256 s;
    uint8_t *copy;

    memset(modulus, 0xc3, sizeof modulus);
    v = verify(data, size);
    if (v.why != WHY_HASH_WRONG)
        return 0;
    copy = malloc(size);
    must(copy != NULL);
    memcpy(copy, data, size);
    sha256_begin(&s);
    sha256_add(&s, copy, v.info.hashed_bytes);
    sha256_end(&s, claim_find(copy, &v.info));
    (void)verify(copy, size);
    free(copy);
    return 0;
}
