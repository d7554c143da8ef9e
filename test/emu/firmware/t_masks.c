/* t_masks.c - PRIMASK, BASEPRI, BASEPRI_MAX and FAULTMASK: what they hold back
 * and that it comes at once when they let go.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.4.3 "The special-purpose
 * mask registers". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "order.h"
#include "subjects.h"

MASK_CLAIMS(CLAIM_PROTOTYPE)

enum { WINDOWS = 1000 };

static void all_at(uint8_t priority)
{
    order_begin((const uint8_t[4]){priority, priority, priority, priority});
}

static void primask_holds_back_every_irq(void)
{
    all_at(0);
    mask_interrupts();
    pend_irq(IRQ_A);
    expect(0, order());
    expect(1, get_primask());
    unmask_interrupts();

    expect(A_BEGINS << 4 | A_ENDS, order());
    expect(0, get_primask());
}

static void basepri_holds_back_its_priority_and_below(void)
{
    order_begin((const uint8_t[4]){0x80, 0x90, 0xF0, 0});
    set_basepri(0x80);
    pend_irq(IRQ_A);
    pend_irq(IRQ_B);
    pend_irq(IRQ_C);

    expect(0, order());
}

static void basepri_lets_higher_priorities_pass(void)
{
    all_at(0x40);
    set_basepri(0x50);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 4 | A_ENDS, order());
}

static void basepri_zero_masks_nothing(void)
{
    all_at(0xF0);
    set_basepri(0);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 4 | A_ENDS, order());
}

static void basepri_low_bits_mask_nothing(void)
{
    all_at(0x80);
    set_basepri(0x0F);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 4 | A_ENDS, order());
}

static void basepri_max_only_raises(void)
{
    set_basepri(0x80);
    set_basepri_max(0xC0);
    expect(0x80, get_basepri());
    set_basepri_max(0x40);
    expect(0x40, get_basepri());
    set_basepri_max(0);

    expect(0x40, get_basepri());
}

static void faultmask_holds_back_all_but_nmi(void)
{
    all_at(0);
    set_handler(EXC_NMI, order_other);
    __asm__ volatile("cpsid f" : : : "memory");
    pend_irq(IRQ_A);
    expect(0, order());
    ICSR = ICSR_NMIPENDSET;
    barrier();
    expect(OTHER, order());
    __asm__ volatile("cpsie f\n isb" : : : "memory");

    expect(OTHER << 8 | A_BEGINS << 4 | A_ENDS, order());
}

static void set_faultmask_bit(void)
{
    __asm__ volatile("cpsid f" : : : "memory");
    order_note(get_faultmask());
}

static void faultmask_is_cleared_by_exception_return(void)
{
    all_at(0);
    order_do(IRQ_A, set_faultmask_bit);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 8 | 1 << 4 | A_ENDS, order());
    expect(0, get_faultmask());
}

static void primask_set_in_a_handler_stays_set(void)
{
    all_at(0);
    order_do(IRQ_A, mask_interrupts);
    pend_irq(IRQ_A);

    expect(1, get_primask());
}

static void nmi_ignores_primask(void)
{
    all_at(0);
    set_handler(EXC_NMI, order_other);
    mask_interrupts();
    ICSR = ICSR_NMIPENDSET;
    barrier();

    expect(OTHER, order());
}

static void pended_while_masked_come_by_priority_then_number(void)
{
    order_begin((const uint8_t[4]){0x80, 0x40, 0x40, 0xC0});
    mask_interrupts();
    pend_irq(IRQ_D);
    pend_irq(IRQ_C);
    pend_irq(IRQ_A);
    pend_irq(IRQ_B);
    unmask_interrupts();

    expect(0x34561278, order());
}

static void unpended_while_masked_never_comes(void)
{
    all_at(0);
    mask_interrupts();
    pend_irq(IRQ_A);
    NVIC_ICPR(IRQ_A / 32) = 1u << (IRQ_A % 32);
    unmask_interrupts();

    expect(0, order());
}

static void basepri_lowered_in_steps_lets_out_one_by_one(void)
{
    order_begin((const uint8_t[4]){0x40, 0x80, 0xC0, 0});
    set_basepri(0x10);
    pend_irq(IRQ_C);
    pend_irq(IRQ_B);
    pend_irq(IRQ_A);
    expect(0, order());
    set_basepri(0x80);
    expect(A_BEGINS << 4 | A_ENDS, order());
    set_basepri(0xC0);
    expect(0x1234, order());
    set_basepri(0);

    expect(0x123456, order());
}

/* --- no slip -------------------------------------------------------------- */

static volatile uint32_t counted;

static void count(void)
{
    counted++;
}

/* Each opens a window in which the pending interrupt must be taken, and
 * answers what `counted` (r2) was right before and right behind the window, as
 * before * 65536 + behind. ISPR's address is in r0, the bit in r1. */
#define WINDOW(name, close, open)                                              \
    NAKED static uint32_t name(uint32_t ispr, uint32_t bit,                    \
                               volatile uint32_t *count_at)                    \
    {                                                                          \
        __asm__("push {r4, lr}\n" close "\n"                                   \
                "str r1, [r0]\n"                                               \
                "ldrh r3, [r2]\n" open "\n"                                    \
                "ldrh r0, [r2]\n"                                              \
                "orr r0, r0, r3, lsl #16\n"                                    \
                "pop {r4, pc}");                                               \
    }
WINDOW(window_primask, "cpsid i", "cpsie i\n isb")
WINDOW(window_primask_closed_again, "cpsid i", "cpsie i\n isb\n cpsid i")
WINDOW(window_msr_primask, "cpsid i", "mov r4, #0\n msr primask, r4\n isb")
WINDOW(window_faultmask, "cpsid f", "cpsie f\n isb")
WINDOW(window_basepri, "mov r4, #0x10\n msr basepri, r4",
       "mov r4, #0\n msr basepri, r4\n isb")
#undef WINDOW

static void no_slip(uint32_t (*window)(uint32_t, uint32_t, volatile uint32_t *))
{
    counted = 0;
    set_handler(EXC_IRQ0 + IRQ_A, count);
    enable_irq(IRQ_A, 0x20);
    for (uint32_t i = 0; i < WINDOWS; i++) {
        uint32_t seen = window((uint32_t)&NVIC_ISPR(IRQ_A / 32),
                               1u << (IRQ_A % 32), &counted);

        unmask_interrupts();
        expect(i << 16 | (i + 1), seen);
    }
}

static void cpsie_and_isb_let_it_in_at_once(void)
{
    no_slip(window_primask);
}

static void one_isb_is_window_enough(void)
{
    no_slip(window_primask_closed_again);
}

static void msr_primask_and_isb_let_it_in_at_once(void)
{
    no_slip(window_msr_primask);
}

static void cpsie_f_and_isb_let_it_in_at_once(void)
{
    no_slip(window_faultmask);
}

static void msr_basepri_and_isb_let_it_in_at_once(void)
{
    no_slip(window_basepri);
}

static void basepri_and_primask_mask_together(void)
{
    order_begin((const uint8_t[4]){0x80, 0x40, 0, 0});
    mask_interrupts();
    pend_irq(IRQ_A);
    pend_irq(IRQ_B);
    set_basepri(0x40);
    unmask_interrupts();
    expect(0, order());
    set_basepri(0x80);
    expect(B_BEGINS << 4 | B_ENDS, order());
    set_basepri(0);

    expect(0x3412, order());
}

static const struct claim CLAIMS[] = {MASK_CLAIMS(CLAIM_ROW)};
const struct subject mask_subject = SUBJECT(CLAIMS);
