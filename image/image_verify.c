/* image_verify.c - may this image run?
 *
 * Start at image_verify(). Its answers are patterns in volatile variables, each
 * asked twice, so that one skipped instruction or flipped bit gives "no".
 *
 * Spec: spec/image.md section 4. Tests: test/unit/image/test_image_verify.c,
 * test/unit/image/test_vectors.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_verify.h"

#include <string.h>

#include "image/image_rsa.h"

uint32_t image_refuse(struct image_verdict *v, ota_err e, enum image_why why)
{
    v->error = e;
    v->why = why;
    return BOOT_NO;
}

/* Hash the stored bytes into `hash` and compare with what the image claims. */
static uint32_t hash_answer(struct image_verdict *v,
                            const struct image_source *src,
                            uint8_t hash[SHA256_BYTES])
{
    volatile uint32_t same = BOOT_NO;

    if (image_hash(hash, src, &v->info) != OTA_OK)
        return image_refuse(v, OTA_ERR_IO, WHY_UNREADABLE);
    if (bytes_equal(hash, v->info.hash, SHA256_BYTES))
        same = BOOT_YES;
    if (same != BOOT_YES)
        return image_refuse(v, OTA_ERR_CORRUPT, WHY_HASH_WRONG);
    return same;
}

bool image_names_key(const struct image_info *i,
                     const uint8_t key_hash[SHA256_BYTES])
{
    return !i->key_named || bytes_equal(i->key_hash, key_hash, SHA256_BYTES);
}

static uint32_t ecdsa_answer(struct image_verdict *v,
                             const struct image_keys *keys,
                             const uint8_t hash[SHA256_BYTES],
                             const uint8_t *sig)
{
    const struct image_info *i = &v->info;
    uint8_t key_hash[SHA256_BYTES];
    volatile uint32_t valid = 0;
    bool tried = false;

    for (uint32_t k = 0; k < keys->count; k++) {
        image_key_hash(key_hash, keys->points[k]);
        if (!image_names_key(i, key_hash))
            continue;
        tried = true;
        valid = p256_verify(hash, sig, i->signature_bytes, keys->points[k]);
        if (valid != 1)
            continue;
        if (valid == 1) /* asked twice on purpose */
            return BOOT_YES;
    }
    return image_refuse(v, OTA_ERR_SIGNATURE,
                        tried ? WHY_SIGNATURE_WRONG : WHY_KEY_UNKNOWN);
}

/* Does a trusted key sign `hash`? That is the hash we computed, never the one
 * that the image claims. */
static uint32_t signature_answer(struct image_verdict *v,
                                 const struct image_source *src,
                                 const struct image_keys *keys,
                                 const uint8_t hash[SHA256_BYTES])
{
    const struct image_info *i = &v->info;
    uint8_t sig[RSA2048_BYTES]; /* the longer kind */

    if (i->signature_bytes == 0)
        return image_refuse(v, OTA_ERR_SIGNATURE, WHY_NO_SIGNATURE);
    if (src->read(src->ctx, i->signature_at, sig, i->signature_bytes) != OTA_OK)
        return image_refuse(v, OTA_ERR_IO, WHY_UNREADABLE);
    if (i->signature_type == IMAGE_TLV_ECDSA_SIG)
        return ecdsa_answer(v, keys, hash, sig);
    if (!keys->rsa)
        return image_refuse(v, OTA_ERR_SIGNATURE, WHY_KEY_UNKNOWN);
    return keys->rsa->check(v, keys->rsa, hash, sig);
}

void image_verify(struct image_verdict *out, const struct image_source *src,
                  const struct image_keys *keys)
{
    volatile uint32_t body = BOOT_NO, signer = BOOT_NO;
    uint8_t hash[SHA256_BYTES];

    memset(out, 0, sizeof *out);
    out->boot = BOOT_NO;
    out->error = image_parse(&out->info, src, &out->why);
    if (out->error != OTA_OK)
        return;
    if (out->info.flags & IMAGE_FLAG_NON_BOOTABLE) {
        image_refuse(out, OTA_ERR_SIGNATURE, WHY_NOT_BOOTABLE);
        return;
    }
    body = hash_answer(out, src, hash);
    if (body != BOOT_YES)
        return;
    signer = signature_answer(out, src, keys, hash);
    if (signer != BOOT_YES)
        return;
    /* Last, because before its signature fits it is anybody's word. */
    if (out->info.unmet != WHY_NONE) {
        image_refuse(out, OTA_ERR_DEPENDENCY, out->info.unmet);
        return;
    }
    if (body == BOOT_YES && signer == BOOT_YES) /* asked twice on purpose */
        out->boot = BOOT_YES;
    else
        image_refuse(out, OTA_ERR_SIGNATURE, WHY_DISTURBED);
}

void image_key_hash(uint8_t out[SHA256_BYTES],
                    const uint8_t point[P256_POINT_BYTES])
{
    /* SubjectPublicKeyInfo { id-ecPublicKey, prime256v1, BIT STRING } up to the
     * point (RFC 5480 section 2). */
    static const uint8_t DER[] = {
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    };
    struct sha256 s;

    sha256_begin(&s);
    sha256_add(&s, DER, sizeof DER);
    sha256_add(&s, point, P256_POINT_BYTES);
    sha256_end(&s, out);
}
