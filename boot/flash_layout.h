/* flash_layout.h - who owns which bytes of the device's flash.
 * Normative: spec/flash-layout.md (NXP's map for the i.MX RT1060, with Tern's
 * own regions in its gaps).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_FLASH_LAYOUT_H
#define TERN_FLASH_LAYOUT_H

#include <stdint.h>

enum {
    FLASH_BYTES = 0x800000,
    FLASH_SECTOR_BYTES = 0x1000,
    FLASH_BOOT_RECORD = 0x0fd000, /* two sectors, one copy each */
    FLASH_NXP_FLAGS = 0x0ff000,   /* one sector; its trailer is at 0x0fffe0 */
    FLASH_SLOT_1 = 0x100000,
    FLASH_SLOT_2 = 0x200000,
    FLASH_SLOT_BYTES = 0x100000,
    FLASH_JOURNAL = 0x300000,        /* download journal, one sector */
    FLASH_EXCHANGE_MARKS = 0x301000, /* parts without remap: two sectors */
    FLASH_EXCHANGE_MARKS_BYTES = 0x2000,
    FLASH_PROVISION = 0x3f0000, /* identity, one sector */
};

enum slot { SLOT_1 = 1, SLOT_2 = 2 };

/*@ assigns \nothing;
    ensures \result == (s == SLOT_1 ? SLOT_2 : SLOT_1); */
static inline enum slot slot_other(enum slot s)
{
    return s == SLOT_1 ? SLOT_2 : SLOT_1;
}

static inline uint32_t slot_offset(enum slot s)
{
    return s == SLOT_1 ? FLASH_SLOT_1 : FLASH_SLOT_2;
}

#endif
