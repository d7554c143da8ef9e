/* report.c - how many lines a hostile client may write into the log.
 *
 * Tests: test/unit/broker/test_report.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/report.h"

bool report_allowed(struct report_limit *l, int64_t now_s)
{
    if (l->second != now_s) {
        l->second = now_s;
        l->lines = 0;
    }
    if (l->lines < REPORT_LINES_PER_SECOND) {
        l->lines++;
        return true;
    }
    l->held++;
    return false;
}

unsigned report_held(struct report_limit *l, int64_t now_s)
{
    if (l->held == 0 || l->second == now_s)
        return 0;
    unsigned held = l->held;
    l->held = 0;
    return held;
}
