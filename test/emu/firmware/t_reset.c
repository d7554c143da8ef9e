/* t_reset.c - AIRCR.SYSRESETREQ: what outlives a system reset and what does
 * not. Each claim is in two halves with the reset between them; harness.c goes
 * on with the second.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapters "System Reset
 * Controller (SRC)" and "Secure Non-Volatile Storage (SNVS)".
 * Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "nor.h"
#include "scenario.h"
#include "subjects.h"

RESET_CLAIMS(RESET_CLAIM_PROTOTYPE)

enum { KEPT_WORDS = 1024 };

static volatile uint32_t kept_dtcm[KEPT_WORDS]
    __attribute__((section(".kept.dtcm")));
static volatile uint32_t kept_itcm[KEPT_WORDS]
    __attribute__((section(".kept.itcm")));
static volatile uint32_t kept_ocram[KEPT_WORDS]
    __attribute__((section(".kept.ocram")));

static void reset(void)
{
    __asm__ volatile("dsb" : : : "memory");
    AIRCR = AIRCR_KEY | AIRCR_SYSRESETREQ;
    __asm__ volatile("dsb" : : : "memory");
    for (;;) {
    }
}

static void system_reset_is_told_by_srsr(void)
{
    SRC_SRSR = UINT32_MAX;
    expect(0, SRC_SRSR);
    reset();
}

static void system_reset_is_told_by_srsr_after(void)
{
    expect(SRC_SRSR_SYSRESETREQ, SRC_SRSR);
}

static void srsr_gathers_until_ones_are_written(void)
{
    expect(SRC_SRSR_SYSRESETREQ, SRC_SRSR);
    SRC_SRSR = SRC_SRSR_IPP_RESET_B;
    reset();
}

static void srsr_gathers_until_ones_are_written_after(void)
{
    expect(SRC_SRSR_SYSRESETREQ, SRC_SRSR);
    SRC_SRSR = SRC_SRSR_SYSRESETREQ;
    expect(0, SRC_SRSR);
}

static void general_purpose_registers_outlive_a_reset(void)
{
    SNVS_GPR0 = 0x12345678;
    for (unsigned i = 0; i < 4; i++)
        SNVS_LPGPR(i) = 0xC0DE0000 + i;
    reset();
}

static void general_purpose_registers_outlive_a_reset_after(void)
{
    expect(0x12345678, SNVS_GPR0);
    for (unsigned i = 0; i < 4; i++)
        expect(0xC0DE0000 + i, SNVS_LPGPR(i));
}

static void all_ram_outlives_a_reset(void)
{
    for (uint32_t i = 0; i < KEPT_WORDS; i++) {
        kept_dtcm[i] = 0xD0000000 + i;
        kept_itcm[i] = 0x10000000 + i;
        kept_ocram[i] = 0x0C000000 + i;
    }
    reset();
}

static void all_ram_outlives_a_reset_after(void)
{
    for (uint32_t i = 0; i < KEPT_WORDS; i++) {
        expect(0xD0000000 + i, kept_dtcm[i]);
        expect(0x10000000 + i, kept_itcm[i]);
        expect(0x0C000000 + i, kept_ocram[i]);
    }
}

static void core_starts_anew_after_a_reset(void)
{
    enable_irq(IRQ_A, 0x80);
    set_basepri(0x10);
    NVIC_ISPR(IRQ_A / 32) = 1u << (IRQ_A % 32);
    SYST_RVR = 999;
    SYST_CSR = SYST_ENABLE | SYST_CORE_CLOCK;
    SCR = SCR_SEVONPEND;
    SHPR8(EXC_PENDSV) = 0xF0;
    mask_interrupts();
    reset();
}

static void core_starts_anew_after_a_reset_after(void)
{
    expect(0, NVIC_ISER(IRQ_A / 32));
    expect(0, NVIC_ISPR(IRQ_A / 32));
    expect(0, NVIC_IPR(IRQ_A / 4));
    expect(0, get_primask());
    expect(0, get_basepri());
    expect(0, get_control() & (CONTROL_NPRIV | CONTROL_SPSEL));
    expect(0, SYST_CSR & SYST_ENABLE);
    expect(0, SCR);
    expect(0, SHPR(3));
    expect(0, SHCSR);
    expect(0, get_ipsr());
}

static volatile bool reset_from_handler;

static void system_reset_works_from_a_handler(void)
{
    reset_from_handler = true;
    set_handler(EXC_IRQ0 + IRQ_A, reset);
    enable_irq(IRQ_A, 0);
    SRC_SRSR = UINT32_MAX;
    pend_irq(IRQ_A);
}

static void system_reset_works_from_a_handler_after(void)
{
    expect(0, get_ipsr());
    expect(SRC_SRSR_SYSRESETREQ, SRC_SRSR);
    expect(false, reset_from_handler); /* .bss is made anew by the start code */
}

static void remap_is_off_after_a_reset(void)
{
    static const uint32_t a[2] = {0xAAAAAAAA, 0}, b[2] = {0xBBBBBBBB, 0};

    nor_open();
    nor_erase(SLOT_A_OFFSET);
    nor_erase(SLOT_B_OFFSET);
    nor_program(SLOT_A_OFFSET, a, sizeof a);
    nor_program(SLOT_B_OFFSET, b, sizeof b);
    GPR30_REMAP_START = 0x60100000;
    GPR31_REMAP_END = 0x60200000;
    GPR32_REMAP_OFFSET = 0x00100000;
    expect(b[0], REG32(FLASH_BASE + SLOT_A_OFFSET));
    reset();
}

static void remap_is_off_after_a_reset_after(void)
{
    expect(0, GPR30_REMAP_START);
    expect(0, GPR31_REMAP_END);
    expect(0, GPR32_REMAP_OFFSET);
    expect(0xAAAAAAAA, REG32(FLASH_BASE + SLOT_A_OFFSET));
}

static void fpu_is_off_after_a_reset_until_enabled(void)
{
    reset();
}

static void fpu_is_off_after_a_reset_until_enabled_after(void)
{
    expect(0, cpacr_after_reset() & CPACR_FPU);
}

static const struct claim CLAIMS[] = {RESET_CLAIMS(RESET_CLAIM_ROW)};
const struct subject reset_subject = SUBJECT(CLAIMS);
