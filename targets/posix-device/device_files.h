/* device_files.h - read what makes a device itself: identity and trusted key.
 *
 * Both files come from people and are checked before anything is believed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_DEVICE_FILES_H
#define TERN_DEVICE_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/provision.h"
#include "crypto/crypto.h"

enum {
    DEVICE_WHY_MAX = 5120, /* room for a path and a sentence */
    DEVICE_IDENTITY_FILE_MAX = 4096,
};

struct device_identity {
    struct provision identity;
    bool exposed; /* other users can read the file, and so the secret */
};

/* Read an identity as JSON: provision_from_json().
 *
 * why  DEVICE_WHY_MAX bytes; unless OTA_OK a sentence with the file, the field
 *      and what it should be.
 *
 * Returns OTA_OK; OTA_ERR_IO cannot be read; OTA_ERR_FULL too large;
 *         OTA_ERR_SYNTAX no JSON, or a field is missing, of the wrong type, or
 *         not as the protocol wants it. */
TERN_MUST_USE ota_err device_identity_read(struct device_identity *out,
                                           const char *path,
                                           char why[DEVICE_WHY_MAX]);

/* Read an uncompressed P-256 point: 65 bytes, the first of them 4.
 *
 * Returns OTA_OK; OTA_ERR_IO; OTA_ERR_SYNTAX it is something else. */
TERN_MUST_USE ota_err device_key_read(uint8_t point[P256_POINT_BYTES],
                                      const char *path,
                                      char why[DEVICE_WHY_MAX]);

#endif
