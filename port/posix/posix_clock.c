/* posix_clock.c - time since the program started, from CLOCK_MONOTONIC.
 *
 * Tests: test/unit/port_posix/test_posix_log.c (the stamp of a line)
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_clock.h"

#include <time.h>

uint64_t posix_monotonic_ms(void)
{
    struct timespec t;

    /* Fails only for a clock that does not exist; this one always does. */
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static uint32_t now_ms(void *ctx)
{
    const struct posix_clock *c = ctx;

    return (uint32_t)(posix_monotonic_ms() - c->start_ms);
}

void posix_clock_init(struct posix_clock *c)
{
    c->start_ms = posix_monotonic_ms();
    c->port = (struct port_clock){.ctx = c, .now_ms = now_ms};
}
