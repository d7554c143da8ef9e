/* harness.h - claims, their results on the console, and exception handlers
 * that record what the core did.
 *
 * A claim is a function without arguments: it tries something and calls
 * expect(). Its name is printed as `PASS name` or `FAIL name: ...`. Before
 * each claim the core is put back into a known state.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_HARNESS_H
#define TERN_TEST_EMU_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct claim {
    const char *name;
    void (*run)(void);
    void (*after_reset)(void); /* the second half, if the first one resets */
};

struct subject {
    const struct claim *claims;
    size_t count;
};

/* Rows of a subject's table, from its list in claims.h. */
#define CLAIM_PROTOTYPE(f)       static void f(void);
#define CLAIM_ROW(f)             {#f, f, NULL},
#define RESET_CLAIM_PROTOTYPE(f) static void f(void), f##_after(void);
#define RESET_CLAIM_ROW(f)       {#f, f, f##_after},
#define SUBJECT(rows)                                                          \
    {                                                                          \
        rows, sizeof rows / sizeof rows[0]                                     \
    }

void harness_main(void) __attribute__((noreturn));

/* The first that differs is what FAIL tells. */
void expect(uint32_t expected, uint32_t got);
void expect_true(bool is_so);
/* low <= got <= high */
void expect_range(uint32_t low, uint32_t high, uint32_t got);

/* --- exceptions ----------------------------------------------------------- */

void set_handler(unsigned exception, void (*handler)(void));
void enable_irq(unsigned irq, unsigned priority);
void pend_irq(unsigned irq); /* and waits until it has been taken */
/* Four lines on which no device of the chip sits here. */
enum { IRQ_A = 123, IRQ_B, IRQ_C, IRQ_D };

struct frame {
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

/* What trap_handler() saw when it was entered last. */
struct trap {
    uint32_t taken; /* how often since trap_reset() */
    uint32_t exception, exc_return, control, frame_address;
    struct frame frame;
    uint32_t fp[17]; /* S0..S15, FPSCR of an extended frame */
    uint32_t cfsr, hfsr, bfar, shcsr, icsr;
    uint32_t first_frame_address, first_pc;
};
extern struct trap trap;

void trap_reset(void);
/* A handler that records, and returns as trap_run() or trap_skip() asked. */
void trap_handler(void);
/* Runs f(argument); true: a trap ended it. */
bool trap_run(void (*f)(uint32_t), uint32_t argument);
/* From now, each trap returns `bytes` after the instruction it names. */
void trap_skip(uint32_t bytes);

uint32_t cpacr_after_reset(void); /* as the start code found it */

/* The scenario that the host asked for. */
uint32_t scenario(void);
uint32_t scenario_argument(void);

#endif
