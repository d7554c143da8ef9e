/* downgrade_refused.c - versions only go up; the same one again is no step
 * down.
 *
 * Tests: test/unit/boot/test_boot_downgrade.c, test/sweep/boot_cut.c as
 * downgrade_cut
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/downgrade.h"

bool downgrade_may_run(const struct version *candidate,
                       const struct version *confirmed)
{
    return version_compare(candidate, confirmed) >= 0;
}
