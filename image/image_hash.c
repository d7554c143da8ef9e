/* image_hash.c - image_hash() for programs that have nothing but the core.
 *
 * Tests: test/unit/image/test_image_verify.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_verify.h"

ota_err image_hash(uint8_t out[SHA256_BYTES], const struct image_source *src,
                   const struct image_info *i)
{
    return image_hash_by_software(out, src, i);
}
