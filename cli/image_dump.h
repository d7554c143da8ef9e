/* image_dump.h - an image told to a person, as far as it can be read.
 *
 * Tests: test/unit/cli/test_image_dump.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_IMAGE_DUMP_H
#define TERN_CLI_IMAGE_DUMP_H

#include <jansson.h>

#include "cli/file.h"

/* Header fields, every TLV that can be reached, whether the SHA-256 matches,
 * and "problem", null or the first thing that is wrong. A new reference, never
 * NULL: an image that is damaged has fewer members. */
json_t *image_dump_json(const struct file_bytes *image);

#endif
