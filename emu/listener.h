/* listener.h - a loopback TCP or unix socket on which one peer at a time is
 * served. For the UART and for gdb.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_LISTENER_H
#define TERN_EMU_LISTENER_H

#include <stdint.h>

#include "emu/board.h"

/* A listening socket on 127.0.0.1; *port 0: the system picks one, and says
 * which. -1: why. */
int listener_tcp(uint16_t *port, struct board_why *why);
/* At path; a socket that an ended board left there is replaced. */
int listener_unix(const char *path, struct board_why *why);
/* The next peer, non-blocking, or -1 if there is none. */
int listener_accept(int listener);

#endif
