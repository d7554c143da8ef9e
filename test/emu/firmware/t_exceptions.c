/* t_exceptions.c - entry, return, priorities, preemption.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5 "ARMv7-M exception
 * model". Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "order.h"
#include "subjects.h"

EXCEPTION_CLAIMS(CLAIM_PROTOTYPE)

/* --- supervisor calls ----------------------------------------------------- */

NAKED static uint32_t svc_2a(void)
{
    __asm__("svc #0x2A\n"
            "bx lr");
}

static void svc_is_taken_at_once(void)
{
    set_handler(EXC_SVCALL, trap_handler);
    svc_2a();

    expect(1, trap.taken);
    expect(EXC_SVCALL, trap.exception);
    expect(((uint32_t)svc_2a & ~1u) + 2, trap.frame.pc);
    expect(0xDF2A, REG16(trap.frame.pc - 2));
}

/* r0: zero; answers 1 if each instruction was executed as its flag says. */
NAKED static uint32_t svc_in_it_block(uint32_t zero)
{
    __asm__("mov r1, #0\n"
            "cmp r0, #0\n"
            "itete eq\n"
            "svceq #1\n"
            "addne r1, r1, #100\n"
            "addeq r1, r1, #1\n"
            "addne r1, r1, #100\n"
            "mov r0, r1\n"
            "bx lr");
}

static void svc_in_an_it_block_keeps_its_state(void)
{
    /* ITSTATE is 0x0B at the SVC and 0x16 after it: ten bits of xPSR. */
    const uint32_t it_after_svc = 2u << 25 | 5u << 10;

    set_handler(EXC_SVCALL, trap_handler);

    expect(1, svc_in_it_block(0));
    expect(1, trap.taken);
    expect(it_after_svc, trap.frame.xpsr & XPSR_IT);
}

/* Answers 4 in r0 if all of its first instructions are executed. */
NAKED static void count_to_four(void)
{
    __asm__("mov r0, #1\n"
            "add r0, r0, #1\n"
            "add r0, r0, #1\n"
            "add r0, r0, #1\n"
            "str r0, [sp]\n"
            "bx lr");
}

NAKED static uint32_t svc_first_of_four(void)
{
    __asm__("mov r0, #0\n"
            "cmp r0, #0\n"
            "itete eq\n"
            "svceq #1\n"
            "addne r0, r0, #100\n"
            "addeq r0, r0, #10\n"
            "addne r0, r0, #100\n"
            "bx lr");
}

static void handler_starts_outside_of_the_it_block(void)
{
    set_handler(EXC_SVCALL, count_to_four);

    expect(14, svc_first_of_four());
}

static void svc_whose_condition_fails_is_not_taken(void)
{
    set_handler(EXC_SVCALL, trap_handler);

    expect(200, svc_in_it_block(1));
    expect(0, trap.taken);
}

NAKED static void answer_in_r0(void)
{
    __asm__("movw r0, #4711\n"
            "str r0, [sp]\n"
            "bx lr");
}

static void handler_answers_in_the_stacked_registers(void)
{
    set_handler(EXC_SVCALL, answer_in_r0);

    expect(4711, svc_2a());
}

/* --- registers ------------------------------------------------------------ */

/* Leaves nothing as it was among what the hardware saves. */
NAKED static void spoil_registers(void)
{
    __asm__("mov r0, #0xAA\n"
            "mov r1, r0\n"
            "mov r2, r0\n"
            "mov r3, r0\n"
            "mov r12, r0\n"
            "msr apsr_nzcvqg, r0\n"
            "bx lr");
}

/* Sets registers and flags, pends IRQ_A (ISPR address in r0, bit in r1), and
 * answers the number of registers that are not what they were. */
NAKED static uint32_t registers_over_irq(uint32_t ispr, uint32_t bit)
{
    __asm__("push {r4, r5, r6, lr}\n"
            "movw r5, #0\n"
            "movt r5, #0xA80F\n" /* N, C, Q and GE */
            "mov r2, #0x22\n"
            "mov r3, #0x33\n"
            "mov r12, #0xCC\n"
            "mov lr, #0xEE\n"
            "mov r4, #0\n"
            "msr apsr_nzcvqg, r5\n"
            "str r1, [r0]\n"
            "dsb\n"
            "isb\n"
            "mrs r6, apsr\n"
            "cmp r6, r5\n"
            "it ne\n"
            "addne r4, r4, #1\n"
            "cmp r2, #0x22\n"
            "it ne\n"
            "addne r4, r4, #1\n"
            "cmp r3, #0x33\n"
            "it ne\n"
            "addne r4, r4, #1\n"
            "cmp r12, #0xCC\n"
            "it ne\n"
            "addne r4, r4, #1\n"
            "cmp lr, #0xEE\n"
            "it ne\n"
            "addne r4, r4, #1\n"
            "mov r0, r4\n"
            "pop {r4, r5, r6, pc}");
}

static void registers_and_flags_survive_an_interrupt(void)
{
    set_handler(EXC_IRQ0 + IRQ_A, spoil_registers);
    enable_irq(IRQ_A, 0);

    expect(0, registers_over_irq((uint32_t)&NVIC_ISPR(IRQ_A / 32),
                                 1u << (IRQ_A % 32)));
}

NAKED static void svc_with_known_registers(void)
{
    __asm__("push {r4, lr}\n"
            "mov r0, #0x10\n"
            "mov r1, #0x11\n"
            "mov r2, #0x12\n"
            "mov r3, #0x13\n"
            "mov r12, #0x1C\n"
            "mov lr, #0x1E\n"
            "svc #0\n"
            "pop {r4, pc}");
}

static void frame_holds_the_registers_in_order(void)
{
    set_handler(EXC_SVCALL, trap_handler);
    svc_with_known_registers();

    expect(0x10, trap.frame.r0);
    expect(0x11, trap.frame.r1);
    expect(0x12, trap.frame.r2);
    expect(0x13, trap.frame.r3);
    expect(0x1C, trap.frame.r12);
    expect(0x1E, trap.frame.lr);
    expect(XPSR_T, trap.frame.xpsr & XPSR_T);
}

/* Calls with SP four bytes below a multiple of eight, if r0 is 4. Writes SP
 * before and after to where r1 points. */
NAKED static void svc_with_stack_moved(uint32_t by, uint32_t *before_after)
{
    __asm__("sub sp, sp, r0\n"
            "mov r2, sp\n"
            "svc #0\n"
            "mov r3, sp\n"
            "stm r1, {r2, r3}\n"
            "add sp, sp, r0\n"
            "bx lr");
}

static void entry_aligns_the_stack_to_eight(void)
{
    uint32_t sp[2];

    set_handler(EXC_SVCALL, trap_handler);
    svc_with_stack_moved(4, sp);

    expect(4, sp[0] & 7);
    expect(sp[0] - 4 - 32, trap.frame_address);
    expect(XPSR_ALIGN, trap.frame.xpsr & XPSR_ALIGN);
    expect(sp[0], sp[1]);
}

static void entry_leaves_an_aligned_stack_alone(void)
{
    uint32_t sp[2];

    set_handler(EXC_SVCALL, trap_handler);
    svc_with_stack_moved(0, sp);

    expect(sp[0] - 32, trap.frame_address);
    expect(0, trap.frame.xpsr & XPSR_ALIGN);
    expect(sp[0], sp[1]);
}

/* --- priorities ----------------------------------------------------------- */

static void pend_b(void)
{
    pend_irq(IRQ_B);
}

static void pend_c(void)
{
    pend_irq(IRQ_C);
}

static void pend_d(void)
{
    pend_irq(IRQ_D);
}

static void irq_of_higher_priority_preempts(void)
{
    order_begin((const uint8_t[4]){0x80, 0x40, 0, 0});
    order_do(IRQ_A, pend_b);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 12 | B_BEGINS << 8 | B_ENDS << 4 | A_ENDS, order());
}

static void irq_of_equal_priority_waits(void)
{
    order_begin((const uint8_t[4]){0x80, 0x80, 0, 0});
    order_do(IRQ_A, pend_b);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 12 | A_ENDS << 8 | B_BEGINS << 4 | B_ENDS, order());
}

static void irq_of_lower_priority_waits(void)
{
    order_begin((const uint8_t[4]){0x40, 0x80, 0, 0});
    order_do(IRQ_A, pend_b);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 12 | A_ENDS << 8 | B_BEGINS << 4 | B_ENDS, order());
}

static void four_levels_nest(void)
{
    order_begin((const uint8_t[4]){0xC0, 0x80, 0x40, 0x00});
    order_do(IRQ_A, pend_b);
    order_do(IRQ_B, pend_c);
    order_do(IRQ_C, pend_d);
    pend_irq(IRQ_A);

    expect(0x13578642, order());
}

static void tail_chained_handlers_share_one_frame(void)
{
    set_handler(EXC_IRQ0 + IRQ_A, trap_handler);
    set_handler(EXC_IRQ0 + IRQ_B, trap_handler);
    enable_irq(IRQ_A, 0x80);
    enable_irq(IRQ_B, 0x80);
    mask_interrupts();
    pend_irq(IRQ_A);
    pend_irq(IRQ_B);
    unmask_interrupts();

    expect(2, trap.taken);
    expect(EXC_IRQ0 + IRQ_B, trap.exception);
    expect(trap.first_frame_address, trap.frame_address);
    expect(trap.first_pc, trap.frame.pc);
    expect(RETURN_MSP, trap.exc_return);
}

static void two_pended_by_one_store_come_highest_first(void)
{
    order_begin((const uint8_t[4]){0x80, 0x40, 0, 0});
    NVIC_ISPR(IRQ_A / 32) = 1u << (IRQ_A % 32) | 1u << (IRQ_B % 32);
    barrier();

    expect(B_BEGINS << 12 | B_ENDS << 8 | A_BEGINS << 4 | A_ENDS, order());
}

static void prigroup_splits_off_the_subpriority(void)
{
    AIRCR = AIRCR_KEY | 5u << 8; /* bits 7..6 preempt, 5..4 only order */
    order_begin((const uint8_t[4]){0x50, 0x40, 0, 0});
    order_do(IRQ_A, pend_b);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 12 | A_ENDS << 8 | B_BEGINS << 4 | B_ENDS, order());
}

static void subpriority_orders_what_pends(void)
{
    AIRCR = AIRCR_KEY | 5u << 8;
    order_begin((const uint8_t[4]){0x50, 0x40, 0, 0});
    mask_interrupts();
    pend_irq(IRQ_A);
    pend_irq(IRQ_B);
    unmask_interrupts();

    expect(B_BEGINS << 12 | B_ENDS << 8 | A_BEGINS << 4 | A_ENDS, order());
}

static void prigroup_seven_ends_preemption(void)
{
    AIRCR = AIRCR_KEY | 7u << 8;
    order_begin((const uint8_t[4]){0xF0, 0x00, 0, 0});
    order_do(IRQ_A, pend_b);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 12 | A_ENDS << 8 | B_BEGINS << 4 | B_ENDS, order());
}

static void disabled_irq_pends_until_enabled(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    NVIC_ICER(IRQ_A / 32) = 1u << (IRQ_A % 32);
    barrier();
    pend_irq(IRQ_A);
    expect(0, order());

    NVIC_ISER(IRQ_A / 32) = 1u << (IRQ_A % 32);
    barrier();

    expect(A_BEGINS << 4 | A_ENDS, order());
}

/* --- system exceptions ---------------------------------------------------- */

static void pend_pendsv(void)
{
    ICSR = ICSR_PENDSVSET;
    barrier();
}

static void pendsv_waits_for_higher_ones(void)
{
    order_begin((const uint8_t[4]){0x40, 0, 0, 0});
    set_handler(EXC_PENDSV, order_other);
    SHPR8(EXC_PENDSV) = 0xF0;
    order_do(IRQ_A, pend_pendsv);
    pend_irq(IRQ_A);

    expect(A_BEGINS << 8 | A_ENDS << 4 | OTHER, order());
}

static void pended_pendsv_can_be_taken_back(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    set_handler(EXC_PENDSV, order_other);
    mask_interrupts();
    ICSR = ICSR_PENDSVSET;
    ICSR = ICSR_PENDSVCLR;
    unmask_interrupts();

    expect(0, order());
}

static void pended_systick_is_taken(void)
{
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    set_handler(EXC_SYSTICK, order_other);
    ICSR = ICSR_PENDSTSET;
    barrier();

    expect(OTHER, order());
}

static uint32_t icsr_seen;

static void look_at_icsr(void)
{
    NVIC_ISPR(IRQ_B / 32) = 1u << (IRQ_B % 32);
    icsr_seen = ICSR;
}

static void icsr_names_the_active_and_the_pending(void)
{
    order_begin((const uint8_t[4]){0x40, 0x80, 0, 0});
    order_do(IRQ_A, look_at_icsr);
    pend_irq(IRQ_A);

    expect(EXC_IRQ0 + IRQ_A, icsr_seen & 0x1FF);
    expect(EXC_IRQ0 + IRQ_B, icsr_seen >> 12 & 0x1FF);
    expect(ICSR_RETTOBASE | ICSR_ISRPENDING,
           icsr_seen & (ICSR_RETTOBASE | ICSR_ISRPENDING));
    expect(0, ICSR & 0x1FF);
}

static void icsr_tells_a_nested_handler(void)
{
    order_begin((const uint8_t[4]){0x80, 0x40, 0, 0});
    set_handler(EXC_IRQ0 + IRQ_B, trap_handler);
    order_do(IRQ_A, pend_b);
    pend_irq(IRQ_A);

    expect(0, trap.icsr & ICSR_RETTOBASE);
    expect(RETURN_HANDLER, trap.exc_return);
}

static void vector_table_follows_vtor(void)
{
    static void (*table[EXC_COUNT])(void) __attribute__((aligned(1024)));
    void (*const *current)(void) = (void (*const *)(void))VTOR;

    for (unsigned i = 0; i < EXC_COUNT; i++)
        table[i] = current[i];
    table[EXC_SVCALL] = trap_handler;
    VTOR = (uint32_t)table;
    barrier();
    svc_2a();

    expect(1, trap.taken);
    VTOR = (uint32_t)table | 0x7F;
    expect((uint32_t)table, VTOR);
}

static const struct claim CLAIMS[] = {EXCEPTION_CLAIMS(CLAIM_ROW)};
const struct subject exception_subject = SUBJECT(CLAIMS);
