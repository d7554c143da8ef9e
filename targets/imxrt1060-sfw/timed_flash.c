/* timed_flash.c - see timed_flash.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sfw/timed_flash.h"

static ota_err timed_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    struct timed_flash *t = ctx;

    return t->chip.read(t->chip.ctx, off, dst, len);
}

static ota_err timed_write(void *ctx, uint32_t off, const void *src,
                           uint32_t len)
{
    struct timed_flash *t = ctx;

    return t->chip.write(t->chip.ctx, off, src, len);
}

static ota_err timed_erase(void *ctx, uint32_t off)
{
    struct timed_flash *t = ctx;
    uint32_t begin = t->clock->now_ms(t->clock->ctx);
    ota_err e = t->chip.erase(t->chip.ctx, off);
    uint32_t ms = t->clock->now_ms(t->clock->ctx) - begin;

    if (ms > t->longest_erase_ms)
        t->longest_erase_ms = ms;
    return e;
}

void timed_flash_begin(struct timed_flash *t, const struct port_flash *chip,
                       const struct port_clock *clock)
{
    *t = (struct timed_flash){.port = *chip, .chip = *chip, .clock = clock};
    t->port.ctx = t;
    t->port.read = timed_read;
    t->port.write = timed_write;
    t->port.erase = timed_erase;
}
