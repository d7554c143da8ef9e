/* swap_cut.c - power is lost in every flash operation of a device's life, torn
 * in every way, and once more in the recovery: parts that do not remap, where
 * the slots exchange their contents (boot/boot_place_swap.c). The lives and the
 * rule are test/support/boot_lives.c; the images have two, three and one
 * sectors, so the exchanges carry the longer of two over.
 *
 * Replay as for boot_cut.c. SWEEP=all tries every second cut.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/boot_lives.h"

enum { SECTOR = FLASH_SECTOR_BYTES };

int main(void)
{
    static const struct boot_ground SWAP = {
        .body_bytes = {SECTOR + 700, 2 * SECTOR + 100, 300, SECTOR + 300},
        .sectors = {FLASH_BOOT_RECORD, FLASH_BOOT_RECORD + SECTOR,
                    FLASH_EXCHANGE_MARKS, FLASH_SLOT_1, FLASH_SLOT_1 + SECTOR,
                    FLASH_SLOT_1 + 2 * SECTOR, FLASH_SLOT_1 + 3 * SECTOR,
                    FLASH_SLOT_2, FLASH_SLOT_2 + SECTOR,
                    FLASH_SLOT_2 + 2 * SECTOR},
        .moves = {{FLASH_EXCHANGE_MARKS, FLASH_EXCHANGE_MARKS_BYTES},
                  {FLASH_SLOT_1, 4 * SECTOR},
                  {FLASH_SLOT_2, 3 * SECTOR}},
        .runs_in = 1,
        .second_every = 47,
    };

    return boot_lives_run(&SWAP);
}
