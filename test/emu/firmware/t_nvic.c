/* t_nvic.c - registers of the NVIC and the System Control Block.
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.2 and B3.4; Cortex-M7
 * Technical Reference Manual, "System control". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "order.h"
#include "subjects.h"

NVIC_CLAIMS(CLAIM_PROTOTYPE)

enum { WORD = IRQ_A / 32, IRQS = 160 };
#define BIT (1u << (IRQ_A % 32))

static void priorities_have_four_bits(void)
{
    for (unsigned i = 0; i < IRQS / 4; i++) {
        NVIC_IPR(i) = UINT32_MAX;
        expect(0xF0F0F0F0, NVIC_IPR(i));
        NVIC_IPR(i) = 0;
        expect(0, NVIC_IPR(i));
    }
}

static void priorities_can_be_written_by_byte(void)
{
    NVIC_IPR(30) = 0;
    NVIC_IPR8(121) = 0x5A;
    NVIC_IPR8(123) = 0xA5;

    expect(0xA0005000, NVIC_IPR(30));
    expect(0x50, NVIC_IPR8(121));
    expect(0, NVIC_IPR8(122));
}

static void system_priorities_have_four_bits(void)
{
    SHPR8(EXC_SVCALL) = 0x1F;
    SHPR8(EXC_PENDSV) = 0x2F;
    SHPR8(EXC_SYSTICK) = 0x3F;

    expect(0x10000000, SHPR(2));
    expect(0x30200000, SHPR(3) & 0xFFFF0000);
}

static void enable_bits_are_set_and_cleared(void)
{
    NVIC_ISER(WORD) = BIT;
    expect(BIT, NVIC_ISER(WORD));
    expect(BIT, NVIC_ICER(WORD));
    NVIC_ISER(WORD) = 0;
    expect(BIT, NVIC_ISER(WORD));
    NVIC_ICER(WORD) = BIT;

    expect(0, NVIC_ISER(WORD));
}

static void pending_bits_are_set_and_cleared(void)
{
    NVIC_ISPR(WORD) = BIT;
    expect(BIT, NVIC_ISPR(WORD));
    expect(BIT, NVIC_ICPR(WORD));
    NVIC_ICPR(WORD) = BIT;

    expect(0, NVIC_ISPR(WORD));
}

static volatile uint32_t active_seen, pending_seen;

static void look_at_active(void)
{
    active_seen = NVIC_IABR(WORD);
    pending_seen = NVIC_ISPR(WORD);
}

static void active_bit_is_set_in_its_handler(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    order_do(IRQ_A, look_at_active);
    pend_irq(IRQ_A);

    expect(BIT, active_seen);
    expect(0, pending_seen);
    expect(0, NVIC_IABR(WORD));
}

static void stir_pends_the_line_it_names(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    STIR = IRQ_C;
    barrier();

    expect(C_BEGINS << 4 | C_ENDS, order());
}

static void there_are_160_lines(void)
{
    expect(IRQS / 32 - 1, ICTR & 0xF);
    NVIC_ISER(5) = UINT32_MAX;

    expect(0, NVIC_ISER(5));
}

static void every_line_reaches_its_own_vector(void)
{
    for (unsigned irq = 0; irq < IRQS; irq++) {
        trap_reset();
        set_handler(EXC_IRQ0 + irq, trap_handler);
        enable_irq(irq, 0);
        pend_irq(irq);
        NVIC_ICER(irq / 32) = 1u << (irq % 32);
        expect(1, trap.taken);
        expect(EXC_IRQ0 + irq, trap.exception);
    }
}

static void aircr_needs_its_key(void)
{
    AIRCR = AIRCR_KEY | 3u << 8;
    expect(0xFA050300, AIRCR);
    AIRCR = 5u << 8;

    expect(0xFA050300, AIRCR);
}

static void cpuid_is_that_of_a_cortex_m7(void)
{
    expect(0x410FC270, CPUID & 0xFF0FFFF0);
}

static void feature_registers_tell_of_fpv5_double(void)
{
    expect(0x10110221, MVFR0);
    expect(0x12000011, MVFR1);
}

static void ccr_starts_with_an_aligned_stack(void)
{
    expect(CCR_STKALIGN, CCR & CCR_STKALIGN);
}

static void caches_answer_their_registers(void)
{
    expect(0x09000003, CLIDR);
    ICIALLU = 0;
    barrier();
    CCR |= CCR_IC | CCR_DC;
    barrier();

    expect(CCR_IC | CCR_DC, CCR & (CCR_IC | CCR_DC));
    CCR &= ~(CCR_IC | CCR_DC);
    barrier();
}

static const struct claim CLAIMS[] = {NVIC_CLAIMS(CLAIM_ROW)};
const struct subject nvic_subject = SUBJECT(CLAIMS);
