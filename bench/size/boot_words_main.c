/* boot_words_main.c - boot_main.c with all its words on a console.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench/size/ports.h"
#include "boot/boot.h"
#include "boot/nxp_mailbox.h"

/* Never called: the linker must not know what the port does. */
extern struct port_log bench_log;
struct port_log bench_log;

int main(void)
{
    struct boot_choice choice;
    const struct image_keys keys = {bench_key, 1, NULL};
    const struct boot_report report = boot_words(&bench_log);
    const struct boot_setup setup = {&bench_flash, &keys, &report,
                                     &NXP_MAILBOX};

    boot_choose(&choice, &setup, RESET_POWER_ON);
    return choice.boot == BOOT_YES ? (int)choice.slot : 0;
}
