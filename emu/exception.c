/* exception.c - entering and leaving exceptions: stacking, vectors, escalation,
 * lockup. Start at enter() and exception_return().
 *
 * The FP part of a frame is pushed at once; lazy stacking would give the same
 * memory later. The exclusive monitor is out of reach and is not cleared.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5.6 "Exception entry
 * behavior" to B1.5.15 "Unrecoverable exception cases".
 * Tests: test/unit/emu/test_m7.c, test/emu
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/m7_core.h"

enum {
    CONTROL_NPRIV = 1,
    CONTROL_SPSEL = 2,
    CONTROL_FPCA = 4,
    FRAME_BYTES = 0x20,
    FP_FRAME_BYTES = 0x68,
    FRAME_R12 = 4,
    FRAME_LR = 5,
    FRAME_PC = 6,
    FRAME_XPSR = 7,
    FRAME_S0 = 8,
    FRAME_FPSCR = 24,
    FRAME_WORDS = FP_FRAME_BYTES / 4,
    /* EXC_RETURN's low bits. */
    RETURN_HANDLER = 0x1,
    RETURN_THREAD_MSP = 0x9,
    RETURN_THREAD_PSP = 0xD,
    RETURN_NO_FP = 0x10,
    CCR_NONBASETHRDENA = 1 << 0,
    DFSR_BKPT = 1 << 1,
    DEMCR_MON_EN = 1 << 16,
};
#define XPSR_T         0x01000000u
#define XPSR_IT        0x0600FC00u
#define XPSR_EXCEPTION 0x000001FFu
#define XPSR_ALIGNED   0x00000200u
#define FPCCR_ASPEN    0x80000000u
#define EXC_RETURN     0xFFFFFFE0u

static void lock_up(struct m7 *c, const char *why)
{
    c->locked_up = true;
    soc_note(c->soc,
             "the core is locked up at 0x%08X: %s (CFSR 0x%08X, HFSR 0x%08X)",
             m7_get(c, UC_ARM_REG_PC), why, c->scs.cfsr, c->scs.hfsr);
}

/* --- entry ---------------------------------------------------------------- */

static void read_fp(struct m7 *c, uint32_t *frame)
{
    for (unsigned d = 0; d < 8; d++) {
        uint64_t pair;
        uc_reg_read(c->uc, UC_ARM_REG_D0 + (int)d, &pair);
        frame[FRAME_S0 + 2 * d] = (uint32_t)pair;
        frame[FRAME_S0 + 2 * d + 1] = (uint32_t)(pair >> 32);
    }
    frame[FRAME_FPSCR] = m7_get(c, UC_ARM_REG_FPSCR);
    frame[FRAME_FPSCR + 1] = 0;
}

/* Push the frame on the present stack. False: no memory there. */
static bool push_frame(struct m7 *c, uint32_t xpsr, bool fp)
{
    uint32_t frame[FRAME_WORDS], bytes = fp ? FP_FRAME_BYTES : FRAME_BYTES;
    uint32_t sp = m7_get(c, UC_ARM_REG_SP);
    uint32_t base = (sp - bytes) & ~7u;

    for (unsigned n = 0; n < 4; n++)
        frame[n] = m7_get(c, UC_ARM_REG_R0 + (int)n);
    frame[FRAME_R12] = m7_get(c, UC_ARM_REG_R12);
    frame[FRAME_LR] = m7_get(c, UC_ARM_REG_LR);
    frame[FRAME_PC] = m7_get(c, UC_ARM_REG_PC);
    frame[FRAME_XPSR] = xpsr | (sp & 4 ? XPSR_ALIGNED : 0);
    if (fp) {
        read_fp(c, frame);
        c->scs.fpcar = base + 4 * FRAME_S0;
    }
    m7_set(c, UC_ARM_REG_SP, base);
    return soc_dma_write(c->soc, base, frame, bytes);
}

/* From thread or handler mode into the handler mode of `exception`; the main
 * stack becomes the current one. */
static void switch_to_handler(struct m7 *c, uint32_t xpsr, unsigned exception)
{
    uint32_t control = m7_get(c, UC_ARM_REG_CONTROL);
    uint32_t flags = xpsr & ~(XPSR_EXCEPTION | XPSR_IT);

    if (control & CONTROL_SPSEL) {
        /* CONTROL can be written by privileged code only, SPSEL in thread mode
         * only: an unprivileged thread needs a detour through handler mode. */
        if (control & CONTROL_NPRIV) {
            m7_set_xpsr(c, flags | exception);
            m7_set(c, UC_ARM_REG_CONTROL, 0);
            m7_set_xpsr(c, flags);
        }
        m7_set(c, UC_ARM_REG_CONTROL, 0);
    }
    m7_set_xpsr(c, flags | exception);
    m7_set(c, UC_ARM_REG_CONTROL, control & CONTROL_NPRIV);
    m7_set(c, UC_ARM_REG_APSR_NZCV, flags);
}

static bool read_vector(struct m7 *c, unsigned exception, uint32_t *vector)
{
    return soc_dma_read(c->soc, c->scs.vtor + 4 * exception, vector, 4);
}

/* The handler mode of some exception holds; start the handler of this one. */
static void start_handler(struct m7 *c, unsigned exception)
{
    uint32_t vector;

    if (!read_vector(c, exception, &vector)) {
        c->scs.hfsr |= HFSR_VECTTBL;
        if (exception == EXC_HARDFAULT || exception == EXC_NMI ||
            !read_vector(c, EXC_HARDFAULT, &vector)) {
            lock_up(c, "no vector table for the handler");
            return;
        }
        exception = EXC_HARDFAULT;
    }
    nvic_activate(&c->nvic, exception);
    c->interrupts++;
    c->event_register = true;
    uint32_t xpsr = m7_get(c, UC_ARM_REG_XPSR) & ~XPSR_EXCEPTION;

    m7_set_xpsr(c, xpsr | exception);
    m7_jump(c, vector); /* without bit 0: INVSTATE at the first instruction */
}

/* Stacking failed while entering `exception`: a BusFault comes on top. Which
 * handler runs? EXC_NONE: none can. */
static unsigned stacking_fault(struct m7 *c, unsigned exception)
{
    c->scs.cfsr |= CFSR_STKERR;
    if (exception == EXC_HARDFAULT || exception == EXC_NMI)
        return EXC_NONE;
    if (c->nvic.enabled[EXC_BUSFAULT] &&
        nvic_priority(&c->nvic, EXC_BUSFAULT) <
            nvic_priority(&c->nvic, exception)) {
        nvic_pend(&c->nvic, exception);
        m7_check(c, CHECK_PENDING);
        return EXC_BUSFAULT;
    }
    if (c->nvic.enabled[EXC_BUSFAULT]) {
        nvic_pend(&c->nvic, EXC_BUSFAULT);
        m7_check(c, CHECK_PENDING);
        return exception;
    }
    c->scs.hfsr |= HFSR_FORCED;
    return EXC_HARDFAULT;
}

/* The PC names the instruction to come back to. */
static void enter(struct m7 *c, unsigned exception)
{
    uint32_t xpsr = m7_get(c, UC_ARM_REG_XPSR);
    uint32_t control = m7_get(c, UC_ARM_REG_CONTROL);
    bool fp = (control & CONTROL_FPCA) && (c->scs.fpccr & FPCCR_ASPEN);
    uint32_t exc_return = EXC_RETURN | (fp ? 0 : RETURN_NO_FP);

    if (xpsr & XPSR_EXCEPTION)
        exc_return |= RETURN_HANDLER;
    else
        exc_return |=
            control & CONTROL_SPSEL ? RETURN_THREAD_PSP : RETURN_THREAD_MSP;
    if (!push_frame(c, xpsr, fp))
        exception = stacking_fault(c, exception);
    if (exception == EXC_NONE) {
        lock_up(c, "no memory at the stack pointer");
        return;
    }
    switch_to_handler(c, xpsr, exception);
    m7_set(c, UC_ARM_REG_LR, exc_return);
    start_handler(c, exception);
}

void exception_take(struct m7 *c, unsigned exception)
{
    enter(c, exception);
}

/* --- faults --------------------------------------------------------------- */

static bool is_enabled(const struct m7 *c, unsigned exception)
{
    bool configurable =
        exception >= EXC_MEMMANAGE && exception <= EXC_USAGEFAULT;

    return !configurable || c->nvic.enabled[exception];
}

/* An exception that the running instruction causes cannot wait. */
static void enter_now(struct m7 *c, unsigned exception)
{
    int running = nvic_running(&c->nvic, m7_masks(c));

    if (!is_enabled(c, exception) ||
        nvic_priority(&c->nvic, exception) >= running) {
        c->scs.hfsr |= HFSR_FORCED;
        exception = EXC_HARDFAULT;
    }
    if (exception == EXC_HARDFAULT && running <= NVIC_PRIORITY_HARDFAULT)
        lock_up(c, "a fault where no fault handler can run");
    else
        enter(c, exception);
}

void exception_fault(struct m7 *c, unsigned exception, uint32_t cfsr)
{
    c->scs.cfsr |= cfsr;
    enter_now(c, exception);
}

void exception_supervisor_call(struct m7 *c)
{
    enter_now(c, EXC_SVCALL);
}

void exception_breakpoint(struct m7 *c)
{
    int running = nvic_running(&c->nvic, m7_masks(c));

    c->scs.dfsr |= DFSR_BKPT;
    if ((c->scs.demcr & DEMCR_MON_EN) &&
        nvic_priority(&c->nvic, EXC_DEBUGMON) < running) {
        enter(c, EXC_DEBUGMON);
    } else if (running <= NVIC_PRIORITY_HARDFAULT) {
        lock_up(c, "a breakpoint instruction without a debugger");
    } else {
        c->scs.hfsr |= HFSR_DEBUGEVT;
        enter(c, EXC_HARDFAULT);
    }
}

void exception_late(struct m7 *c, uint32_t cfsr)
{
    c->scs.cfsr |= cfsr;
    if (c->nvic.enabled[EXC_BUSFAULT]) {
        nvic_pend(&c->nvic, EXC_BUSFAULT);
    } else {
        c->scs.hfsr |= HFSR_FORCED;
        nvic_pend(&c->nvic, EXC_HARDFAULT);
    }
    m7_check(c, CHECK_PENDING);
}

/* --- return --------------------------------------------------------------- */

/* Is this a return that the state of the core allows? */
static bool is_legal(const struct m7 *c, uint32_t exc_return, unsigned leaving)
{
    if ((exc_return | RETURN_NO_FP | 0xF) != 0xFFFFFFFFu ||
        !c->nvic.active[leaving])
        return false;
    switch (exc_return & 0xF) {
    case RETURN_HANDLER:
        return c->nvic.active_count > 1;
    case RETURN_THREAD_MSP:
    case RETURN_THREAD_PSP:
        return c->nvic.active_count == 1 ||
               (c->scs.ccr & CCR_NONBASETHRDENA) != 0;
    default:
        return false;
    }
}

static void deactivate(struct m7 *c, unsigned leaving)
{
    nvic_deactivate(&c->nvic, leaving);
    if (leaving != EXC_NMI)
        m7_set(c, UC_ARM_REG_FAULTMASK, 0);
    if (c->nvic.pending_count > 0)
        m7_check(c, CHECK_PENDING);
}

/* Nothing has been unstacked: the next handler comes back with the same
 * EXC_RETURN. */
static void fault_on_return(struct m7 *c, unsigned exception, uint32_t cfsr,
                            uint32_t exc_return)
{
    int running = nvic_running(&c->nvic, m7_masks(c));

    c->scs.cfsr |= cfsr;
    if (!is_enabled(c, exception) ||
        nvic_priority(&c->nvic, exception) >= running) {
        c->scs.hfsr |= HFSR_FORCED;
        exception = EXC_HARDFAULT;
        if (running <= NVIC_PRIORITY_HARDFAULT) {
            lock_up(c, "an exception return that is not possible");
            return;
        }
    }
    m7_set(c, UC_ARM_REG_LR, exc_return);
    start_handler(c, exception);
}

static void write_fp(struct m7 *c, const uint32_t *frame)
{
    for (unsigned d = 0; d < 8; d++) {
        uint64_t pair = frame[FRAME_S0 + 2 * d] |
                        (uint64_t)frame[FRAME_S0 + 2 * d + 1] << 32;
        uc_reg_write(c->uc, UC_ARM_REG_D0 + (int)d, &pair);
    }
    m7_set(c, UC_ARM_REG_FPSCR, frame[FRAME_FPSCR]);
}

/* From handler mode to where the frame came from, on the stack whose pointer
 * is now `sp`. */
static void switch_back(struct m7 *c, uint32_t exc_return, uint32_t xpsr,
                        uint32_t sp)
{
    uint32_t npriv = m7_get(c, UC_ARM_REG_CONTROL) & CONTROL_NPRIV;
    uint32_t control = exc_return & RETURN_NO_FP ? 0 : CONTROL_FPCA;

    /* Privileged until all is set: the last write may end that. */
    m7_set(c, UC_ARM_REG_CONTROL, 0);
    if ((exc_return & 0xF) == RETURN_THREAD_PSP) {
        m7_set(c, UC_ARM_REG_PSP, sp);
        control |= CONTROL_SPSEL;
    } else {
        m7_set(c, UC_ARM_REG_SP, sp);
    }
    m7_set_xpsr(c, xpsr & ~XPSR_ALIGNED);
    m7_set(c, UC_ARM_REG_CONTROL, control | npriv);
    m7_set(c, UC_ARM_REG_APSR_NZCV, xpsr);
}

static void restore(struct m7 *c, uint32_t exc_return, const uint32_t *frame,
                    uint32_t sp)
{
    for (unsigned n = 0; n < 4; n++)
        m7_set(c, UC_ARM_REG_R0 + (int)n, frame[n]);
    m7_set(c, UC_ARM_REG_R12, frame[FRAME_R12]);
    m7_set(c, UC_ARM_REG_LR, frame[FRAME_LR]);
    if (!(exc_return & RETURN_NO_FP))
        write_fp(c, frame);
    switch_back(c, exc_return, frame[FRAME_XPSR], sp);
    m7_jump(c, (frame[FRAME_PC] & ~1u) | (frame[FRAME_XPSR] & XPSR_T ? 1 : 0));
    c->event_register = true;
    if ((c->scs.scr & SCR_SLEEPONEXIT) && (exc_return & 0x8))
        c->asleep = true;
}

void exception_return(struct m7 *c, uint32_t exc_return)
{
    unsigned leaving = m7_get(c, UC_ARM_REG_XPSR) & XPSR_EXCEPTION;
    uint32_t frame[FRAME_WORDS];
    bool legal = is_legal(c, exc_return, leaving);

    deactivate(c, leaving);
    if (!legal) {
        fault_on_return(c, EXC_USAGEFAULT, CFSR_INVPC, exc_return);
        return;
    }
    bool fp = !(exc_return & RETURN_NO_FP);
    uint32_t bytes = fp ? FP_FRAME_BYTES : FRAME_BYTES;
    bool psp = (exc_return & 0xF) == RETURN_THREAD_PSP;
    uint32_t sp = m7_get(c, psp ? UC_ARM_REG_PSP : UC_ARM_REG_SP);

    if (!soc_dma_read(c->soc, sp, frame, bytes)) {
        fault_on_return(c, EXC_BUSFAULT, CFSR_UNSTKERR, exc_return);
        return;
    }
    bool to_thread = (exc_return & 0x8) != 0;
    bool frame_of_thread = (frame[FRAME_XPSR] & XPSR_EXCEPTION) == 0;

    if (to_thread != frame_of_thread) {
        fault_on_return(c, EXC_USAGEFAULT, CFSR_INVPC, exc_return);
        return;
    }
    sp += bytes;
    if (frame[FRAME_XPSR] & XPSR_ALIGNED)
        sp |= 4;
    restore(c, exc_return, frame, sp);
}
