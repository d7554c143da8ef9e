/* console.h - LPUART1, and the end of the run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_CONSOLE_H
#define TERN_TEST_EMU_CONSOLE_H

#include <stdint.h>

void console_open(void);
void put_char(char c);
void put_text(const char *text);
void put_hex(uint32_t value);
void put_number(uint32_t value);
char get_char(void);      /* waits */
void console_drain(void); /* waits until all has been sent */

/* Semihosting SYS_EXIT_EXTENDED. */
void leave(uint32_t code) __attribute__((noreturn));

#endif
