/* link.h - download links: short, signed, expiring, for one blob.
 *
 *   http://{host}[:{port}]/d/{id}/{e}{s}.bin
 *
 * id  first 32 hex digits of the blob's SHA-256;
 * e   8 hex digits: when it expires, seconds since 1970;
 * s   32 hex digits: first half of HMAC-SHA256(key, "id|e").
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_LINK_H
#define TERN_SERVER_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { LINK_URL_MAX = 255, LINK_BLOB_ID = 32, LINK_KEY_BYTES = 32 };

/* port 0: none in the URL (Link SDK cannot read one).
 * Returns OTA_OK; OTA_ERR_FULL longer than 254 characters. */
TERN_MUST_USE ota_err link_build(char out[LINK_URL_MAX], const char *host,
                                 uint16_t port, const char *blob_sha256,
                                 uint32_t expires_s,
                                 const uint8_t key[LINK_KEY_BYTES]);

/* Check the path of a request and give the blob's id.
 * Returns OTA_OK; OTA_ERR_SYNTAX no link; OTA_ERR_SIGNATURE forged;
 *         OTA_ERR_TIMEOUT expired. */
TERN_MUST_USE ota_err link_check(char id[LINK_BLOB_ID + 1], const char *path,
                                 uint32_t now_s,
                                 const uint8_t key[LINK_KEY_BYTES]);

#endif
