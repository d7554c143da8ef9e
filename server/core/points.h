/* points.h - the release keys of a product, as product.points keeps them: P-256
 * points in lower-case hex, parted by single blanks.
 *
 * Tests: test/unit/server_core/test_points.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_POINTS_H
#define TERN_SERVER_POINTS_H

#include "image/image_verify.h"
#include "server/core/model.h"

/* Take the next point from *at, which moves on. False: there is none. */
bool points_next(const char **at, uint8_t point[P256_POINT_BYTES]);

/* Up to MODEL_KEYS_MAX points, none twice, all on the curve? "" is fine. */
bool points_are_ok(const char *points);

/* One of them: 130 digits of a point on the curve. */
bool point_is_ok(const char *point);

#endif
