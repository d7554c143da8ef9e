/* fault.c - see fault.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/fault.h"

#include "base/bytes.h"
#include "base/text.h"
#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/wdog.h"
#include "targets/imxrt1060-sbl/sbl_limits.h"

enum { FRAME_PC = 6 };

void wait_for_help(void)
{
    wdog_start(SBL_WAIT_SECONDS);
    for (;;)
        core_sleep();
}

static void add_hex(struct text *t, const char *name, uint32_t value)
{
    uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 8), (uint8_t)value};

    text_add(t, name);
    text_add_hex(t, bytes, sizeof bytes, true);
}

__attribute__((noreturn, used)) static void say_fault(const uint32_t *frame)
{
    char line[SBL_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    text_add(&t, "bootloader fault:");
    add_hex(&t, " pc ", frame[FRAME_PC]);
    add_hex(&t, " cfsr ", SCB_CFSR);
    add_hex(&t, " hfsr ", SCB_HFSR);
    text_add(&t, "\r\n");
    lpuart_begin();
    lpuart_send(line, t.len);
    wait_for_help();
}

__attribute__((naked)) void fault(void)
{
    __asm__("mrs r0, msp\n"
            "b say_fault\n");
}
