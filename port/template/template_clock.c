/* template_clock.c - milliseconds since power-on.
 *
 * Monotonic, never set by anybody, and wraps from 0xffffffff to 0; the core
 * subtracts, so the wrap is harmless. A SysTick counter is right; read it in
 * one piece (32 bits) or with interrupts off. It must go on while the flash is
 * busy, or time-outs stretch.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/template/template.h"

static uint32_t clock_now_ms(void *ctx)
{
    (void)ctx;
    return 0;
}

struct port_clock template_clock(void)
{
    return (struct port_clock){.now_ms = clock_now_ms};
}
