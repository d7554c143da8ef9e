/* why.h - say why not: a sentence into a struct board_why.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_WHY_H
#define TERN_EMU_WHY_H

#include <stdbool.h>

#include "emu/board.h"

/* Always false, so that a function can end with it. */
bool why_not(struct board_why *why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
