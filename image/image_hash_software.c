/* image_hash_software.c - the hash of an image's stored bytes, by the core.
 *
 * Tests: test/unit/image/test_image_verify.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_verify.h"

ota_err image_hash_by_software(uint8_t out[SHA256_BYTES],
                               const struct image_source *src,
                               const struct image_info *i)
{
    const uint32_t len = i->hashed_bytes;
    uint8_t window[IMAGE_READ_BYTES];
    struct sha256 s;

    sha256_begin(&s);
    for (uint32_t at = 0; at < len;) {
        uint32_t n = len - at < sizeof window ? len - at : sizeof window;

        if (src->read(src->ctx, at, window, n) != OTA_OK)
            return OTA_ERR_IO;
        sha256_add(&s, window, n);
        at += n;
    }
    sha256_end(&s, out);
    return OTA_OK;
}
