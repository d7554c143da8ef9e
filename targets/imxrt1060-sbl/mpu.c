/* mpu.c - see mpu.h. The table is the whole of it; of two regions that overlap
 * the later one counts.
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.5 "Protected Memory System
 * Architecture, PMSAv7".
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/mpu.h"

#include "boot/flash_layout.h"
#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

#define SIZE(log2)    (((uint32_t)(log2)-1) << 1)
#define NO_EXECUTE    0x10000000u
#define NO_ACCESS     0x00000000u
#define READ_WRITE    0x01000000u
#define READ_ONLY     0x05000000u
#define PLAIN         0x00080000u /* normal memory, not cached */
#define WRITE_THROUGH 0x00020000u
#define DEVICE        0x00010000u
#define REGION_ON     0x00000001u
#define MPU_ON        0x00000001u /* and no access where there is no region */

struct region {
    uint32_t base;
    uint32_t attributes;
};

static const struct region REGIONS[] = {
    /* Nobody; above all, the core does not guess ahead into devices. */
    {0, SIZE(32) | NO_ACCESS | NO_EXECUTE},
    {ITCM_BASE, SIZE(17) | READ_ONLY | PLAIN},
    /* The stack grows down to its first byte: an overflow is a fault. */
    {DTCM_BASE, SIZE(17) | READ_WRITE | NO_EXECUTE | PLAIN},
    {FLASH_BASE, SIZE(23) | READ_ONLY | NO_EXECUTE | WRITE_THROUGH},
    {FLASH_BASE, SIZE(20) | READ_ONLY | WRITE_THROUGH}, /* our own code */
    {DEVICE_BASE, SIZE(22) | READ_WRITE | NO_EXECUTE | DEVICE},
};
enum { REGION_COUNT = sizeof REGIONS / sizeof REGIONS[0] };
_Static_assert(FLASH_SLOT_1 == 1 << 20, "the bootloader lies below slot 1");
_Static_assert(FLASH_BYTES == 1 << 23, "size of the flash's region");

void mpu_begin(void)
{
    mpu_end();
    for (uint32_t i = 0; i < REGION_COUNT; i++) {
        MPU_RNR = i;
        MPU_RBAR = REGIONS[i].base;
        MPU_RASR = REGIONS[i].attributes | REGION_ON;
    }
    core_barrier();
    MPU_CTRL = MPU_ON;
    core_barrier();
}

void mpu_end(void)
{
    core_barrier();
    MPU_CTRL = 0;
    core_barrier();
    for (uint32_t i = 0; i < REGION_COUNT; i++) {
        MPU_RNR = i;
        MPU_RASR = 0;
        MPU_RBAR = 0;
    }
    MPU_RNR = 0;
    core_barrier();
}
