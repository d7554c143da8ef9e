/* fault.c - see fault.h.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5 "ARMv7-M exception
 * model": what an exception puts on the stack.
 * Tests: test/system/test_sbl.py, test/system/test_sfw.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/fault.h"

#include "base/text.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"

enum { LINE_MAX = 160, FRAME_LR = 5, FRAME_PC = 6, FRAME_PSR = 7 };

static void add_hex(struct text *t, const char *name, uint32_t value)
{
    uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 8), (uint8_t)value};

    text_add(t, name);
    text_add_hex(t, bytes, sizeof bytes, true);
}

/* The stack itself may be what is broken: then there is no frame to read. */
static bool is_stack(uint32_t at)
{
    return at >= DTCM_BASE && at % 4 == 0 &&
           at < DTCM_BASE + DTCM_BYTES - (FRAME_PSR + 1) * 4;
}

__attribute__((noreturn, used)) static void say_fault(const uint32_t *frame)
{
    static const uint32_t NONE[FRAME_PSR + 1];
    char line[LINE_MAX];
    struct text t = text_in(line, sizeof line);

    if (!is_stack((uint32_t)(uintptr_t)frame))
        frame = NONE;
    text_add(&t, FAULT_WHO);
    text_add(&t, " fault:");
    add_hex(&t, " pc ", frame[FRAME_PC]);
    add_hex(&t, " cfsr ", SCB_CFSR);
    add_hex(&t, " hfsr ", SCB_HFSR);
    add_hex(&t, " lr ", frame[FRAME_LR]);
    add_hex(&t, " psr ", frame[FRAME_PSR]);
    add_hex(&t, " mmfar ", SCB_MMFAR);
    add_hex(&t, " bfar ", SCB_BFAR);
    text_add(&t, "\r\n");
    lpuart_begin();
    lpuart_send(line, t.len);
    fault_end();
}

/* A stack that overflowed is no place to work on: the report takes the top. */
__attribute__((naked)) void fault(void)
{
    __asm__("mrs r0, msp\n"
            "ldr r1, =stack_top\n"
            "msr msp, r1\n"
            "b say_fault\n");
}
