/* downgrade_refused.c - versions only go up; the same one again is no step
 * down.
 *
 * Tests: test/unit/boot/test_boot_downgrade.c, test/sweep/boot_cut.c as
 * downgrade_cut
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/downgrade.h"

#include "boot/boot_api.h"

bool downgrade_may_run(const struct version *candidate,
                       const struct port_flash *f, enum slot active)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, f, active);
    struct image_info info;

    return image_parse(&info, &src, NULL) != OTA_OK ||
           version_compare(candidate, &info.version) >= 0;
}
