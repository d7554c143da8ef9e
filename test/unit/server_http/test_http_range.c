/* test_http_range.c - what a Range header gets: each row one request.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "server/http/http_range.h"

enum { SIZE = 1000 };

struct row {
    const char *header;
    enum http_range_verdict verdict;
    uint64_t first, last;
};

static const struct row ROWS[] = {
    {NULL, RANGE_WHOLE, 0, 0},
    {"bytes=0-", RANGE_PART, 0, 999},
    {"bytes=0-0", RANGE_PART, 0, 0},
    {"bytes=10-19", RANGE_PART, 10, 19},
    {"BYTES=10-19", RANGE_PART, 10, 19},
    {"bytes=999-", RANGE_PART, 999, 999},
    {"bytes=990-5000", RANGE_PART, 990, 999},
    {"bytes=990-99999999999999999999999", RANGE_PART, 990, 999},
    {"bytes=-1", RANGE_PART, 999, 999},
    {"bytes=-5000", RANGE_PART, 0, 999},
    {"bytes=1000-", RANGE_BEYOND, 0, 0},
    {"bytes=1000-1001", RANGE_BEYOND, 0, 0},
    {"bytes=18446744073709551616-", RANGE_BEYOND, 0, 0},
    {"bytes=-0", RANGE_BEYOND, 0, 0},
    /* not understood, so as if it were not there */
    {"", RANGE_WHOLE, 0, 0},
    {"bytes=", RANGE_WHOLE, 0, 0},
    {"bytes=-", RANGE_WHOLE, 0, 0},
    {"bytes=5", RANGE_WHOLE, 0, 0},
    {"bytes=9-5", RANGE_WHOLE, 0, 0},
    {"bytes=0-1,5-6", RANGE_WHOLE, 0, 0},
    {"bytes= 0-1", RANGE_WHOLE, 0, 0},
    {"bytes=0-1 ", RANGE_WHOLE, 0, 0},
    {"bytes=+1-2", RANGE_WHOLE, 0, 0},
    {"bytes=0x1-2", RANGE_WHOLE, 0, 0},
    {"bytes=--1", RANGE_WHOLE, 0, 0},
    {"lines=0-1", RANGE_WHOLE, 0, 0},
};

static void range_each_header_gets_its_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct row *row = &ROWS[i];

        struct http_range got = http_range_parse(row->header, SIZE);

        if (got.verdict != row->verdict || got.first != row->first ||
            got.last != row->last)
            fail_msg("%s: verdict %d, %llu-%llu", row->header, (int)got.verdict,
                     (unsigned long long)got.first,
                     (unsigned long long)got.last);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_each_header_gets_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
