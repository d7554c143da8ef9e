/* image_hash_software.c - the hash of an image's stored bytes, by the core.
 *
 * Tests: test/unit/image/test_image_verify.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_verify.h"

/*@ requires \valid(out + (0 .. SHA256_BYTES - 1)) && \valid_read(src);
    requires \valid_read(i) && src->read == &source_read_any;
    requires \separated(out + (0 .. SHA256_BYTES - 1), src, i);
    assigns out[0 .. SHA256_BYTES - 1]; */
ota_err image_hash_by_software(uint8_t out[SHA256_BYTES],
                               const struct image_source *src,
                               const struct image_info *i)
{
    const uint32_t len = i->hashed_bytes;
    uint8_t window[IMAGE_READ_BYTES];
    struct sha256 s;

    sha256_begin(&s);
    /*@ loop invariant 0 <= at <= len;
        loop assigns at, s, window[0 .. IMAGE_READ_BYTES - 1];
        loop variant len - at; */
    for (uint32_t at = 0; at < len;) {
        uint32_t n = len - at < sizeof window ? len - at : sizeof window;

        //@ calls source_read_any;
        if (src->read(src->ctx, at, window, n) != OTA_OK)
            return OTA_ERR_IO;
        sha256_add(&s, window, n);
        at += n;
    }
    sha256_end(&s, out);
    return OTA_OK;
}
