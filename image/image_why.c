/* image_why.c - the words for what is wrong with an image.
 *
 * Tests: test/unit/image/test_image.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image_why.h"

#define IMAGE_WHY_TEXT(name, text) text,
static const char *const TEXTS[] = {IMAGE_WHY_LIST(IMAGE_WHY_TEXT)};

const char *image_why_text(enum image_why why)
{
    return (unsigned)why < IMAGE_WHY_COUNT ? TEXTS[why] : "unknown reason";
}
