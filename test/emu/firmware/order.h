/* order.h - in which order handlers begin and end, as hexadecimal digits.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_ORDER_H
#define TERN_TEST_EMU_ORDER_H

#include <stdint.h>

enum {
    A_BEGINS = 1,
    A_ENDS,
    B_BEGINS,
    B_ENDS,
    C_BEGINS,
    C_ENDS,
    D_BEGINS,
    D_ENDS,
    OTHER, /* order_other() */
};

/* Enables IRQ_A..IRQ_D with these priorities and handlers that note. */
void order_begin(const uint8_t priorities[4]);
/* What the handler of IRQ_A..IRQ_D does between its begin and its end. */
void order_do(unsigned irq, void (*action)(void));
void order_note(uint32_t digit);
void order_other(void); /* a handler that notes OTHER */
uint32_t order(void);   /* the digits, the last one lowest */

#endif
