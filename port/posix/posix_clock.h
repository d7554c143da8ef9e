/* posix_clock.h - time since the program started, from CLOCK_MONOTONIC.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_CLOCK_H
#define TERN_POSIX_CLOCK_H

#include <stdint.h>

#include "port/port_clock.h"

struct posix_clock {
    struct port_clock port;
    uint64_t start_ms; /* monotonic time of posix_clock_init() */
};

/* Milliseconds of CLOCK_MONOTONIC; does not wrap. */
uint64_t posix_monotonic_ms(void);

/* c->port.now_ms counts from here. A boot core and the program it starts each
 * have their own clock, as on a board, where each sets up its own timer. */
void posix_clock_init(struct posix_clock *c);

#endif
