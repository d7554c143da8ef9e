/* fault.h - every exception that nobody asked for: says where, on the console.
 *
 * The program brings along FAULT_WHO, which begins the line, and fault_end(),
 * which is called after it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_FAULT_H
#define TERN_PORT_IMXRT1060_FAULT_H

extern const char FAULT_WHO[]; /* "bootloader" */
void fault_end(void) __attribute__((noreturn));

/* The handler. Works without the program's data and on a full stack, but not
 * while the flash is busy: what runs then is flexspi_flash.c alone. */
void fault(void);

#endif
