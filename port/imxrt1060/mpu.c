/* mpu.c - see mpu.h.
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.5 "Protected Memory System
 * Architecture, PMSAv7", B1.5 "ARMv7-M exception model".
 * Tests: test/system/test_memory_map.py, test/system/test_sfw_start.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/mpu.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

#define REGION_ON 0x00000001u
#define MPU_ON    0x00000001u /* and no access where there is no region */

void mpu_begin(const struct mpu_region *regions, uint32_t count)
{
    mpu_end();
    for (uint32_t i = 0; i < count; i++) {
        MPU_RNR = i;
        MPU_RBAR = regions[i].base;
        MPU_RASR = regions[i].attributes | REGION_ON;
    }
    SCB_SHCSR |= SHCSR_FAULTS;
    core_barrier();
    MPU_CTRL = MPU_ON;
    core_barrier();
}

void mpu_end(void)
{
    core_barrier();
    MPU_CTRL = 0;
    core_barrier();
    for (uint32_t i = 0; i < MPU_REGIONS_MAX; i++) {
        MPU_RNR = i;
        MPU_RASR = 0;
        MPU_RBAR = 0;
    }
    MPU_RNR = 0;
    SCB_SHCSR &= ~SHCSR_FAULTS;
    core_barrier();
}
