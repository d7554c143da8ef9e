/* app_main.c - what the test applications have in common: vector table,
 * console, the letters that every one of them obeys. Start at main().
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/test-app/app.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/flexspi_flash.h"
#include "port/imxrt1060/gpt_clock.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/lpuart_log.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/start.h"

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
    case 'r':
        lpuart_end();
        m7_reset();
    case 'h':
        hang();
    case 'q':
        leave();
    default:
        app_obey(a, command);
        return;
    }
}

void app_say(const struct app *a, const char *line)
{
    a->log.line(a->log.ctx, line);
}

int main(void)
{
    struct port_clock clock = gpt_clock_begin();
    struct app a = {flexspi_flash_begin(), lpuart_log(&clock)};

    lpuart_begin();
    app_hello(&a);
    for (;;) {
        uint8_t command;

        app_idle();
        if (lpuart_receive(&command))
            obey(&a, (char)command);
    }
}
