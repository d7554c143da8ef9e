/* core.h - Cortex-M7 instructions that C has no words for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_CORE_H
#define TERN_PORT_IMXRT1060_CORE_H

#include <stdint.h>

/* In ITCM, so that it can run while the flash is busy. What such a function
 * calls or reads must be there too: no memcpy, no constant table, no string. */
#define RAM_CODE __attribute__((section(".ramfunc"), noinline))
#define IN_PLACE static inline __attribute__((always_inline))

/* Everything before it has happened, also for what the core fetches next. */
IN_PLACE void core_barrier(void)
{
    __asm__ volatile("dsb\n isb" : : : "memory");
}

/* Interrupts off; the answer is what core_irq_restore() wants. */
IN_PLACE uint32_t core_irq_off(void)
{
    uint32_t before;

    __asm__ volatile("mrs %0, primask\n cpsid i" : "=r"(before) : : "memory");
    return before;
}

IN_PLACE void core_irq_restore(uint32_t before)
{
    __asm__ volatile("msr primask, %0" : : "r"(before) : "memory");
}

/* Sleep until there is an interrupt, masked or not. */
IN_PLACE void core_sleep(void)
{
    __asm__ volatile("dsb\n wfi" : : : "memory");
}

#endif
