/* fake_clock.h - time and dice under the test's control.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_FAKE_CLOCK_H
#define TERN_FAKE_CLOCK_H

#include "port/port_clock.h"
#include "port/port_rng.h"

struct fake_clock {
    struct port_clock port;
    uint32_t now_ms; /* set it to whatever the test needs */
};

/* The same numbers in every run. */
struct fake_rng {
    struct port_rng port;
    uint32_t state;
};

/* port.ctx points into the struct: do not copy it afterwards. */
void fake_clock_init(struct fake_clock *c, uint32_t now_ms);
void fake_rng_init(struct fake_rng *r, uint32_t seed);

#endif
