/* rom.c - the boot ROM, for serial NOR on FlexSPI. Start at rom_find_image().
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "System Boot"
 * (FlexSPI NOR configuration block, image vector table, boot data).
 *
 * Not modelled: DCD, secure boot, encrypted images, plugins, the serial
 * downloader, the ROM's API. Assumptions: the ROM waits for a busy flash; it
 * leaves VTOR as it was for itself; IVT.entry is a vector table if its first
 * word points into RAM and its second is a Thumb address.
 * Tests: test/unit/emu/test_board.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/rom.h"

#include <stdio.h>
#include <string.h>

enum {
    FCB_TAG = 0x42464346,      /* "FCFB" as it stands in flash */
    FCB_VERSION_LETTER = 0x56, /* V */
    IVT_OFFSET = 0x1000,
    IVT_TAG = 0xD1,
    ROM_VECTORS = 0x00200000,
    ROM_STACK = MEMORY_OCRAM + 0x8000, /* the ROM's own; within OCRAM2 */
};

struct ivt {
    uint32_t header, entry, reserved1, dcd, boot_data, self, csf, reserved2;
};

struct boot_data {
    uint32_t start, length, plugin;
};

static bool is_ram(const struct soc *s, uint32_t address)
{
    const struct memory_region *r =
        memory_region_at(soc_memory((struct soc *)s), address);

    return r && r->writable;
}

void rom_enter(struct soc *s, uint32_t entry, struct m7_start *out)
{
    uint32_t table[2] = {0, 0};
    bool there = soc_dma_read(s, entry & ~3u, table, sizeof table);
    /* The top of a stack is the first address behind it. */
    bool stack = (table[0] & 3) == 0 && table[0] > 4 && is_ram(s, table[0] - 4);

    *out = (struct m7_start){ROM_STACK, entry | 1, ROM_VECTORS};
    if (there && (entry & 3) == 0 && stack && (table[1] & 1)) {
        out->sp = table[0];
        out->pc = table[1];
    }
}

static bool refuse(struct board_why *why, const char *what)
{
    snprintf(why->text, sizeof why->text,
             "the boot ROM finds nothing to start: %s", what);
    return false;
}

/* An image that runs from RAM is copied there as a whole. */
static bool copy_image(struct soc *s, const struct boot_data *d,
                       struct board_why *why)
{
    const uint8_t *image = memory_find(soc_memory(s), MEMORY_FLASH, d->length);

    if (d->start == MEMORY_FLASH)
        return true;
    if (!image || !soc_dma_write(s, d->start, image, d->length))
        return refuse(why, "boot data names memory that the board has not");
    return true;
}

bool rom_find_image(struct soc *s, struct m7_start *out, struct board_why *why)
{
    uint32_t fcb[2];
    struct ivt ivt;
    struct boot_data data;

    while (memory_flash_is_busy(soc_memory(s)) &&
           soc_clock(s)->next_timer != UINT64_MAX)
        soc_advance(s, soc_clock(s)->next_timer);
    soc_dma_read(s, MEMORY_FLASH, fcb, sizeof fcb);
    soc_dma_read(s, MEMORY_FLASH + IVT_OFFSET, &ivt, sizeof ivt);
    if (fcb[0] != FCB_TAG || fcb[1] >> 24 != FCB_VERSION_LETTER)
        return refuse(why, "no flash configuration block (FCFB) at offset 0");
    if ((ivt.header & 0xFF) != IVT_TAG)
        return refuse(why, "no image vector table (tag D1) at offset 0x1000");
    if (!soc_dma_read(s, MEMORY_FLASH + (ivt.boot_data - ivt.self) + IVT_OFFSET,
                      &data, sizeof data))
        return refuse(why, "the image vector table names no boot data");
    if (ivt.self - IVT_OFFSET != data.start)
        return refuse(why, "image vector table and boot data disagree about "
                           "where the image is");
    if (data.plugin & 1)
        return refuse(why, "it is a plugin image, which is not modelled");
    if (ivt.dcd != 0)
        soc_note(s,
                 "not modelled: the image's device configuration data at "
                 "0x%08X is not carried out",
                 ivt.dcd);
    if (!copy_image(s, &data, why))
        return false;
    rom_enter(s, ivt.entry, out);
    return true;
}
