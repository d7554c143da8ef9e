/* boot_header.c - what the chip's ROM reads before it starts the bootloader:
 * flash configuration block, image vector table, boot data; and the vectors.
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "System Boot":
 * "FlexSPI Serial NOR Flash Boot Operation", "Image Vector Table and Boot
 * Data". Values are for the EVK: 8 MiB of quad NOR on port A.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/flash_layout.h"
#include "port/imxrt1060/fault.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/start.h"

/* --- flash configuration block -------------------------------------------- */

enum {
    FCB_TAG = 0x42464346, /* "FCFB" */
    FCB_VERSION = 0x56010400,
    SAMPLE_BY_DQS_PAD = 1, /* the clock comes back by a pad that is not used */
    HOLD_CYCLES = 3,
    SETUP_CYCLES = 3,
    SERIAL_NOR = 1,
    QUAD_PADS = 4,
    CLOCK_100_MHZ = 6,
    PAGE_BYTES = 0x100,
    BLOCK_BYTES = 0x10000,
    READ_QUAD_IO = 0xEB,
    QUAD_DUMMIES = 6, /* with the two mode cycles */
    ADDRESS_BITS = 24,
    SOME = 4,
};

struct fcb {
    uint32_t tag;
    uint32_t version;
    uint32_t reserved0;
    uint8_t sample_clock;
    uint8_t hold_cycles;
    uint8_t setup_cycles;
    uint8_t column_bits;
    uint8_t set_up_commands[48]; /* none: the chip is ready for quad reads */
    uint32_t controller_options;
    uint8_t device_type;
    uint8_t pads;
    uint8_t clock;
    uint8_t own_sequences;
    uint32_t reserved1[2];
    uint32_t bytes[4]; /* on A1, A2, B1, B2 */
    uint32_t pad_settings[8];
    uint32_t lut[64];
    uint32_t own_sequence[16]; /* and reserved words */
    uint32_t page_bytes;
    uint32_t sector_bytes;
    uint8_t command_clock; /* 0: as for reading */
    uint8_t is_uniform;
    uint8_t reserved2[6];
    uint32_t block_bytes;
    uint32_t reserved3[11];
};
_Static_assert(offsetof(struct fcb, controller_options) == 0x040, "FCB");
_Static_assert(offsetof(struct fcb, bytes) == 0x050, "FCB");
_Static_assert(offsetof(struct fcb, lut) == 0x080, "FCB");
_Static_assert(offsetof(struct fcb, page_bytes) == 0x1C0, "FCB");
_Static_assert(offsetof(struct fcb, block_bytes) == 0x1D0, "FCB");
_Static_assert(sizeof(struct fcb) == 0x200, "FCB");

__attribute__((section(".boot.fcb"), used)) static const struct fcb FCB = {
    .tag = FCB_TAG,
    .version = FCB_VERSION,
    .sample_clock = SAMPLE_BY_DQS_PAD,
    .hold_cycles = HOLD_CYCLES,
    .setup_cycles = SETUP_CYCLES,
    .device_type = SERIAL_NOR,
    .pads = QUAD_PADS,
    .clock = CLOCK_100_MHZ,
    .bytes = {FLASH_BYTES},
    .lut = {LUT_PAIR(LUT(LUT_CMD, LUT_1PAD, READ_QUAD_IO),
                     LUT(LUT_RADDR, LUT_4PADS, ADDRESS_BITS)),
            LUT_PAIR(LUT(LUT_DUMMY, LUT_4PADS, QUAD_DUMMIES),
                     LUT(LUT_READ, LUT_4PADS, SOME))},
    .page_bytes = PAGE_BYTES,
    .sector_bytes = FLASH_SECTOR_BYTES,
    .block_bytes = BLOCK_BYTES,
};

/* --- image vector table, boot data ---------------------------------------- */

struct boot_data {
    const void *start;
    const void *bytes; /* a symbol's value is a number */
    uint32_t plugin;
};

struct ivt {
    uint32_t header;
    const uint32_t *entry; /* a vector table */
    uint32_t reserved1;
    const void *dcd; /* none: no external RAM is set up */
    const struct boot_data *boot_data;
    const struct ivt *self;
    const void *csf; /* none: not signed for the ROM */
    uint32_t reserved2;
};

extern const uint8_t flash_start[], flash_used[]; /* of sbl.ld */

static const struct boot_data BOOT_DATA;
__attribute__((section(".boot.ivt"), used)) static const struct ivt IVT = {
    .header = 0x412000D1, /* tag D1, 32 bytes, version 4.1 */
    .entry = vectors,
    .boot_data = &BOOT_DATA,
    .self = &IVT,
};

__attribute__((section(".boot.data"),
               used)) static const struct boot_data BOOT_DATA = {
    .start = flash_start, .bytes = flash_used};

/* --- vectors -------------------------------------------------------------- */

/* No interrupt is ever enabled here. */
__attribute__((section(".boot.vectors"),
               used)) static const struct start_vectors VECTORS = {
    .stack = stack_top,
    .reset = start_reset,
    .handler = {fault, fault, fault, fault, fault, fault, fault, fault, fault,
                fault, fault, fault, fault, fault},
};
