/* sbl_memory.c - see sbl_memory.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/sbl_memory.h"

#include "boot/flash_layout.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/mpu.h"

static const struct mpu_region REGIONS[] = {
    /* Nobody; above all, the core does not guess ahead into devices. */
    {0, MPU_SIZE(32) | MPU_NO_ACCESS | MPU_NO_EXECUTE},
    {ITCM_BASE, MPU_SIZE(17) | MPU_READ_ONLY | MPU_PLAIN},
    /* What follows a NULL pointer; program.ld puts nothing there. */
    {ITCM_BASE, MPU_SIZE(8) | MPU_NO_ACCESS | MPU_NO_EXECUTE},
    /* The stack grows down to its first byte: an overflow is a fault. */
    {DTCM_BASE, MPU_SIZE(17) | MPU_READ_WRITE | MPU_NO_EXECUTE | MPU_PLAIN},
    {FLASH_BASE,
     MPU_SIZE(23) | MPU_READ_ONLY | MPU_NO_EXECUTE | MPU_WRITE_THROUGH},
    {FLASH_BASE, MPU_SIZE(20) | MPU_READ_ONLY | MPU_WRITE_THROUGH}, /* own */
    {DEVICE_BASE, MPU_SIZE(22) | MPU_READ_WRITE | MPU_NO_EXECUTE | MPU_DEVICE},
};
_Static_assert(FLASH_SLOT_1 == 1 << 20, "the bootloader lies below slot 1");
_Static_assert(FLASH_BYTES == 1 << 23, "size of the flash's region");

void sbl_memory_begin(void)
{
    mpu_begin(REGIONS, sizeof REGIONS / sizeof REGIONS[0]);
}
