/* jump.c - see jump.h. Start at jump().
 *
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/jump.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/flexspi_flash.h"
#include "port/imxrt1060/gpt_clock.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/mpu.h"
#include "port/imxrt1060/remap.h"

enum {
    TABLE_ALIGN = 128, /* the register has no bits below */
    STACK_ALIGN = 4,
};

/* The bytes are those that were verified: read from the chip, not through the
 * window. */
ota_err jump_find(struct jump_target *out, const struct port_flash *f,
                  const struct boot_choice *choice)
{
    const struct image_info *info = &choice->info;
    uint32_t begin = FLASH_BASE + FLASH_SLOT_1 + info->header_bytes;
    uint32_t words[2];

    if (info->body_bytes < sizeof words)
        return OTA_ERR_CORRUPT;
    ota_err e = f->read(f->ctx, slot_offset(choice->slot) + info->header_bytes,
                        words, sizeof words);
    if (e != OTA_OK)
        return e;
    *out = (struct jump_target){begin, words[0], words[1]};
    if (begin % TABLE_ALIGN != 0 || out->stack == 0 ||
        out->stack % STACK_ALIGN != 0 || (out->entry & 1) == 0 ||
        out->entry < begin || out->entry - begin >= info->body_bytes)
        return OTA_ERR_CORRUPT;
    return OTA_OK;
}

__attribute__((noreturn)) static void enter(uint32_t stack, uint32_t entry)
{
    register uint32_t r0 __asm__("r0") = stack;
    register uint32_t r1 __asm__("r1") = entry;

    /* Interrupts are unmasked, as after a reset; none is enabled. */
    __asm__ volatile("msr msp, r0\n"
                     "mov lr, #-1\n"
                     "cpsie i\n"
                     "isb\n"
                     "bx r1\n"
                     :
                     : "r"(r0), "r"(r1)
                     : "memory");
    __builtin_unreachable();
}

void jump(const struct jump_target *to, enum slot slot)
{
    lpuart_end();
    gpt_clock_end();
    m7_interrupts_quiet();
    m7_caches_off();
    mpu_end();
    if (slot == SLOT_2)
        remap_on(FLASH_SLOT_1, FLASH_SLOT_BYTES, FLASH_SLOT_2);
    else
        remap_off();
    flexspi_flash_drop_buffers();
    m7_caches_off(); /* of what was fetched meanwhile */
    SCB_VTOR = to->table;
    core_barrier();
    enter(to->stack, to->entry);
}
