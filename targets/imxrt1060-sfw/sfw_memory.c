/* sfw_memory.c - see sfw_memory.h.
 *
 * Only the window of slot 1 executes, which shows slot 2 when that runs. The
 * Ethernet's rings lie in DTCM, which no cache stands before (enet.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sfw/sfw_memory.h"

#include "boot/flash_layout.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/mpu.h"

static const struct mpu_region REGIONS[] = {
    /* Nobody; above all, the core does not guess ahead into devices. */
    {0, MPU_SIZE(32) | MPU_NO_ACCESS | MPU_NO_EXECUTE},
    {ITCM_BASE, MPU_SIZE(17) | MPU_READ_ONLY | MPU_PLAIN},
    /* What follows a NULL pointer; program.ld puts nothing there. */
    {ITCM_BASE, MPU_SIZE(8) | MPU_NO_ACCESS | MPU_NO_EXECUTE},
    /* The stack guard: the stack grows down to the first byte of this region,
     * and below it is nobody's. */
    {DTCM_BASE, MPU_SIZE(17) | MPU_READ_WRITE | MPU_NO_EXECUTE | MPU_PLAIN},
    {FLASH_BASE + FLASH_SLOT_1,
     MPU_SIZE(20) | MPU_READ_ONLY | MPU_WRITE_THROUGH},
    {DEVICE_BASE, MPU_SIZE(22) | MPU_READ_WRITE | MPU_NO_EXECUTE | MPU_DEVICE},
};
_Static_assert(FLASH_SLOT_BYTES == 1 << 20, "size of the slot's region");

void sfw_memory_begin(void)
{
    mpu_begin(REGIONS, sizeof REGIONS / sizeof REGIONS[0]);
    m7_caches_on();
}
