/* boot_cut.c - power is lost in every flash operation of a device's life, torn
 * in every way, and once more in every operation of the recovery: parts that
 * remap. The lives and the rule are test/support/boot_lives.c.
 *
 * A failure prints what replays it alone, as in
 *     LIFE=update CUT=5 TEAR=4 CUT2=3 TEAR2=1 build/dev/tests/boot_cut
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/boot_lives.h"

int main(void)
{
    static const struct boot_ground REMAP = {
        .body_bytes = {300, 300, 300, 300},
        .sectors = {FLASH_BOOT_RECORD, FLASH_BOOT_RECORD + FLASH_SECTOR_BYTES,
                    FLASH_SLOT_1, FLASH_SLOT_2},
        .runs_in = 3,
        .second_every = 1,
    };

    return boot_lives_run(&REMAP);
}
