/* boot_main.c - the boot core as a bootloader links it: ECDSA P-256, record.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench/size/ports.h"
#include "boot/boot.h"

int main(void)
{
    struct boot_choice choice;
    const struct image_keys keys = {bench_key, 1};

    boot_choose(&choice, &bench_flash, &keys, RESET_POWER_ON, NULL);
    return choice.boot == BOOT_YES ? (int)choice.slot : 0;
}
