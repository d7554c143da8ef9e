/* posix_flash.h - a file that behaves as a NOR flash.
 *
 * The file holds every byte of the device. Writes clear bits and never set
 * them; only erase does, a sector at a time. Nothing is synced to the disk: a
 * process that is killed loses nothing, and a machine that loses power is not
 * what this port stands in for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_FLASH_H
#define TERN_POSIX_FLASH_H

#include <stddef.h>

#include "port/port_flash.h"

enum {
    POSIX_FLASH_BYTES = 0x800000, /* 8 MiB, as the board's */
    POSIX_FLASH_SECTOR_BYTES = 0x1000,
    POSIX_FLASH_WRITE_BYTES = 8, /* the coarsest unit a port may have */
    POSIX_FLASH_WHY_MAX = 512,
};

struct posix_flash {
    struct port_flash port;
    int fd; /* -1 when closed; closed at exec */
};

/* Open an existing file of exactly POSIX_FLASH_BYTES.
 *
 * f    usable only on OTA_OK; must not move while its port is in use.
 * why  POSIX_FLASH_WHY_MAX bytes; a sentence unless OTA_OK.
 *
 * Returns OTA_OK; OTA_ERR_NOT_FOUND no such file; OTA_ERR_DENIED its
 *         permissions; OTA_ERR_CORRUPT not a file, or of another size;
 *         OTA_ERR_IO anything else. */
TERN_MUST_USE ota_err posix_flash_open(struct posix_flash *f, const char *path,
                                       char why[POSIX_FLASH_WHY_MAX]);
void posix_flash_close(struct posix_flash *f);

/* Keep every other device off this flash until posix_flash_close() or the end
 * of the process. The lock belongs to f's open file: a child that was forked
 * shares it as long as it keeps f open, one that opens the file again does not.
 *
 * Returns OTA_OK; OTA_ERR_EXISTS another process has it; OTA_ERR_IO. */
TERN_MUST_USE ota_err posix_flash_lock(const struct posix_flash *f);

#endif
