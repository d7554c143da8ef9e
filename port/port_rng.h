/* port_rng.h - random numbers: jitter, ports, and what seeds TLS.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_RNG_H
#define TERN_PORT_RNG_H

#include <stdint.h>

struct port_rng {
    void *ctx;
    uint32_t (*u32)(
        void *ctx); /* uniform; from a hardware source if there is one */
};

#endif
