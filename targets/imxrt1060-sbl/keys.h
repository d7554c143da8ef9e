/* keys.h - whose images may run; keys.c is made by keys.cmake.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_KEYS_H
#define TERN_SBL_KEYS_H

#include "image/image_verify.h"

extern const struct image_keys SBL_KEYS;

#endif
