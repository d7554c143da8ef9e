/* app.c - an application that does what one letter on the console says, to try
 * the bootloader out: test/system/test_sbl.py. Start at main().
 *
 *   a  arm: try the other slot at the next reset    c  confirm
 *   r  reset                                        h  hang
 *   u  release: the other slot is about to be written
 *   q  leave the emulator, by semihosting
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/text.h"
#include "boot/boot_api.h"
#include "port/imxrt1060/core.h"
#include "port/imxrt1060/flexspi_flash.h"
#include "port/imxrt1060/gpt_clock.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/lpuart_log.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/start.h"
#include "port/imxrt1060/wdog.h"
#include "targets/imxrt1060-sbl/test-app/app_name.h"

enum { LINE_MAX = 160 };

__attribute__((noreturn)) static void hang(void)
{
    (void)core_irq_off();
    for (;;)
        core_sleep();
}

__attribute__((section(".boot.vectors"),
               used)) static const struct start_vectors VECTORS = {
    .stack = stack_top,
    .reset = start_reset,
    .handler = {hang, hang, hang, hang, hang, hang, hang, hang, hang, hang,
                hang, hang, hang, hang},
};

struct app {
    struct port_flash flash;
    struct port_log log;
};

/* "app alpha 1.0.0 runs from slot 1, confirmed". */
static void say_who(const struct app *a)
{
    struct boot_slot_source slot;
    struct boot_status status;
    struct image_source src;
    struct image_info info;
    char line[LINE_MAX], version[VERSION_TEXT_MAX] = "?";
    struct text t = text_in(line, sizeof line);

    text_add(&t, "app ");
    text_add(&t, APP_NAME);
    if (boot_status_load(&a->flash, &status) != OTA_OK) {
        a->log.line(a->log.ctx, "the boot record cannot be read");
        return;
    }
    src = boot_slot_source(&slot, &a->flash, status.running);
    if (image_parse(&info, &src, NULL) == OTA_OK)
        version_format(&info.version, version);
    text_add(&t, " ");
    text_add(&t, version);
    text_add(&t, status.running == SLOT_1 ? " runs from slot 1"
                                          : " runs from slot 2");
    text_add(&t, status.state == BOOT_TRIAL ? ", on trial" : ", confirmed");
    a->log.line(a->log.ctx, line);
}

static void say_done(const struct app *a, const char *what, ota_err e)
{
    char line[LINE_MAX];
    struct text t = text_in(line, sizeof line);

    text_add(&t, what);
    text_add(&t, ": ");
    text_add(&t, ota_err_text(e));
    a->log.line(a->log.ctx, line);
}

__attribute__((noreturn)) static void leave(void)
{
    lpuart_end();

    const uint32_t application_exit[2] = {0x20026, 0};
    register uint32_t r0 __asm__("r0") = 0x20; /* SYS_EXIT_EXTENDED */
    register const uint32_t *r1 __asm__("r1") = application_exit;

    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    hang();
}

static void obey(const struct app *a, char command)
{
    switch (command) {
    case 'a':
        say_done(a, "arm", boot_trial_request(&a->flash));
        return;
    case 'c':
        say_done(a, "confirm", boot_confirm(&a->flash));
        return;
    case 'u':
        say_done(a, "release", boot_slot_release(&a->flash));
        return;
    case 'r':
        lpuart_end();
        m7_reset();
    case 'h':
        hang();
    case 'q':
        leave();
    default:
        return;
    }
}

int main(void)
{
    struct port_clock clock = gpt_clock_begin();
    struct app a = {flexspi_flash_begin(), lpuart_log(&clock)};

    lpuart_begin();
    say_who(&a);
    for (;;) {
        uint8_t command;

        wdog_service();
        if (lpuart_receive(&command))
            obey(&a, (char)command);
    }
}
