/* console.c - LPUART1 without interrupts, 115200 baud from the 24 MHz crystal.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapter "Low Power Universal
 * Asynchronous Receiver/Transmitter (LPUART)"; Arm "Semihosting for AArch32 and
 * AArch64", SYS_EXIT_EXTENDED.
 *
 * SPDX-License-Identifier: MIT
 */
#include "console.h"

#include "board.h"
#include "core.h"

enum {
    OVERSAMPLING = 16,
    DIVIDER = 13, /* 24 MHz / 16 / 13 = 115385 */
    SYS_EXIT_EXTENDED = 0x20,
    APPLICATION_EXIT = 0x20026,
};

void console_open(void)
{
    CCM_CSCDR1 = (CCM_CSCDR1 & ~0x7Fu) | CCM_CSCDR1_UART_OSC;
    CCM_CCGR5 |= CCM_CCGR5_LPUART1;
    MUX_GPIO_AD_B0_12 = MUX_ALT2;
    MUX_GPIO_AD_B0_13 = MUX_ALT2;
    LPUART1_CTRL = 0;
    LPUART1_BAUD = (OVERSAMPLING - 1) << 24 | DIVIDER;
    LPUART1_CTRL = LPUART_CTRL_TE_RE;
}

void put_char(char c)
{
    while (!(LPUART1_STAT & LPUART_STAT_TDRE)) {
    }
    LPUART1_DATA = (uint8_t)c;
}

void put_text(const char *text)
{
    while (*text)
        put_char(*text++);
}

void put_hex(uint32_t value)
{
    put_text("0x");
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789ABCDEF"[value >> shift & 0xF]);
}

void put_number(uint32_t value)
{
    char digits[10];
    unsigned n = 0;

    do
        digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (n > 0)
        put_char(digits[--n]);
}

char get_char(void)
{
    while (!(LPUART1_STAT & LPUART_STAT_RDRF)) {
    }
    return (char)LPUART1_DATA;
}

void console_drain(void)
{
    while (!(LPUART1_STAT & LPUART_STAT_TC)) {
    }
}

void leave(uint32_t code)
{
    const uint32_t block[2] = {APPLICATION_EXIT, code};
    register uint32_t r0 __asm__("r0") = SYS_EXIT_EXTENDED;
    register const uint32_t *r1 __asm__("r1") = block;

    console_drain();
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    for (;;) {
    }
}
