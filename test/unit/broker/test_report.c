/* test_report.c - how many lines a hostile client may write into the log.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "broker/report.h"

static void report_beyond_the_limit_is_counted_and_told_later(void **state)
{
    struct report_limit l = {0};

    (void)state;
    for (int i = 0; i < REPORT_LINES_PER_SECOND; i++)
        assert_true(report_allowed(&l, 7));
    assert_false(report_allowed(&l, 7));
    assert_false(report_allowed(&l, 7));
    assert_int_equal(report_held(&l, 7), 0);

    assert_int_equal(report_held(&l, 8), 2);
    assert_int_equal(report_held(&l, 8), 0);
    assert_true(report_allowed(&l, 8));
}

static void report_below_the_limit_holds_nothing(void **state)
{
    struct report_limit l = {0};

    (void)state;
    for (int64_t second = 1; second < 100; second++) {
        assert_true(report_allowed(&l, second));
        assert_int_equal(report_held(&l, second + 1), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_beyond_the_limit_is_counted_and_told_later),
        cmocka_unit_test(report_below_the_limit_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
