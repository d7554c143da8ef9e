/* remap.c - see remap.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "IOMUX Controller",
 * IOMUXC_GPR30, GPR31, GPR32. There is no enable bit. A window with distance
 * zero shows what is there anyway, so the distance is the first to go and the
 * last to come: between the writes the window never holds half of a setting,
 * and the caller's own code never moves away under it.
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/remap.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

void remap_off(void)
{
    GPR32_REMAP_OFFSET = 0;
    core_barrier();
    GPR30_REMAP_START = 0;
    GPR31_REMAP_END = 0;
    core_barrier();
}

void remap_on(uint32_t from, uint32_t bytes, uint32_t to)
{
    remap_off();
    GPR30_REMAP_START = FLASH_BASE + from;
    GPR31_REMAP_END = FLASH_BASE + from + bytes;
    core_barrier();
    GPR32_REMAP_OFFSET = to - from;
    core_barrier();
}
