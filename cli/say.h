/* say.h - texts for people: reasons, times, sizes, and nothing that a hostile
 * string could do to a terminal.
 *
 * Tests: test/unit/cli/test_say.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_SAY_H
#define TERN_CLI_SAY_H

#include <stddef.h>
#include <stdint.h>

enum { WHY_MAX = 1024, TIME_TEXT_MAX = 32, SIZE_TEXT_MAX = 32 };

/* A sentence on its way up to whoever prints it. */
struct why {
    char text[WHY_MAX];
};

void why_set(struct why *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Replace every control character (C0, DEL, C1) and every byte that is not
 * UTF-8 by '?'. Text from devices and servers passes here before a terminal. */
void say_clean(char *text);

/* Columns that a cleaned UTF-8 text takes, one per character. */
size_t say_width(const char *text);

/* Local time as "2026-03-01 13:05:09"; "-" for 0. */
void say_time(char out[TIME_TEXT_MAX], int64_t ms);

/* Bytes with separators: "272,600". */
void say_size(char out[SIZE_TEXT_MAX], uint64_t bytes);

/* out: 2 * len digits and NUL, lower case. */
void say_hex(char *out, const uint8_t *bytes, size_t len);

#endif
