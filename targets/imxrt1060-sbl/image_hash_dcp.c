/* image_hash_dcp.c - image_hash() by the Data Co-Processor, in place of
 * image/image_hash.c. Start at image_hash().
 *
 * What the DCP computes can start nothing by itself: image_verify() compares it
 * with the hash that the image claims, and a key must have signed that. Nor can
 * it stop a boot: unless it is what the image claims, software has the last
 * word.
 * Tests: test/system/test_sbl_dcp.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_verify.h"
#include "port/imxrt1060/dcp_sha256.h"

enum { WINDOW_BYTES = 1024, WINDOWS = 2 };
_Static_assert(WINDOW_BYTES % DCP_BLOCK_BYTES == 0, "not whole blocks");
_Static_assert((int)DCP_SHA256_BYTES == (int)SHA256_BYTES, "another hash");

/* The stack is in DTCM, and so are these. */
struct pieces {
    _Alignas(uint32_t) uint8_t window[WINDOWS][WINDOW_BYTES];
    struct dcp_sha256 dcp;
};

/* The DCP hashes one window while the core fills the other. */
static ota_err hash_pieces(struct pieces *p, const struct image_source *src,
                           uint32_t len)
{
    ota_err e = OTA_OK;

    for (uint32_t at = 0, k = 0; at < len; k ^= 1) {
        uint32_t n = len - at < WINDOW_BYTES ? len - at : WINDOW_BYTES;
        ota_err read = src->read(src->ctx, at, p->window[k], n);

        if (at > 0)
            e = dcp_sha256_wait(&p->dcp);
        if (e != OTA_OK || read != OTA_OK)
            return OTA_ERR_IO;
        at += n;
        dcp_sha256_start(&p->dcp, p->window[k], n, at == len);
    }
    return dcp_sha256_wait(&p->dcp);
}

ota_err image_hash(uint8_t out[SHA256_BYTES], const struct image_source *src,
                   const struct image_info *i)
{
    struct pieces p;
    ota_err e;

    dcp_sha256_begin(&p.dcp);
    e = hash_pieces(&p, src, i->hashed_bytes);
    dcp_sha256_end(&p.dcp, out);
    if (e == OTA_OK && bytes_equal(out, i->hash, SHA256_BYTES))
        return OTA_OK;
    return image_hash_by_software(out, src, i);
}
