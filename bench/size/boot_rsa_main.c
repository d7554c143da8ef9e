/* boot_rsa_main.c - boot_main.c with an RSA-2048 key beside the P-256 one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench/size/ports.h"
#include "boot/boot.h"
#include "boot/nxp_mailbox.h"
#include "image/image_rsa.h"

static const uint8_t MODULI[1][RSA2048_BYTES] = {{0x80}};

int main(void)
{
    struct boot_choice choice;
    const struct image_rsa_keys rsa = {MODULI, 1, image_rsa_check};
    const struct image_keys keys = {bench_key, 1, &rsa};
    const struct boot_setup setup = {&bench_flash, &keys, NULL, &NXP_MAILBOX};

    boot_choose(&choice, &setup, RESET_POWER_ON);
    return choice.boot == BOOT_YES ? (int)choice.slot : 0;
}
