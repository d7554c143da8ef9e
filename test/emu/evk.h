/* evk.h - an emulated evaluation board with the conformance firmware in its
 * flash, and what it said.
 *
 * Functions that can fail do so by cmocka's assertions.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_EVK_H
#define TERN_TEST_EMU_EVK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"
#include "test/emu/firmware/scenario.h"

enum {
    EVK_TEXT_MAX = 1 << 16,
    EVK_SECOND = BOARD_HZ,
    EVK_FLASH_BASE = 0x60000000,
};

struct evk_text {
    char bytes[EVK_TEXT_MAX]; /* ends with NUL */
    size_t len;
};

struct evk {
    struct board *board;
    struct evk_text console, notes;
    struct board *stop_at_dot; /* board_stop() at the next '.'; NULL: never */
};

/* The firmware's files, by name: conformance.bin, conformance.elf... */
const char *evk_file(const char *name);

/* Powered off, the firmware in flash with this scenario. `strict`, `seed` and
 * so on from `c`, whose callbacks are ignored; NULL: seed 1. */
struct evk *evk_new(const struct board_config *c, enum scenario scenario,
                    uint32_t argument);
void evk_free(struct evk *e);

/* What the next power-on is to do. */
void evk_set_scenario(struct evk *e, enum scenario scenario, uint32_t argument);

/* Forget what was said, power on, run for at most ten virtual seconds. */
enum board_stop evk_boot(struct evk *e);
/* Run until the console has this text; fails after ten virtual seconds. */
void evk_run_to(struct evk *e, const char *text);
/* The number behind `label` on the console, as 0x01234567. */
uint32_t evk_number(const struct evk *e, const char *label);
bool evk_said(const struct evk *e, const char *text);
bool evk_noted(const struct evk *e, const char *text);

#endif
