/* lpuart.h - LPUART1, the EVK's console: 115200 8N1, by hand or by
 * a queue.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_LPUART_H
#define TERN_PORT_IMXRT1060_LPUART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ready to send; what comes in is not looked at. */
void lpuart_begin(void);
/* The last byte has left; as after a reset. */
void lpuart_end(void);

/* By lpuart_send.c, which waits for the wire, or lpuart_queue.c, which does
 * not: the program links one. */
void lpuart_send(const void *bytes, size_t len);
void lpuart_flush(void); /* waits: all that was sent has left */

/* Of lpuart_queue.c: the vector for LPUART1_IRQ. */
void lpuart_interrupt(void);

/* The receiver is on until the next byte has come, so that nothing is lost in
 * a program that seldom looks. False: none yet. */
bool lpuart_receive(uint8_t *byte);

#endif
