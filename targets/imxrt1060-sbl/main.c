/* main.c - the second-stage bootloader of the i.MX RT1060, from reset to the
 * jump. The decision is boot/boot.c; README.md has the map and the recovery.
 *
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot.h"
#include "port/imxrt1060/flexspi_flash.h"
#include "port/imxrt1060/gpt_clock.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/lpuart_log.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/remap.h"
#include "port/imxrt1060/snvs.h"
#include "port/imxrt1060/start.h"
#include "port/imxrt1060/wdog.h"
#include "targets/imxrt1060-sbl/jump.h"
#include "targets/imxrt1060-sbl/keys.h"
#include "targets/imxrt1060-sbl/mailbox.h"
#include "targets/imxrt1060-sbl/reset_cause.h"
#include "targets/imxrt1060-sbl/sbl_limits.h"
#include "targets/imxrt1060-sbl/sbl_memory.h"
#include "targets/imxrt1060-sbl/wait.h"

_Static_assert((int)FLEXSPI_FLASH_BYTES == (int)FLASH_BYTES,
               "another flash than the map");
_Static_assert((int)FLEXSPI_FLASH_SECTOR_BYTES == (int)FLASH_SECTOR_BYTES,
               "other sectors than the map");

/* An image that is signed and yet no program for this chip. On trial it has
 * had its chance: the next reset goes back. */
__attribute__((noreturn)) static void refuse(const struct boot_choice *choice,
                                             const struct port_log *log)
{
    log->line(log->ctx, "the image has no vector table for slot 1: was it "
                        "linked for 0x60100400?");
    if (choice->trial)
        m7_reset();
    wait_for_help();
}

__attribute__((noreturn)) static void run(const struct boot_choice *choice,
                                          const struct port_flash *flash,
                                          const struct port_log *log)
{
    const volatile uint32_t *verdict = &choice->boot;
    struct jump_target to;

    if (jump_find(&to, flash, choice) != OTA_OK)
        refuse(choice, log);
    if (choice->trial)
        wdog_start(SBL_TRIAL_SECONDS);
    if (*verdict != BOOT_YES) /* asked again, right before it counts */
        wait_for_help();
    jump(&to, choice->slot);
}

int main(void)
{
    struct boot_choice choice;
    struct port_clock clock;
    struct port_flash flash;
    struct port_log log;
    const struct boot_report report = boot_words(&log);
    const struct boot_setup setup = {&flash, &SBL_KEYS, &report, SBL_MAILBOX};

    wdog_quiet();
    sbl_memory_begin();
    m7_caches_on();
    clock = gpt_clock_begin();
    lpuart_begin();
    log = lpuart_log(&clock);
    remap_off();
    flash = flexspi_flash_begin();

    enum boot_reset_cause cause = reset_cause_take();
    snvs_note_put(cause);
    boot_choose(&choice, &setup, cause);
    if (choice.boot == BOOT_YES)
        run(&choice, &flash, &log);
    wait_for_help();
}
