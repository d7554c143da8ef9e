/* report.h - how many lines a hostile client may write into the log.
 *
 * Tests: test/unit/broker/test_report.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_REPORT_H
#define TERN_BROKER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

enum { REPORT_LINES_PER_SECOND = 20 };

/* Begins as zeros. */
struct report_limit {
    int64_t second; /* that `lines` counts in */
    unsigned lines;
    unsigned held; /* not written since the last report_held() */
};

/* May one more line be written now? If not, it is counted. */
bool report_allowed(struct report_limit *l, int64_t now_s);

/* How many were held back in a second that is over; counts anew then. */
unsigned report_held(struct report_limit *l, int64_t now_s);

#endif
