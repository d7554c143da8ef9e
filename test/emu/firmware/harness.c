/* harness.c - runs the claims one after the other, also across resets.
 *
 * Start at harness_main(). How far it got is in SRC's general purpose
 * registers, which outlive a reset: a claim may reset the chip on purpose, and
 * one that dies of an unexpected exception costs only itself.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness.h"

#include "board.h"
#include "console.h"
#include "core.h"
#include "scenario.h"
#include "scenarios.h"
#include "subjects.h"

/* SRC general purpose registers: the ROM uses 1, 2, 5 and 10. */
#define PROGRESS SRC_GPR(3) /* PROGRESS_TAG | number of the claim that runs */
#define PASSED   SRC_GPR(4)
#define FAILED   SRC_GPR(6)
#define DEATH_PC SRC_GPR(7)
#define DEATH    SRC_GPR(8) /* the unexpected exception; 0: none */
#define DEATH_IS SRC_GPR(9) /* its CFSR */

#define PROGRESS_TAG  0x7E570000u
#define PROGRESS_MASK 0xFFFF0000u

static const struct subject *const SUBJECTS[] = {
    &exception_subject, &mask_subject,    &thread_subject,
    &integer_subject,   &fpu_subject,     &switch_subject,
    &fault_subject,     &systick_subject, &nvic_subject,
    &memory_subject,    &sleep_subject,   &dwt_subject,
    &flash_subject,     &remap_subject,   &reset_subject,
    &clock_subject,     &driver_subject,  &not_modelled_subject,
};
enum { SUBJECTS_COUNT = sizeof SUBJECTS / sizeof SUBJECTS[0] };

enum { TRAPS_MAX = 1000 }; /* in one claim */

/* The core wants the table at a multiple of its size's next power of two. */
enum { VECTORS_ALIGN = 1024 };
static void (*vectors[EXC_COUNT])(void) __attribute__((aligned(VECTORS_ALIGN)));

struct trap trap;

/* trap.S */
bool trap_call(void (*f)(uint32_t), uint32_t argument);
void trap_resume(void);
void trap_unexpected(void);
/* Called from trap.S. */
void trap_record(struct frame *f, uint32_t exc_return, uint32_t control);
void harness_died(const struct frame *f) __attribute__((noreturn));

static bool failed;
static volatile bool in_trap_run;
static uint32_t expected_value, got_value, skip_bytes;
static uint32_t ccr_after_reset;

/* --- what claims use ------------------------------------------------------ */

void expect(uint32_t expected, uint32_t got)
{
    if (failed || expected == got)
        return;
    failed = true;
    expected_value = expected;
    got_value = got;
}

void expect_true(bool is_so)
{
    expect(true, is_so);
}

void expect_range(uint32_t low, uint32_t high, uint32_t got)
{
    if (got < low)
        expect(low, got);
    if (got > high)
        expect(high, got);
}

void set_handler(unsigned exception, void (*handler)(void))
{
    vectors[exception] = handler;
    barrier();
}

void enable_irq(unsigned irq, unsigned priority)
{
    NVIC_IPR8(irq) = (uint8_t)priority;
    NVIC_ISER(irq / 32) = 1u << (irq % 32);
    barrier();
}

void pend_irq(unsigned irq)
{
    NVIC_ISPR(irq / 32) = 1u << (irq % 32);
    barrier();
}

void trap_reset(void)
{
    trap = (struct trap){0};
    skip_bytes = 0;
}

void trap_skip(uint32_t bytes)
{
    skip_bytes = bytes;
}

bool trap_run(void (*f)(uint32_t), uint32_t argument)
{
    in_trap_run = true;
    bool trapped = trap_call(f, argument);

    in_trap_run = false;
    return trapped;
}

void trap_record(struct frame *f, uint32_t exc_return, uint32_t control)
{
    if (trap.taken == TRAPS_MAX)
        harness_died(f); /* it traps in circles */
    if (trap.taken++ == 0) {
        trap.first_frame_address = (uint32_t)f;
        trap.first_pc = f->pc;
    }
    trap.exception = get_ipsr();
    trap.exc_return = exc_return;
    trap.control = control;
    trap.frame_address = (uint32_t)f;
    trap.frame = *f;
    if (!(exc_return & 0x10))
        for (unsigned i = 0; i < sizeof trap.fp / sizeof trap.fp[0]; i++)
            trap.fp[i] = ((const volatile uint32_t *)(f + 1))[i];
    trap.cfsr = CFSR;
    trap.hfsr = HFSR;
    trap.bfar = BFAR;
    trap.shcsr = SHCSR;
    trap.icsr = ICSR;
    CFSR = trap.cfsr;
    HFSR = trap.hfsr;
    f->pc += skip_bytes;
    if (in_trap_run) {
        f->pc = (uint32_t)trap_resume & ~1u;
        f->xpsr = XPSR_T | (f->xpsr & XPSR_ALIGN);
    }
    barrier();
}

/* --- running them --------------------------------------------------------- */

/* Everything a claim may have changed is as after a reset, but the faults are
 * enabled. */
static void prepare(void)
{
    mask_interrupts();
    console_drain();
    set_faultmask(0);
    set_basepri(0);
    for (unsigned i = 0; i < 160 / 32; i++) {
        NVIC_ICER(i) = UINT32_MAX;
        NVIC_ICPR(i) = UINT32_MAX;
    }
    for (unsigned i = 0; i < 160 / 4; i++)
        NVIC_IPR(i) = 0;
    SYST_CSR = 0;
    ICSR = ICSR_PENDSVCLR | ICSR_PENDSTCLR;
    for (unsigned i = 1; i <= 3; i++)
        SHPR(i) = 0;
    SHCSR = SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA;
    CFSR = UINT32_MAX;
    HFSR = UINT32_MAX;
    AIRCR = AIRCR_KEY;
    SCR = 0;
    CCR = ccr_after_reset;
    CPACR |= CPACR_FPU;
    FPCCR = FPCCR_ASPEN | FPCCR_LSPEN;
    for (unsigned i = 0; i < EXC_COUNT; i++)
        vectors[i] = trap_unexpected;
    VTOR = (uint32_t)vectors;
    barrier();
    set_fpscr(0);
    set_control(0);
    trap_reset();
    in_trap_run = false;
    failed = false;
    unmask_interrupts();
}

static void report(const struct claim *c)
{
    mask_interrupts();
    put_text(failed ? "FAIL " : "PASS ");
    put_text(c->name);
    if (failed) {
        put_text(": expected ");
        put_hex(expected_value);
        put_text(" got ");
        put_hex(got_value);
        FAILED++;
    } else {
        PASSED++;
    }
    put_text("\n");
}

static void report_death(const struct claim *c)
{
    put_text("FAIL ");
    put_text(c->name);
    put_text(": expected no reset, got exception ");
    put_number(DEATH);
    put_text(" at ");
    put_hex(DEATH_PC);
    put_text(", CFSR ");
    put_hex(DEATH_IS);
    put_text("\n");
    DEATH = 0;
    FAILED++;
}

/* The only way out of a core in an unknown state is a reset; harness_main()
 * goes on with the next claim. */
void harness_died(const struct frame *f)
{
    uint32_t at = (uint32_t)f;

    DEATH = get_ipsr();
    DEATH_PC = at - DTCM_BASE < DTCM_BYTES ? f->pc : at;
    DEATH_IS = CFSR;
    AIRCR = AIRCR_KEY | AIRCR_SYSRESETREQ;
    for (;;) {
    }
}

/* After a reset: the rest of the claim that caused it. */
static void finish(const struct claim *c)
{
    if (DEATH != 0 || !c->after_reset) {
        report_death(c);
        return;
    }
    c->after_reset();
    report(c);
}

static const struct claim *claim_at(unsigned number)
{
    for (unsigned i = 0; i < SUBJECTS_COUNT; i++) {
        if (number < SUBJECTS[i]->count)
            return &SUBJECTS[i]->claims[number];
        number -= SUBJECTS[i]->count;
    }
    return NULL;
}

static void run_from(unsigned number)
{
    const struct claim *c;

    for (; (c = claim_at(number)) != NULL; number++) {
        PROGRESS = PROGRESS_TAG | number;
        prepare();
        c->run();
        report(c);
    }
}

void harness_main(void)
{
    unsigned first = 0;

    ccr_after_reset = CCR;
    console_open();
    if (scenario() != SCENARIO_CONFORMANCE) {
        prepare();
        scenario_run(scenario(), scenario_argument());
    }
    if ((PROGRESS & PROGRESS_MASK) == PROGRESS_TAG) {
        first = PROGRESS & ~PROGRESS_MASK;
        finish(claim_at(first++));
    } else {
        PASSED = 0;
        FAILED = 0;
        DEATH = 0;
    }
    run_from(first);
    PROGRESS = 0;
    put_number(PASSED);
    put_text(" passed, ");
    put_number(FAILED);
    put_text(" failed\n");
    leave(FAILED == 0 ? EXIT_PASSED : EXIT_FAILED);
}
