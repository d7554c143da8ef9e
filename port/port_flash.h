/* port_flash.h - a NOR flash, as the device's core sees it.
 *
 * Bits are cleared by write and set by erase. A power cut in any operation may
 * leave any mixture of old and new bits in the bytes of that operation and
 * nowhere else. read() returns the physical bytes: never through a remapped
 * window, never from a stale cache (i.MX RT: IP commands, not AHB).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_FLASH_H
#define TERN_PORT_FLASH_H

#include <stdint.h>

#include "base/err.h"

struct port_flash {
    void *ctx;            /* the port's own; the core never looks inside */
    uint32_t size_bytes;  /* of the whole device */
    uint32_t erase_bytes; /* erase unit, power of two */
    uint32_t write_bytes; /* program unit, power of two, <= 8 */

    /* Offsets are bytes from the start of the device; off and len are multiples
     * of write_bytes for write. len may span pages and sectors: the port
     * splits. Each returns OTA_OK, or OTA_ERR_RANGE for an access outside or
     * misaligned (nothing was done), or OTA_ERR_IO if the device reported a
     * failure (the touched bytes are then undefined). Calls block until the
     * device is ready again. */
    ota_err (*read)(void *ctx, uint32_t off, void *dst, uint32_t len);
    ota_err (*write)(void *ctx, uint32_t off, const void *src, uint32_t len);
    ota_err (*erase)(void *ctx, uint32_t off); /* one erase unit */
};

#endif
