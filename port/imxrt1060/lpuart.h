/* lpuart.h - LPUART1, the EVK's console: 115200 8N1, polled.
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

void lpuart_send(const void *bytes, size_t len); /* blocks */

/* The receiver is on until the next byte has come, so that nothing is lost in
 * a program that seldom looks. False: none yet. */
bool lpuart_receive(uint8_t *byte);

#endif
