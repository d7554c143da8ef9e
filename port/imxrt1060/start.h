/* start.h - from reset to main().
 *
 * What the program brings along: main(), which never returns, and a linker
 * script with the symbols that start.c names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_START_H
#define TERN_PORT_IMXRT1060_START_H

#include <stdint.h>

/* Symbols of the linker script. */
extern const uint8_t stack_top[];
extern const uint32_t vectors[]; /* the program's table; 1 KiB aligned */

/* The exceptions of the core; interrupts would come behind them. */
struct start_vectors {
    const void *stack;
    void (*reset)(void);
    void (*handler[14])(void);
};

/* The vector table's entry 1: interrupts off, the stack, the memories filled,
 * then main(). */
void start_reset(void) __attribute__((noreturn));

int main(void);

#endif
