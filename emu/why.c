/* why.c - see why.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/why.h"

#include <stdarg.h>
#include <stdio.h>

bool why_not(struct board_why *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return false;
}
