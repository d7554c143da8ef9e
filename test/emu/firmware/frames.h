/* frames.h - asks the gateway of the emulated network, by raw frames.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_FRAMES_H
#define TERN_TEST_EMU_FRAMES_H

#include <stdint.h>

struct frames {
    uint32_t sent, answered, damaged; /* ARP requests, and their replies */
    uint32_t refused;                 /* resets of connections not allowed */
};

/* Asks `rounds` times who the gateway is, then tries to connect to a host that
 * no rule names. */
void frames_run(struct frames *out, uint32_t rounds);

#endif
