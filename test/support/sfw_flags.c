/* sfw_flags.c - NXP's SFW and its flag trailer, as a model.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/sfw_flags.h"

#include <string.h>

enum {
    SECTOR = 0x0ff000,
    TRAILER = 0x0fffe0,
    TRAILER_BYTES = 32,
    POSITION = 0,
    TYPE = 4,
    IMAGE_OK = 8,
    MAGIC = 16,
};

static const uint8_t MAGIC_VALUE[16] = {
    0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f,
    0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80,
};

static void trailer_read(const struct port_flash *f, uint8_t t[TRAILER_BYTES])
{
    if (f->read(f->ctx, TRAILER, t, TRAILER_BYTES) != OTA_OK)
        memset(t, 0, TRAILER_BYTES); /* power is off */
}

/* As the chip does it: bits are cleared and nothing else. The fake flash would
 * stop the test for asking more of it. */
static void program(const struct port_flash *f, uint32_t at, const uint8_t *src,
                    uint32_t len)
{
    uint8_t t[TRAILER_BYTES];

    trailer_read(f, t);
    for (uint32_t i = 0; i < len; i++)
        t[at + i] &= src[i];
    (void)!f->write(f->ctx, TRAILER + at, t + at, len);
}

uint8_t sfw_position(const struct port_flash *f)
{
    uint8_t t[TRAILER_BYTES];

    trailer_read(f, t);
    return t[POSITION];
}

uint8_t sfw_ota_status(const struct port_flash *f)
{
    uint8_t t[TRAILER_BYTES];

    trailer_read(f, t);
    return t[IMAGE_OK] == 0xff ? 0 : t[IMAGE_OK] == 4 ? 1 : 0xff;
}

bool sfw_confirms(const struct port_flash *f, enum sfw_type type)
{
    uint8_t t[TRAILER_BYTES];

    trailer_read(f, t);
    return t[TYPE] == type && (type != SFW_AWS || t[IMAGE_OK] == 4);
}

void sfw_arm(const struct port_flash *f, enum sfw_type type)
{
    uint8_t byte = (uint8_t)type;

    program(f, TYPE, &byte, 1);
    program(f, MAGIC, MAGIC_VALUE, sizeof MAGIC_VALUE);
}

void sfw_write_image_ok(const struct port_flash *f)
{
    uint8_t t[TRAILER_BYTES];

    trailer_read(f, t);
    t[TYPE] = 0;
    t[IMAGE_OK] = 0xff;
    memset(t + MAGIC, 0xff, sizeof MAGIC_VALUE);
    (void)!f->erase(f->ctx, SECTOR);
    program(f, 0, t, TRAILER_BYTES);
}
