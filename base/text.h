/* text.h - build a string in a buffer of the caller; no printf, no heap.
 *
 * Too long is sticky: the buffer always ends in NUL, `bad` says it was cut.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_TEXT_H
#define TERN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *buf;  /* the caller's */
    size_t cap; /* bytes, at least 1 */
    size_t len; /* without the NUL */
    bool bad;   /* something did not fit */
};

struct text text_in(char *buf, size_t cap);
void text_add(struct text *t, const char *s);
void text_add_len(struct text *t, const char *s, size_t len);
void text_add_u32(struct text *t, uint32_t v); /* decimal */
void text_add_i32(struct text *t, int32_t v);  /* decimal */
void text_add_hex(struct text *t, const uint8_t *bytes, size_t len, bool upper);

#endif
