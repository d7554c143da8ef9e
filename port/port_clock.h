/* port_clock.h - time since power-on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_CLOCK_H
#define TERN_PORT_CLOCK_H

#include <stdint.h>

struct port_clock {
    void *ctx;
    uint32_t (*now_ms)(void *ctx); /* monotonic; wraps after 49.7 days */
};

#endif
