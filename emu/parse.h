/* parse.h - the small texts of tern-board's command line and scenario files:
 * numbers, seconds, power cuts.
 *
 * Each takes the whole text or refuses it; `out` is written only on true.
 * Tests: test/unit/emu/test_options.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_PARSE_H
#define TERN_EMU_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/board.h"

/* Decimal or 0x hexadecimal, no sign, at most max. */
bool parse_u64(const char *text, uint64_t max, uint64_t *out);
bool parse_u32(const char *text, uint32_t *out);

/* Seconds with up to nine decimals ("1.5") as virtual cycles. */
bool parse_seconds(const char *text, uint64_t *cycles);

/* nothing | all | first | second | bytes=K | random=SEED; at_op is left. */
bool parse_tear(const char *text, struct board_cut *out);
/* N or N:TEAR, N from 1; without TEAR: nothing. */
bool parse_cut(const char *text, struct board_cut *out);

enum { PARSE_CUT_TEXT_MAX = 48 };
/* The text that parse_cut() takes back. */
void parse_cut_text(const struct board_cut *c, char out[PARSE_CUT_TEXT_MAX]);

/* Cuts `text` at its last `at` ("file@0x1000"): the rest after it, or NULL if
 * there is none or either part is empty. */
char *parse_split(char *text, char at);

#endif
