/* soc_host.h - the board's side of the SoC whose models see only soc.h: make
 * one, give it a core, move its time, reset it.
 *
 * For board.c, the core and unit tests: a model under test lives on a soc
 * without a core, see test/unit/emu/test_soc.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SOC_HOST_H
#define TERN_EMU_SOC_HOST_H

#include "emu/board.h"
#include "emu/memory.h"
#include "emu/soc.h"

/* What the SoC tells the core. Members may be NULL. */
struct soc_host {
    void *ctx;
    uint32_t (*pc)(void *ctx); /* of the block that runs now */
    /* A reset, a stop or an earlier timer: look at the next block boundary. */
    void (*attention)(void *ctx);
    void (*irq)(void *ctx, unsigned irq, bool level);
    void (*code_changed)(void *ctx, uint32_t address, uint32_t bytes);
};

/* c is kept, with the strings it points to. */
struct soc *soc_new(const struct board_config *c, struct board_why *why);
void soc_free(struct soc *s);
void soc_set_host(struct soc *s, const struct soc_host *h); /* copied */
struct memory *soc_memory(struct soc *s);

/* One access by the core. An address without a device is reported and reads
 * as zero: the caller decides before whether it is a bus fault. */
const struct soc_device *soc_device_at(struct soc *s, uint32_t address);
/* The devices in order of their base; index < soc_devices(). */
size_t soc_devices(const struct soc *s);
const struct soc_device *soc_device(const struct soc *s, size_t index);
uint32_t soc_read(struct soc *s, uint32_t address, unsigned width);
void soc_write(struct soc *s, uint32_t address, uint32_t value, unsigned width);

/* Stops the timers, lowers the lines, resets the models in the order in which
 * they were added. Time goes back to zero at power-on only. */
void soc_reset(struct soc *s, enum soc_reset kind, uint32_t srsr);

/* The clock, open to the core's run loop, which adds to `now`. */
struct soc_clock {
    uint64_t now;
    uint64_t next_timer; /* UINT64_MAX: none runs */
};
struct soc_clock *soc_clock(struct soc *s);
/* Move time to `cycles`, firing each timer on the way at its time. */
void soc_advance(struct soc *s, uint64_t cycles);
void soc_fire_due(struct soc *s); /* timers whose time has come */

bool soc_irq_level(const struct soc *s, unsigned irq);
bool soc_irq_awaited(const struct soc *s, unsigned irq);
void soc_uart_in(struct soc *s, unsigned instance, const void *bytes,
                 size_t len);
/* Sleep until `cycles`; may end earlier when something came from outside. */
void soc_sleep(struct soc *s, uint64_t cycles);
void soc_lose_frames(struct soc *s, uint32_t per_million, bool corrupt);

/* Each gives what was asked for since the last call, and forgets it. */
bool soc_take_reset(struct soc *s, uint32_t *srsr);
bool soc_reset_is_wanted(const struct soc *s); /* without forgetting it */
bool soc_take_strict(struct soc *s);
uint64_t soc_not_modelled_count(const struct soc *s);

#endif
