/* flash_file.h - a device's flash as a file, for the commands that write it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_FLASH_FILE_H
#define TERN_CLI_FLASH_FILE_H

#include "boot/flash_layout.h"
#include "cli/file.h"
#include "image/image.h"
#include "port/posix/posix_flash.h"

/* An image that fits a slot. */
struct flash_image {
    struct file_bytes file;
    struct image_info info;
};

/* Each returns false with a sentence in why. */

/* A blank one that must not exist yet, readable by its owner alone. */
bool flash_file_create(const char *path, struct why *why);
void flash_file_remove(const char *path);

/* Open it and keep everybody else off. f: close it whatever this returns. */
bool flash_file_open(struct posix_flash *f, const char *path, struct why *why);

/* Erase the sectors, write, compare. off: of a sector. path: for the
 * sentence. */
bool flash_file_write(const struct port_flash *f, const char *path,
                      uint32_t off, const void *bytes, size_t len,
                      struct why *why);

bool flash_image_read(struct flash_image *out, const char *path,
                      struct why *why);

/* The image, and nothing of an older one behind it. */
bool flash_file_install(const struct port_flash *f, const char *path,
                        enum slot slot, const struct flash_image *image,
                        struct why *why);

#endif
