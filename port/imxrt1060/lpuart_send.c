/* lpuart_send.c - lpuart_send() for a program that may wait: each byte by hand.
 * The other choice is lpuart_queue.c.
 *
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"

void lpuart_send(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < len; i++) {
        while (!(LPUART1_STAT & LPUART_STAT_TDRE)) {
        }
        LPUART1_DATA = p[i];
    }
}

void lpuart_flush(void)
{
    while (!(LPUART1_STAT & LPUART_STAT_TC)) {
    }
}
