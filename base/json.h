/* json.h - read JSON that came from the network, on a device: no heap, no
 * recursion, no copy of the document.
 *
 * json_check() validates the whole document once (RFC 8259, UTF-8, depth at
 * most JSON_DEPTH_MAX, no name twice in one object). Only then may the other
 * calls walk it. Values are slices of the document.
 *
 * Tests: test/unit/base/test_json.c, test/fuzz/fuzz_json.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_JSON_H
#define TERN_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { JSON_DEPTH_MAX = 8 };

enum json_type {
    JSON_NONE, /* no such value */
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json {
    enum json_type type;
    const char *at; /* first byte of the value (a string's opening quote) */
    size_t len;     /* bytes, quotes and brackets included */
};

/* Check a document and give its root value.
 *
 * Returns OTA_OK; OTA_ERR_SYNTAX not JSON, trailing text, bad UTF-8, or a name
 *         repeated in one object; OTA_ERR_RANGE nested too deep.
 * Cost    one pass; the repeated-name check compares names of one object with
 *         each other, so documents are limited by the caller (a few KiB). */
TERN_MUST_USE ota_err json_check(struct json *root, const char *text,
                                 size_t len);

/* The member of an object (NULL-terminated plain ASCII name), or JSON_NONE.
 * A value that is no object has no members. */
struct json json_get(struct json object, const char *name);

/* A number or a string of digits as u32 (both forms are on the wire).
 * Returns false if it is neither, has a sign, fraction or exponent, or does
 * not fit. */
bool json_u32(struct json v, uint32_t *out);

/* Copy a string's text, escapes resolved, NUL added.
 *
 * Returns OTA_OK; OTA_ERR_SYNTAX v is no string or holds a NUL character;
 *         OTA_ERR_FULL longer than cap - 1 bytes (out is then empty). */
TERN_MUST_USE ota_err json_text(struct json v, char *out, size_t cap);

#endif
