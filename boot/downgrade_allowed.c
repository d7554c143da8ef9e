/* downgrade_allowed.c - a signed image may run whatever its version.
 *
 * Tests: test/sweep/boot_cut.c, life `downgrade`
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/downgrade.h"

bool downgrade_is_refused(const struct boot_record *r, enum slot s,
                          const struct version *v, const struct port_flash *f)
{
    (void)r;
    (void)s;
    (void)v;
    (void)f;
    return false;
}
