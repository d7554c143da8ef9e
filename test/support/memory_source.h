/* memory_source.h - an image_source over bytes in memory, for tests. A read
 * outside [0, size) stops the test program.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_MEMORY_SOURCE_H
#define TERN_TEST_MEMORY_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

struct memory_source {
    const uint8_t *bytes;
    uint32_t size;
    uint32_t reads;   /* so far */
    uint32_t fail_at; /* this read, counted from 1, fails; 0: none */
};

/* m must outlive the source. */
struct image_source memory_source(struct memory_source *m, const uint8_t *bytes,
                                  size_t size);

#endif
