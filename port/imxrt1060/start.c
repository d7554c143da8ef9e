/* start.c - see start.h. Nothing here may use data before it is there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/start.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

/* Of the linker script. */
extern uint32_t ramfunc_load[], ramfunc_start[], ramfunc_end[];
extern uint32_t data_load[], data_start[], data_end[];
extern uint32_t bss_start[], bss_end[];

static void copy(uint32_t *to, const uint32_t *end, const uint32_t *from)
{
    while (to < end)
        *to++ = *from++;
}

__attribute__((noreturn, used)) static void start_memories(void)
{
    SCB_VTOR = (uint32_t)(uintptr_t)vectors;
    copy(ramfunc_start, ramfunc_end, ramfunc_load);
    copy(data_start, data_end, data_load);
    for (uint32_t *p = bss_start; p < bss_end; p++)
        *p = 0;
    core_barrier();
    (void)main();
    for (;;)
        core_sleep();
}

/* Whoever started us may have had another stack. */
__attribute__((naked)) void start_reset(void)
{
    __asm__("cpsid i\n"
            "ldr r0, =stack_top\n"
            "msr msp, r0\n"
            "b start_memories\n");
}
