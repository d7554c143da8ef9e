/* fake_clock.c - time and dice under the test's control.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/fake/fake_clock.h"

static uint32_t now_ms(void *ctx)
{
    const struct fake_clock *c = ctx;
    return c->now_ms;
}

/* A linear congruential generator; its low bits are poor, so they are cut. */
static uint32_t next_u32(void *ctx)
{
    struct fake_rng *r = ctx;

    r->state = r->state * 1664525u + 1013904223u;
    return r->state >> 8 | r->state << 24;
}

void fake_clock_init(struct fake_clock *c, uint32_t start_ms)
{
    c->port.ctx = c;
    c->port.now_ms = now_ms;
    c->now_ms = start_ms;
}

void fake_rng_init(struct fake_rng *r, uint32_t seed)
{
    r->port.ctx = r;
    r->port.u32 = next_u32;
    r->state = seed;
}
