/* trng.h - random numbers from the chip's noise.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_TRNG_H
#define TERN_PORT_IMXRT1060_TRNG_H

#include "port/port_rng.h"

struct trng {
    struct port_rng port;
    uint32_t next; /* of the words of the present run */
};

/* Starts the generator. There is one. t must not move from then on.
 *
 * u32(): one of sixteen words that a run of the generator gives; waits for the
 * next run when they are used up (typically some ms on silicon). When the
 * generator's own tests say that the noise is bad, it is started again; one
 * that stays bad has no numbers to give, and the watchdog ends the wait. */
void trng_begin(struct trng *t);

#endif
