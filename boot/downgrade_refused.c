/* downgrade_refused.c - versions only go up; the same one again is no step
 * down.
 *
 * Tests: test/unit/boot/test_boot_downgrade.c, test/sweep/boot_cut.c as
 * downgrade_cut
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/downgrade.h"

#include "boot/boot_step.h"

bool downgrade_is_refused(const struct boot_record *r, enum slot s,
                          const struct version *v, const struct port_flash *f)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, f, r->active);
    struct image_info info;

    if (s == r->active || boot_preferred(r) != s)
        return false; /* it is no update, or a fallback */
    return image_parse(&info, &src, NULL) == OTA_OK &&
           version_compare(v, &info.version) < 0;
}
