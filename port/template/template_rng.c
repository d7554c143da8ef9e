/* template_rng.c - random numbers.
 *
 * The agent draws its retry jitter from it, so two devices of one fleet must
 * not give the same sequence: a chip without a random source mixes its unique
 * identifier and an ADC's noise. For TLS a hardware source is a must: one that
 * always gives 0, as this one, makes every key known.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/template/template.h"

static uint32_t rng_u32(void *ctx)
{
    (void)ctx;
    return 0;
}

struct port_rng template_rng(void)
{
    return (struct port_rng){.u32 = rng_u32};
}
