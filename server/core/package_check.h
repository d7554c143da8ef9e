/* package_check.h - what an uploaded file is: the sentence in package.image.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_PACKAGE_CHECK_H
#define TERN_SERVER_PACKAGE_CHECK_H

#include "server/core/model.h"

/* Describe the file for people, and refuse what no device could ever start.
 *
 * A file without MCUboot's magic is taken as it is: Link SDK devices take files
 * of any kind, and the device checks what it must.
 *
 * fd       open for reading; its position is neither used nor moved.
 * version  that of the package; another one in the header earns a remark.
 * image    what the file is, or why it is refused.
 *
 * Returns OTA_OK, also when it is no image; OTA_ERR_CORRUPT an image that is
 * malformed; OTA_ERR_IO the file cannot be read.
 * Cost: a few hundred bytes are read. */
TERN_MUST_USE ota_err package_check_file(int fd, uint32_t size_bytes,
                                         const char *version,
                                         char image[MODEL_DESC_MAX]);

#endif
