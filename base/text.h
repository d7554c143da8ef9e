/* text.h - build a string in a buffer of the caller; no printf, no heap.
 *
 * Too long is sticky: the buffer always ends in NUL, `bad` says it was cut.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_TEXT_H
#define TERN_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *buf;  /* the caller's */
    size_t cap; /* bytes, at least 1 */
    size_t len; /* without the NUL */
    bool bad;   /* something did not fit */
};

/* The decimal digits at *at, which moves past them. False, with *at and *out
 * untouched, if there are none or their number does not fit. */
/*@ requires \valid(at) && \valid(out) && \separated(at, out);
    requires 0 <= end - *at && \base_addr(*at) == \base_addr(end);
    requires \valid_read(*at + (0 .. end - *at - 1));
    assigns *at, *out;
    ensures \base_addr(*at) == \base_addr(end);
    ensures 0 <= end - *at <= end - \old(*at);
    ensures \result ==> end - *at < end - \old(*at);
    ensures !\result ==> *at == \old(*at) && *out == \old(*out); */
bool text_read_u32(const char **at, const char *end, uint32_t *out);

/* The n-th (0...) of texts that lie one behind the other, each with its NUL: a
 * table of pointers to them would cost a device four bytes for each. */
const char *text_nth(const char *texts, unsigned n);

struct text text_in(char *buf, size_t cap);
void text_add(struct text *t, const char *s);
void text_add_len(struct text *t, const char *s, size_t len);
void text_add_u32(struct text *t, uint32_t v); /* decimal */
void text_add_hex(struct text *t, const uint8_t *bytes, size_t len, bool upper);

/* Like printf, with %s, %u, %d and %% alone; the compiler checks the
 * arguments. */
void text_format(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_format_args(struct text *t, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
