/* t_threads.c - two stacks, EXC_RETURN, and threads without privilege.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.3 "Overview of system level
 * terminology and operation", B1.5.8 "Exception return behavior".
 * Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "order.h"
#include "subjects.h"

THREAD_CLAIMS(CLAIM_PROTOTYPE)

enum { STACK_WORDS = 256 };
static uint64_t stack[STACK_WORDS / 2];
#define STACK_TOP ((uint32_t)(stack + STACK_WORDS / 2))

/* Runs f on the process stack with `control` (CONTROL_SPSEL, perhaps
 * CONTROL_NPRIV); a supervisor call makes the thread privileged again. */
NAKED static uint32_t on_psp(uint32_t (*f)(void), uint32_t top,
                             uint32_t control)
{
    __asm__("push {r4, lr}\n"
            "msr psp, r1\n"
            "msr control, r2\n"
            "isb\n"
            "blx r0\n"
            "svc #0\n" /* privileged() */
            "mov r1, #0\n"
            "msr control, r1\n"
            "isb\n"
            "pop {r4, pc}");
}

NAKED static void privileged(void)
{
    __asm__("mrs r1, control\n"
            "bic r1, r1, #1\n"
            "msr control, r1\n"
            "isb\n"
            "bx lr");
}

static uint32_t run(uint32_t (*f)(void), uint32_t control)
{
    set_handler(EXC_SVCALL, privileged);
    return on_psp(f, STACK_TOP, control);
}

/* --- stacks --------------------------------------------------------------- */

static uint32_t pend_a(void)
{
    pend_irq(IRQ_A);
    return get_control() & (CONTROL_SPSEL | CONTROL_NPRIV);
}

static void thread_on_msp_returns_to_msp(void)
{
    set_handler(EXC_IRQ0 + IRQ_A, trap_handler);
    enable_irq(IRQ_A, 0);
    pend_irq(IRQ_A);

    expect(RETURN_MSP, trap.exc_return);
}

static void thread_on_psp_is_stacked_there(void)
{
    set_handler(EXC_IRQ0 + IRQ_A, trap_handler);
    enable_irq(IRQ_A, 0);

    expect(CONTROL_SPSEL, run(pend_a, CONTROL_SPSEL));
    expect(RETURN_PSP, trap.exc_return);
    expect_range((uint32_t)stack, STACK_TOP - 32, trap.frame_address);
}

static void handler_runs_on_msp(void)
{
    set_handler(EXC_IRQ0 + IRQ_A, trap_handler);
    enable_irq(IRQ_A, 0);
    run(pend_a, CONTROL_SPSEL);

    expect(0, trap.control & CONTROL_SPSEL);
}

static uint32_t psp_and_sp(void)
{
    uint32_t sp;

    __asm__ volatile("mov %0, sp" : "=r"(sp));
    return sp == get_psp() && sp != get_msp();
}

static void both_stack_pointers_are_kept(void)
{
    uint32_t before = get_msp();

    expect(true, run(psp_and_sp, CONTROL_SPSEL));
    expect(before, get_msp());
    expect(STACK_TOP, get_psp());
}

/* A handler that builds a thread's first frame and returns to it, as an
 * operating system starts its first task. The thread ends by a supervisor call
 * whose handler returns to the main stack. */
static volatile uint32_t started[2] __attribute__((used));

NAKED static void start_thread(void)
{
    __asm__("ldr r0, =started\n"
            "ldr r1, [r0]\n"
            "cbnz r1, 1f\n"
            "str lr, [r0]\n"
            "mrs r2, psp\n"
            "mov r3, #0x77\n"
            "str r3, [r2]\n" /* the thread's r0 */
            "mvn lr, #2\n"   /* FFFFFFFD: thread, process stack */
            "bx lr\n"
            "1: mrs r2, psp\n"
            "ldr r3, [r2]\n" /* r0 of the thread at its end */
            "str r3, [r0, #4]\n"
            "mov lr, r1\n"
            "bx lr\n"
            ".ltorg");
}

NAKED static void first_thread(void)
{
    __asm__("add r0, r0, #1\n"
            "svc #0\n"
            "b .");
}

static void handler_can_start_a_thread_on_psp(void)
{
    struct frame *f = (struct frame *)STACK_TOP - 1;

    started[0] = started[1] = 0;
    *f = (struct frame){.pc = (uint32_t)first_thread & ~1u, .xpsr = XPSR_T};
    set_psp((uint32_t)f);
    set_handler(EXC_SVCALL, start_thread);
    __asm__ volatile("svc #0" : : : "memory");

    expect(0x78, started[1]);
    expect(0, get_control() & CONTROL_SPSEL);
}

/* --- without privilege ---------------------------------------------------- */

static uint32_t try_to_mask(void)
{
    mask_interrupts();
    set_basepri(0x10);
    __asm__ volatile("cpsid f" : : : "memory");
    set_control(0);
    return get_control() & CONTROL_NPRIV;
}

static void unprivileged_thread_cannot_change_masks(void)
{
    expect(CONTROL_NPRIV, run(try_to_mask, CONTROL_SPSEL | CONTROL_NPRIV));
    expect(0, get_primask());
    expect(0, get_basepri());
    expect(0, get_faultmask());
}

static uint32_t read_masks(void)
{
    return get_primask() | get_basepri() | get_msp() | get_psp();
}

static void unprivileged_thread_reads_masks_as_zero(void)
{
    set_basepri(0x10);

    expect(0, run(read_masks, CONTROL_SPSEL | CONTROL_NPRIV));
}

/* Two instructions behind the access, so that a fault can still name it. */
NAKED static void write_scs(uint32_t address)
{
    __asm__("mov r1, #0x10\n"
            "str r1, [r0]\n"
            "nop\n"
            "bx lr");
}

static uint32_t write_scr(void)
{
    return trap_run(write_scs, (uint32_t)&SCR);
}

static void unprivileged_access_to_the_scs_is_a_busfault(void)
{
    set_handler(EXC_BUSFAULT, trap_handler);

    expect(true, run(write_scr, CONTROL_SPSEL | CONTROL_NPRIV));
    expect(1, trap.taken);
    expect(EXC_BUSFAULT, trap.exception);
    expect(CFSR_PRECISERR | CFSR_BFARVALID, trap.cfsr);
    expect((uint32_t)&SCR, trap.bfar);
    expect(0, SCR);
}

/* The fault is taken at the end of the block that holds the access. */
static void not_modelled_scs_fault_at_its_instruction(void)
{
    uint32_t access = ((uint32_t)write_scs & ~1u) + 4;

    set_handler(EXC_BUSFAULT, trap_handler);
    run(write_scr, CONTROL_SPSEL | CONTROL_NPRIV);

    expect(1, trap.taken);
    expect_true(trap.frame.pc != access);
}

static uint32_t trigger_by_stir(void)
{
    STIR = IRQ_A;
    barrier();
    return 0;
}

static void unprivileged_thread_may_use_stir_if_allowed(void)
{
    set_handler(EXC_IRQ0 + IRQ_A, trap_handler);
    enable_irq(IRQ_A, 0);
    CCR |= CCR_USERSETMPEND;
    run(trigger_by_stir, CONTROL_SPSEL | CONTROL_NPRIV);

    expect(EXC_IRQ0 + IRQ_A, trap.exception);
    expect(RETURN_PSP, trap.exc_return);
}

static uint32_t interrupted_unprivileged(void)
{
    const uint32_t spin = 20000;

    for (volatile uint32_t i = 0; i < spin; i++) {
    }
    return get_control() & CONTROL_NPRIV;
}

static void handler_of_an_unprivileged_thread_is_privileged(void)
{
    set_handler(EXC_SYSTICK, order_other);
    order_begin((const uint8_t[4]){0, 0, 0, 0});
    SYST_RVR = 999;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;

    expect(CONTROL_NPRIV,
           run(interrupted_unprivileged, CONTROL_SPSEL | CONTROL_NPRIV));
    SYST_CSR = 0;
    expect(OTHER, order() & 0xF);
}

static const struct claim CLAIMS[] = {THREAD_CLAIMS(CLAIM_ROW)};
const struct subject thread_subject = SUBJECT(CLAIMS);
