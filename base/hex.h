/* hex.h - hex text to bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_HEX_H
#define TERN_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a hex digit in either case, or -1. */
int hex_digit(char c);

/* Decode exactly 2 * len hex digits, either case, into len bytes.
 * Returns false (out undefined) if text_len differs or a digit is none. */
bool hex_decode(uint8_t *out, size_t len, const char *text, size_t text_len);

#endif
