/* m7.h - caches, interrupts and reset of the core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_M7_H
#define TERN_PORT_IMXRT1060_M7_H

#include <stdint.h>

/* Off, empty. */
void m7_caches_off(void);
/* Both, empty. The MPU says what may be cached: call it after that. */
void m7_caches_on(void);

/* No interrupt is enabled or pending, SysTick stands: as after a reset. */
void m7_interrupts_quiet(void);

/* The core may be interrupted by it, at the lowest priority. The program's
 * table has its vector. */
void m7_interrupt_on(uint32_t irq);

/* A SysTick exception every millisecond, so that core_sleep() comes back. */
void m7_tick_on(void);

/* SYSRESETREQ. */
void m7_reset(void) __attribute__((noreturn));

#endif
