/* memory_source.c - an image_source over bytes in memory, for tests.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/memory_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ota_err memory_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    struct memory_source *m = ctx;

    if (off > m->size || len > m->size - off) {
        fprintf(stderr, "memory_source: read of %u bytes at %u of %u\n", len,
                off, m->size);
        abort();
    }
    m->reads++;
    if (m->reads == m->fail_at)
        return OTA_ERR_IO;
    if (len > 0)
        memcpy(dst, m->bytes + off, len);
    return OTA_OK;
}

struct image_source memory_source(struct memory_source *m, const uint8_t *bytes,
                                  size_t size)
{
    *m = (struct memory_source){.bytes = bytes, .size = (uint32_t)size};
    return (struct image_source){m, m->size, memory_read};
}
