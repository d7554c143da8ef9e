/* boot_main.c - the boot core as a bootloader links it: ECDSA P-256, record,
 * NXP's mailbox. Without words, as other bootloaders' figures are.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench/size/ports.h"
#include "boot/boot.h"
#include "boot/nxp_mailbox.h"

int main(void)
{
    struct boot_choice choice;
    const struct image_keys keys = {bench_key, 1, NULL};
    const struct boot_setup setup = {&bench_flash, &keys, NULL, &NXP_MAILBOX};

    boot_choose(&choice, &setup, RESET_POWER_ON);
    return choice.boot == BOOT_YES ? (int)choice.slot : 0;
}
