/* package_check.h - what an uploaded file is, and whether a device of its
 * product could ever start it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_PACKAGE_CHECK_H
#define TERN_SERVER_PACKAGE_CHECK_H

#include "server/core/model.h"

struct package_checked {
    char image[MODEL_DESC_MAX]; /* what the file is, or why it is refused */
    char checks[MODEL_CHECKS_MAX];
};

/* Look at the file and refuse what no device of the product could start.
 *
 * A file without MCUboot's magic is taken as it is: Link SDK devices take files
 * of any kind, and the device checks what it must. With release keys in the
 * product it is not: nothing could say who made it. A file for another module
 * than "default" goes into no slot and is not looked at.
 *
 * fd       open for reading; its position is neither used nor moved.
 * package  version, module and size_bytes are read.
 * product  slot_bytes and points.
 * out      always written.
 *
 * Returns OTA_OK; OTA_ERR_CORRUPT an image that is malformed or differs from
 * its digest; OTA_ERR_SIGNATURE none of the keys signed it; OTA_ERR_RANGE it
 * does not fit the slot; OTA_ERR_IO the file cannot be read.
 * Cost: an image is read and hashed once. */
TERN_MUST_USE ota_err package_check_file(int fd, const struct package *package,
                                         const struct product *product,
                                         struct package_checked *out);

#endif
