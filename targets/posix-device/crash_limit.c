/* crash_limit.c - how long to wait before the next start after a crash.
 *
 * Tests: test/unit/targets_posix-device/test_crash_limit.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/posix-device/crash_limit.h"

uint32_t crash_limit_note(struct crash_limit *c, uint64_t now_ms)
{
    c->at_ms[c->count % CRASH_LIMIT_COUNT] = now_ms;
    c->count++;
    if (c->count < CRASH_LIMIT_COUNT)
        return 0;
    /* The next place of the ring holds the oldest of the last ones. */
    uint64_t oldest = c->at_ms[c->count % CRASH_LIMIT_COUNT];
    return now_ms - oldest <= CRASH_LIMIT_WINDOW_MS ? CRASH_LIMIT_WAIT_MS : 0;
}
