/* posix_rng.c - random numbers from the kernel.
 *
 * Tests: test/unit/port_posix/test_posix_log.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static uint32_t random_u32(void *ctx)
{
    uint32_t v = 0;

    (void)ctx;
    /* Up to 256 bytes come whole once the pool is ready (getrandom(2)). */
    if (getrandom(&v, sizeof v, 0) != (ssize_t)sizeof v) {
        perror("random numbers: getrandom");
        abort();
    }
    return v;
}

struct port_rng posix_rng(void)
{
    return (struct port_rng){.ctx = NULL, .u32 = random_u32};
}
