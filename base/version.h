/* version.h - image versions: major.minor.revision[+build].
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_VERSION_H
#define TERN_BASE_VERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { VERSION_TEXT_MAX = 25 }; /* "255.255.65535+4294967295" and its NUL */

struct version {
    uint8_t major;
    uint8_t minor;
    uint16_t revision;
    uint32_t build;
};

/* Parse "1.4.0" or "1.4.0+7".
 *
 * text  need not end in NUL; len bytes, no blanks, no leading zeros but "0".
 * out   written only on OTA_OK.
 *
 * Returns OTA_OK; OTA_ERR_SYNTAX other characters or parts missing;
 *         OTA_ERR_RANGE a part does not fit its field. */
/*@ requires \valid(out) && \valid_read(text + (0 .. len - 1));
    assigns *out; */
TERN_MUST_USE ota_err version_parse(struct version *out, const char *text,
                                    size_t len);

/* Write the text form with its NUL; "+build" only when build is not 0. */
void version_format(const struct version *v, char out[VERSION_TEXT_MAX]);

/* <0, 0, >0 as a is older than, equal to, newer than b. Build counts last. */
/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing; */
int version_compare(const struct version *a, const struct version *b);

#endif
