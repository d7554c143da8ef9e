/* names.h - what people may call things, and names made up for them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_NAMES_H
#define TERN_SERVER_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* 1..80 bytes of UTF-8 without control characters. */
bool name_is_ok(const char *s);
/* A module, [A-Za-z0-9_-]{1,32}. */
bool module_is_ok(const char *s);
/* Link SDK finds a JSON name by its first occurrence, also as a value: a
 * version or module that is one of the names in a push would break it. */
bool is_push_word(const char *s);
/* Exactly `digits` lower-case hex digits. */
bool is_hex(const char *s, size_t digits);

/* Copy what a device said so that it can stand in any text: bytes that are no
 * UTF-8 and control characters become '?'; cut between characters. */
void text_clean(char *out, size_t cap, const char *in);

/* cap - 1 random letters and digits and NUL; false: the system gave no
 * randomness. */
bool random_name(char *out, size_t cap);

#endif
