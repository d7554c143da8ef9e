/* soc.h - what a peripheral model may use: the bus, virtual time, interrupt
 * lines, and notes. Every model is one file, `emu/<name>.c`, with one function
 * `<name>_add(struct soc *)` in emu/peripherals.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SOC_H
#define TERN_EMU_SOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct soc;
struct board_config;

enum { SOC_IRQS = 160 }; /* lines of the RT1060's NVIC */

enum soc_reset {
    SOC_RESET_POWER,  /* power-on: everything */
    SOC_RESET_SYSTEM, /* SYSRESETREQ, watchdog, reset button: not the always-on
                         domain (SNVS, SRC flags), not RAM */
};

/* One window of registers. Offsets are from `base`; width is 1, 2 or 4 bytes.
 * A register the model does not know: soc_not_modelled(), read as zero. */
struct soc_device {
    const char *name;
    uint32_t base, bytes; /* bytes: multiple of 4 KiB unless it shares a page */
    void *ctx;            /* the model's own, from soc_alloc() */
    uint32_t (*read)(void *ctx, uint32_t off, unsigned width);
    void (*write)(void *ctx, uint32_t off, uint32_t value, unsigned width);
    void (*reset)(void *ctx, enum soc_reset kind);
};
void soc_add(struct soc *s, const struct soc_device *d);
void *soc_alloc(struct soc *s, size_t bytes); /* zeroed; freed with the board */

/* Virtual time. */
uint64_t soc_now(const struct soc *s); /* cycles since power-on */

/* The access that goes on makes the core wait this long. Timers fire after it,
 * before the next block. */
void soc_spend(struct soc *s, uint64_t cycles);

/* A timer that calls back once, from between two blocks of instructions, at or
 * after its time. Made once per model, lives as long as the board; reset stops
 * all. */
struct soc_timer;
struct soc_timer *soc_timer_new(struct soc *s, void (*fire)(void *ctx),
                                void *ctx);
void soc_timer_at(struct soc_timer *t, uint64_t cycles); /* absolute; re-arms */
void soc_timer_stop(struct soc_timer *t);

/* Interrupt lines, 0..159 as in the manual's table; level-sensitive. */
void soc_irq(struct soc *s, unsigned irq, bool level);

/* Something outside the board (a person, the network) can raise this line: a
 * core asleep with the line enabled then waits for it instead of being
 * reported as asleep for ever. False after reset. */
void soc_irq_may_come(struct soc *s, unsigned irq, bool may);

/* UART bytes. Out: instance 1 is the board's console. In: the model of an
 * instance says where its bytes go. */
void soc_uart_out(struct soc *s, unsigned instance, uint8_t byte);
void soc_on_uart_in(struct soc *s, unsigned instance,
                    void (*in)(void *ctx, const uint8_t *bytes, size_t len),
                    void *ctx);

/* Called when the core sleeps and virtual time is about to leap `ns` of it:
 * wait as long in host time for something from outside, return how many ns
 * have passed. Set by the network model; without it time just leaps. */
void soc_on_wait(struct soc *s, uint64_t (*wait)(void *ctx, uint64_t ns),
                 void *ctx);

/* What a network fault (board_lose_frames) does to the next frame. */
enum soc_frame { SOC_FRAME_PASS, SOC_FRAME_LOSE, SOC_FRAME_CORRUPT };
enum soc_frame soc_frame_fate(struct soc *s);

/* Memory as a bus master (DMA) sees it: flash through the remap window, RAM.
 * false: nothing is there. */
bool soc_dma_read(struct soc *s, uint32_t address, void *dst, size_t len);
bool soc_dma_write(struct soc *s, uint32_t address, const void *src,
                   size_t len);

/* Ask for a reset at the next block boundary; `srsr` bits go to SRC_SRSR. */
void soc_reset_request(struct soc *s, uint32_t srsr);
/* Of the reset that is going on or was the last: its `srsr`; 0: power-on. */
uint32_t soc_reset_cause(const struct soc *s);

/* An access that no model knows; reported once per address and PC, stops the
 * run with --strict. */
void soc_not_modelled(struct soc *s, const char *what, uint32_t address,
                      bool is_write, uint32_t value);
/* A line for the person: misuse that silicon would answer with wrong data. */
void soc_note(struct soc *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const struct board_config *soc_config(const struct soc *s);
uint64_t soc_seed(const struct soc *s); /* board_config.seed */
uint32_t soc_random(struct soc *s);     /* seeded stream */

/* The remap window (IOMUXC_GPR30/31/32): AHB reads and fetches of [start, end)
 * come from `offset` further on. All zero: off. Takes effect at the next block.
 */
void soc_remap(struct soc *s, uint32_t start, uint32_t end, uint32_t offset);

/* The NOR flash changed under code that may have been translated. */
void soc_flash_changed(struct soc *s, uint32_t offset, uint32_t bytes);
/* While busy, AHB reads of the flash give wrong data and are reported, once
 * per page. */
void soc_flash_busy(struct soc *s, bool busy);

#endif
