/* downgrade_allowed.c - a signed image may run whatever its version.
 *
 * Tests: test/sweep/boot_cut.c, life `downgrade`
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/downgrade.h"

bool downgrade_may_run(const struct version *candidate,
                       const struct port_flash *f, enum slot active)
{
    (void)candidate;
    (void)f;
    (void)active;
    return true;
}
