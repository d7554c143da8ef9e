/* image_rsa.c - the RSA-2048 half of "may this image run?".
 *
 * Start at image_rsa_check(), which image_verify() calls through the list of
 * keys. Tests: test/unit/image/test_image_rsa.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_rsa.h"

uint32_t image_rsa_check(struct image_verdict *v,
                         const struct image_rsa_keys *keys,
                         const uint8_t hash[SHA256_BYTES],
                         const uint8_t sig[RSA2048_BYTES])
{
    uint8_t key_hash[SHA256_BYTES];
    volatile uint32_t valid = 0;
    bool tried = false;

    for (uint32_t k = 0; k < keys->count; k++) {
        image_rsa_key_hash(key_hash, keys->moduli[k]);
        if (!image_names_key(&v->info, key_hash))
            continue;
        tried = true;
        valid = rsa_pss_verify(hash, sig, keys->moduli[k]);
        if (valid != 1)
            continue;
        if (valid == 1) /* asked twice on purpose */
            return BOOT_YES;
    }
    return image_refuse(v, OTA_ERR_SIGNATURE,
                        tried ? WHY_SIGNATURE_WRONG : WHY_KEY_UNKNOWN);
}

void image_rsa_key_hash(uint8_t out[SHA256_BYTES],
                        const uint8_t modulus[RSA2048_BYTES])
{
    /* RSAPublicKey ::= SEQUENCE { modulus, publicExponent } (RFC 8017 A.1.1);
     * the zero keeps the modulus from being negative. */
    static const uint8_t BEFORE[] = {0x30, 0x82, 0x01, 0x0a, 0x02,
                                     0x82, 0x01, 0x01, 0x00};
    static const uint8_t AFTER[] = {0x02, 0x03, 0x01, 0x00, 0x01};
    struct sha256 s;

    sha256_begin(&s);
    sha256_add(&s, BEFORE, sizeof BEFORE);
    sha256_add(&s, modulus, RSA2048_BYTES);
    sha256_add(&s, AFTER, sizeof AFTER);
    sha256_end(&s, out);
}
