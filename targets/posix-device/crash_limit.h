/* crash_limit.h - how long to wait before the next start, so that a program
 * that crashes at once does not keep the machine busy.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CRASH_LIMIT_H
#define TERN_CRASH_LIMIT_H

#include <stdint.h>

enum {
    CRASH_LIMIT_COUNT = 5,         /* so many crashes ... */
    CRASH_LIMIT_WINDOW_MS = 10000, /* ... within this time: */
    CRASH_LIMIT_WAIT_MS = 1000,    /* wait before the next start */
};

struct crash_limit {
    uint64_t at_ms[CRASH_LIMIT_COUNT]; /* ring of the last crashes */
    unsigned count;                    /* of all crashes */
};

/* A program crashed at now_ms (monotonic). Start from an all-zero struct.
 *
 * Returns milliseconds to wait: 0 or CRASH_LIMIT_WAIT_MS. */
uint32_t crash_limit_note(struct crash_limit *c, uint64_t now_ms);

#endif
