/* uart_sink.h - where the board's console goes and comes from: this terminal
 * or pipe, a file (out only), or a socket that one peer at a time uses.
 *
 * A socket listens from the start; what the board says while nobody is
 * connected is kept (the last 64 KiB) and told to the next peer.
 * Tests: test/system/test_board.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_UART_SINK_H
#define TERN_EMU_UART_SINK_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"

struct uart_sink;

/* where: "-", a file name, "unix:PATH", "tcp:PORT" (on 127.0.0.1; 0: the
 * system picks one). NULL: why says what is wrong. */
struct uart_sink *uart_sink_open(const char *where, struct board_why *why);
void uart_sink_close(struct uart_sink *u); /* flushes; NULL is fine */

void uart_sink_put(struct uart_sink *u, uint8_t byte);
void uart_sink_flush(struct uart_sink *u);

/* What has come, at most cap bytes; never waits. */
size_t uart_sink_get(struct uart_sink *u, uint8_t *bytes, size_t cap);
/* What to poll() for until uart_sink_get() may have something; fd < 0: it never
 * will, for now. */
struct pollfd uart_sink_poll(const struct uart_sink *u);

bool uart_sink_is_terminal(const struct uart_sink *u); /* keys, raw mode */
bool uart_sink_is_live(const struct uart_sink *u);     /* a person or a peer */
/* The last byte that went out did not end a line. */
bool uart_sink_in_line(const struct uart_sink *u);
uint16_t uart_sink_port(const struct uart_sink *u); /* tcp; else 0 */

#endif
