/* diag.c - the sentence that goes with an error.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>
#include <stdio.h>

#include "server/core/core.h"

void diag_set(struct diag *why, const char *format, ...)
{
    if (!why)
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
}
