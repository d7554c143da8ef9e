/* image_build.h - make a signed image out of a program.
 *
 * Byte for byte what imgtool writes with the same options and key, but for the
 * signature, which is random.
 * Layout: spec/image.md. Tests: test/unit/cli/test_image_build.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_IMAGE_BUILD_H
#define TERN_CLI_IMAGE_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/file.h"
#include "cli/key.h"
#include "image/image.h"

enum {
    IMAGE_BUILD_HEADER_MIN = IMAGE_HEADER_BYTES,
    IMAGE_BUILD_HEADER_MAX = 0x4000,         /* as the device's parser */
    IMAGE_BUILD_BODY_MAX = 64 * 1024 * 1024, /* beyond any slot we know */
    IMAGE_BUILD_DEPENDS_MAX = 16,
};

struct image_plan {
    struct version version;
    uint32_t header_bytes;
    bool pad_header;     /* else a body that begins with header_bytes zeros has
                            left room for the header */
    uint32_t slot_bytes; /* the image must fit; 0: any size */
    bool counted;        /* put security_counter into the image */
    uint32_t security_counter;
    uint32_t depends_count;
    struct image_dependency depends[IMAGE_BUILD_DEPENDS_MAX];
    /* MCUboot's trailer at the end of the slot: */
    uint32_t align;       /* bytes written at once; 0: no room for a trailer */
    uint32_t max_sectors; /* that it keeps account of */
    bool pad;             /* up to slot_bytes, with the trailer's magic */
    bool confirm;         /* and image_ok; pad is set */
};

/* Build, sign, and verify what was built with the device's own code.
 *
 * body  the program as it lies in flash behind the header; not empty.
 * out   set only when true; free with file_free().
 *
 * Returns false with a sentence in why. An image whose dependencies no device
 * of ours can meet is built: image_parse() tells. */
bool image_build(struct file_bytes *out, const struct file_bytes *body,
                 const struct image_plan *plan, const struct key *key,
                 struct why *why);

/* An image_source over bytes in memory, which are borrowed. */
struct image_source image_memory_source(const struct file_bytes *f);

/* The same, as if they lay in an erased slot of this size; not smaller than
 * the bytes. */
struct image_source image_slot_source(const struct file_bytes *f,
                                      uint32_t slot_bytes);

#endif
