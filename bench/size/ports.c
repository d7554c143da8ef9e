/* ports.c - a flash whose operations are one volatile access each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench/size/ports.h"

static volatile uint8_t cell;

static ota_err flash_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    (void)ctx;
    (void)off;
    for (uint32_t i = 0; i < len; i++)
        ((uint8_t *)dst)[i] = cell;
    return OTA_OK;
}

static ota_err flash_write(void *ctx, uint32_t off, const void *src,
                           uint32_t len)
{
    (void)ctx;
    (void)off;
    for (uint32_t i = 0; i < len; i++)
        cell = ((const uint8_t *)src)[i];
    return OTA_OK;
}

static ota_err flash_erase(void *ctx, uint32_t off)
{
    (void)ctx;
    cell = (uint8_t)off;
    return OTA_OK;
}

const struct port_flash bench_flash = {
    .size_bytes = 0x800000,
    .erase_bytes = 0x1000,
    .write_bytes = 1,
    .read = flash_read,
    .write = flash_write,
    .erase = flash_erase,
};

const uint8_t bench_key[1][65] = {{4}};
