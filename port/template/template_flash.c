/* template_flash.c - what a flash port must do. The checks and the splitting
 * are the same for every chip and are complete; the three chip_ functions are
 * yours.
 *
 * What the core relies on, whatever the chip:
 *  - read() gives the bytes of the array itself. Not through an address remap,
 *    not from a cache or prefetch buffer: on i.MX RT use IP commands, because a
 *    remapped window shows the other slot.
 *  - A call returns when the device is ready again (poll its busy bit), never
 *    earlier, and with an error if its status register shows one. An erase that
 *    failed and says OK costs a device.
 *  - Code that runs while the flash is busy must not lie in that flash: keep
 *    these functions, and every interrupt you leave on, in RAM. Interrupts are
 *    restored on every way out, also after an error.
 *  - An erase touches its unit and a write its bytes, nothing else, also when
 *    power goes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/template/template.h"

#include <stdbool.h>

enum {
    CHIP_BYTES = 8 * 1024 * 1024,
    CHIP_SECTOR_BYTES = 4096, /* at most FLASH_SECTOR_BYTES of flash_layout.h */
    CHIP_PAGE_BYTES = 256,    /* one program command never crosses a page */
    CHIP_WRITE_BYTES = 1,     /* 8 where the flash has ECC words of 8 bytes */
};

/* Yours: one read command of len bytes. */
static ota_err chip_read(uint32_t off, uint8_t *dst, uint32_t len)
{
    (void)off;
    (void)dst;
    (void)len;
    return OTA_ERR_IO;
}

/* Yours: write enable, one page program inside one page, wait, status. */
static ota_err chip_program(uint32_t off, const uint8_t *src, uint32_t len)
{
    (void)off;
    (void)src;
    (void)len;
    return OTA_ERR_IO;
}

/* Yours: write enable, sector erase, wait, status. Tens of milliseconds. */
static ota_err chip_erase(uint32_t off)
{
    (void)off;
    return OTA_ERR_IO;
}

static bool inside(uint32_t off, uint32_t len)
{
    return off <= CHIP_BYTES && len <= CHIP_BYTES - off;
}

static ota_err flash_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    (void)ctx;
    if (!inside(off, len))
        return OTA_ERR_RANGE;
    return chip_read(off, dst, len);
}

static ota_err flash_write(void *ctx, uint32_t off, const void *src,
                           uint32_t len)
{
    const uint8_t *from = src;

    (void)ctx;
    if (!inside(off, len) || (off | len) % CHIP_WRITE_BYTES != 0)
        return OTA_ERR_RANGE;
    while (len > 0) {
        uint32_t room = CHIP_PAGE_BYTES - off % CHIP_PAGE_BYTES;
        uint32_t n = len < room ? len : room;
        ota_err e = chip_program(off, from, n);

        if (e != OTA_OK)
            return e;
        off += n;
        from += n;
        len -= n;
    }
    return OTA_OK;
}

static ota_err flash_erase(void *ctx, uint32_t off)
{
    (void)ctx;
    if (!inside(off, CHIP_SECTOR_BYTES) || off % CHIP_SECTOR_BYTES != 0)
        return OTA_ERR_RANGE;
    return chip_erase(off);
}

struct port_flash template_flash(void)
{
    return (struct port_flash){
        .size_bytes = CHIP_BYTES,
        .erase_bytes = CHIP_SECTOR_BYTES,
        .write_bytes = CHIP_WRITE_BYTES,
        .read = flash_read,
        .write = flash_write,
        .erase = flash_erase,
    };
}
