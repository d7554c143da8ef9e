/* boot_small_main.c - the smallest boot core: no words, no mailbox, and
 * crypto/p256_small.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench/size/ports.h"
#include "boot/boot.h"

int main(void)
{
    struct boot_choice choice;
    const struct image_keys keys = {bench_key, 1, NULL};
    const struct boot_setup setup = {&bench_flash, &keys, NULL, NULL};

    boot_choose(&choice, &setup, RESET_POWER_ON);
    return choice.boot == BOOT_YES ? (int)choice.slot : 0;
}
