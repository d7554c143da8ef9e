/* test_package_step.c - verification states, every pair.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/core/package_step.h"

static void package_step_every_pair_is_as_written_down(void **state)
{
    /* VERIFY, SUCCEEDED, OVER */
    static const enum package_state GRID[PACKAGE_STATES][PACKAGE_EVENTS] = {
        [PACKAGE_NOT_NEEDED] = {PACKAGE_NOT_NEEDED, PACKAGE_NOT_NEEDED,
                                PACKAGE_NOT_NEEDED},
        [PACKAGE_UNVERIFIED] = {PACKAGE_VERIFYING, PACKAGE_UNVERIFIED,
                                PACKAGE_UNVERIFIED},
        [PACKAGE_VERIFYING] = {PACKAGE_VERIFYING, PACKAGE_VERIFIED,
                               PACKAGE_VERIFY_FAILED},
        [PACKAGE_VERIFIED] = {PACKAGE_VERIFIED, PACKAGE_VERIFIED,
                              PACKAGE_VERIFIED},
        [PACKAGE_VERIFY_FAILED] = {PACKAGE_VERIFYING, PACKAGE_VERIFY_FAILED,
                                   PACKAGE_VERIFY_FAILED},
    };

    (void)state;
    for (int s = 0; s < PACKAGE_STATES; s++) {
        for (int e = 0; e < PACKAGE_EVENTS; e++)
            assert_int_equal(
                package_step((enum package_state)s, (enum package_event)e),
                GRID[s][e]);
    }
}

static void package_that_needs_none_may_not_be_verified(void **state)
{
    (void)state;
    for (int s = 0; s < PACKAGE_STATES; s++)
        assert_int_equal(package_may_verify((enum package_state)s),
                         s != PACKAGE_NOT_NEEDED);
}

static void job_without_open_tasks_is_completed(void **state)
{
    (void)state;
    assert_int_equal(job_step(JOB_IN_PROGRESS, true), JOB_IN_PROGRESS);
    assert_int_equal(job_step(JOB_IN_PROGRESS, false), JOB_COMPLETED);
    assert_int_equal(job_step(JOB_CANCELED, false), JOB_CANCELED);
    assert_int_equal(job_step(JOB_PLANNED, false), JOB_PLANNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package_step_every_pair_is_as_written_down),
        cmocka_unit_test(package_that_needs_none_may_not_be_verified),
        cmocka_unit_test(job_without_open_tasks_is_completed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
