/* boot_slot.c - a slot as a source of image bytes, for the bootloader and the
 * application alike.
 *
 * Tests: test/unit/boot/test_boot_api.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot_place.h"

static ota_err slot_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct boot_slot_source *s = ctx;

    if (off > BOOT_IMAGE_MAX || len > BOOT_IMAGE_MAX - off)
        return OTA_ERR_RANGE;
    return s->flash->read(s->flash->ctx, s->offset + off, dst, len);
}

struct image_source boot_slot_source(struct boot_slot_source *s,
                                     const struct port_flash *f, enum slot slot)
{
    *s = (struct boot_slot_source){f, slot_offset(slot)};
    return (struct image_source){s, BOOT_IMAGE_MAX, slot_read};
}
