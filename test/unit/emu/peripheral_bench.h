/* peripheral_bench.h - soc_fixture.h with the clocks and the reset controller
 * that the small peripherals need, the console's bytes, and shorter names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_PERIPHERAL_BENCH_H
#define TERN_TEST_PERIPHERAL_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "test/unit/emu/soc_fixture.h"

struct bench {
    struct soc_fixture f;
    struct soc *s; /* the fixture's */
    char console[64];
    size_t console_len;
};

/* Powered on, with CCM, CCM_ANALOG, DCDC and SRC, and what `add` adds (or
 * NULL). */
int bench_start(void **state, void (*add)(struct soc *s));
int bench_stop(void **state); /* a cmocka teardown */

uint32_t rd(struct bench *b, uint32_t address);
void wr(struct bench *b, uint32_t address, uint32_t value);
uint16_t rd16(struct bench *b, uint32_t address);
void wr16(struct bench *b, uint32_t address, uint16_t value);

void pass_cycles(struct bench *b, uint64_t cycles);
void pass_us(struct bench *b, uint64_t us);
void pass_ms(struct bench *b, uint64_t ms);

/* True, and `srsr` of the request, if a model has asked for a reset. */
bool wants_reset(struct bench *b, uint32_t *srsr);
void system_reset(struct bench *b, uint32_t srsr);
void power_cycle(struct bench *b);

#endif
