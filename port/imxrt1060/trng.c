/* trng.c - see trng.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "True Random Number
 * Generator". The limits of its statistical tests stay as reset leaves them.
 * Tests: test/system/test_sfw.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/trng.h"

#include "port/imxrt1060/imxrt1060_regs.h"

/* Program mode sets the defaults; leaving it begins a run. */
static void start(void)
{
    TRNG_MCTL = TRNG_MCTL_PRGM | TRNG_MCTL_RST_DEF | TRNG_MCTL_ERR;
    TRNG_MCTL = TRNG_MCTL_PRGM | TRNG_MCTL_VON_NEUMANN;
    TRNG_MCTL = TRNG_MCTL_VON_NEUMANN;
}

static void wait_valid(void)
{
    uint32_t seen;

    while (!((seen = TRNG_MCTL) & TRNG_MCTL_ENT_VAL))
        if (seen & TRNG_MCTL_ERR)
            start();
}

static uint32_t u32(void *ctx)
{
    struct trng *t = ctx;

    wait_valid();
    uint32_t word = TRNG_ENT(t->next);
    t->next = (t->next + 1) % TRNG_WORDS; /* reading the last begins a run */
    return word;
}

void trng_begin(struct trng *t)
{
    CCM_CCGR6 |= CCGR6_TRNG;
    start();
    *t = (struct trng){.port = {.ctx = t, .u32 = u32}};
}
