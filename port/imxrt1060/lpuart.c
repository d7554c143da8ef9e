/* lpuart.c - see lpuart.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "Low Power Universal
 * Asynchronous Receiver/Transmitter"; the pins are those of the EVK.
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/lpuart.h"

#include "port/imxrt1060/imxrt1060_regs.h"

enum { OVERSAMPLING = 16, DIVIDER = 13, BAUD = 115200 };
_Static_assert(OSC_HZ / OVERSAMPLING / DIVIDER - BAUD < BAUD / 50,
               "the rate is off by more than 2 %");

static void reset(void)
{
    LPUART1_GLOBAL = LPUART_RST;
    LPUART1_GLOBAL = 0;
}

void lpuart_begin(void)
{
    CCM_CSCDR1 = (CCM_CSCDR1 & ~CSCDR1_UART) | CSCDR1_UART_OSC;
    CCM_CCGR5 |= CCGR5_LPUART1;
    MUX_GPIO_AD_B0_12 = MUX_ALT2_LPUART1;
    MUX_GPIO_AD_B0_13 = MUX_ALT2_LPUART1;
    reset();
    LPUART1_BAUD = (OVERSAMPLING - 1u) << LPUART_OSR_LOW | DIVIDER;
    LPUART1_CTRL = LPUART_CTRL_TE;
}

void lpuart_end(void)
{
    lpuart_flush();
    reset();
}

bool lpuart_receive(uint8_t *byte)
{
    LPUART1_CTRL |= LPUART_CTRL_RE;
    if (!(LPUART1_STAT & LPUART_STAT_RDRF))
        return false;
    *byte = (uint8_t)LPUART1_DATA;
    LPUART1_CTRL &= ~LPUART_CTRL_RE;
    return true;
}
