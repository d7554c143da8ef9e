/* m7.h - the Cortex-M7 core: runs code from memory until something wants
 * attention. exception.c, scs.c and trap.c are parts of it (m7_core.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_M7_H
#define TERN_EMU_M7_H

#include <stdio.h>

#include "emu/board.h"
#include "emu/soc_host.h"

struct m7;

/* Becomes the host of `s`; all models have been added. */
struct m7 *m7_new(struct soc *s, struct board_why *why);
void m7_free(struct m7 *c);

/* What the core starts with after a reset. */
struct m7_start {
    uint32_t sp, pc, vtor;
};
void m7_reset(struct m7 *c, const struct m7_start *start);

enum m7_stop {
    M7_TIME,   /* `until` has come */
    M7_RESET,  /* a reset was asked for: soc_take_reset() */
    M7_STRICT, /* something not modelled, in strict mode */
    M7_LOCKUP, /* locked up, or asleep for ever */
    M7_EXIT,   /* semihosting exit: m7_exit_code() */
    M7_BREAK,  /* m7_stop() or a breakpoint */
};
enum m7_stop m7_run(struct m7 *c, uint64_t until);
enum m7_stop m7_step(struct m7 *c); /* one instruction */
void m7_stop(struct m7 *c);         /* async-signal-safe */
/* Power is gone: what is left of the block has no effect on any device. */
void m7_cut(struct m7 *c);

int m7_exit_code(const struct m7 *c);
uint64_t m7_instructions(const struct m7 *c); /* since m7_new() */
uint64_t m7_interrupts(const struct m7 *c);   /* exceptions taken */

/* Registers 0..15, 16 xPSR; 17 MSP, 18 PSP, 19 PRIMASK, 20 BASEPRI,
 * 21 FAULTMASK, 22 CONTROL, 23 FPSCR, 32..63 S0..S31. */
uint32_t m7_reg(struct m7 *c, unsigned n);
void m7_reg_set(struct m7 *c, unsigned n, uint32_t value);

/* One aligned access of 1, 2 or 4 bytes to a device or a core register, with
 * its effects. False: there is none. */
bool m7_device_read(struct m7 *c, uint32_t address, void *dst, size_t len);
bool m7_device_write(struct m7 *c, uint32_t address, const void *src,
                     size_t len);

bool m7_breakpoint(struct m7 *c, uint32_t address, bool set);
/* From now, the nth time that address is reached, step over it. 0: never. */
void m7_skip(struct m7 *c, uint32_t address, uint64_t nth);
/* A line "cycle address" per block. NULL: none. Kept, not closed. */
void m7_trace(struct m7 *c, FILE *out);

#endif
