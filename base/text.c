/* text.c - build a string in a fixed buffer. text_add_len() holds the only
 * check.
 *
 * Tests: test/unit/base/test_text.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/text.h"

#include <string.h>

enum { DECIMAL_MAX = 10 }; /* digits of 4294967295 */

bool text_read_u32(const char **at, const char *end, uint32_t *out)
{
    const char *p = *at;
    uint32_t value = 0;

    /*@ loop invariant 0 <= end - p <= end - *at;
        loop invariant \base_addr(p) == \base_addr(end);
        loop assigns p, value;
        loop variant end - p; */
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        uint32_t digit = (uint32_t)(*p - '0');

        if (value > (UINT32_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (p == *at)
        return false;
    *at = p;
    *out = value;
    return true;
}

const char *text_nth(const char *texts, unsigned n)
{
    while (n-- > 0)
        texts += strlen(texts) + 1;
    return texts;
}

struct text text_in(char *buf, size_t cap)
{
    buf[0] = '\0';
    return (struct text){buf, cap, 0, false};
}

void text_add_len(struct text *t, const char *s, size_t len)
{
    size_t room = t->cap - t->len - 1;

    /* A cut leaves no room, so nothing can follow it and make a hole. */
    if (len > room) {
        t->bad = true;
        len = room;
    }
    if (len > 0)
        memcpy(t->buf + t->len, s, len);
    t->len += len;
    t->buf[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
    text_add_len(t, s, strlen(s));
}

void text_add_u32(struct text *t, uint32_t v)
{
    char digits[DECIMAL_MAX];
    size_t first = DECIMAL_MAX;

    do {
        digits[--first] = (char)('0' + v % 10);
        v /= 10;
    } while (v != 0);
    text_add_len(t, digits + first, DECIMAL_MAX - first);
}

void text_add_hex(struct text *t, const uint8_t *bytes, size_t len, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};

        text_add_len(t, pair, sizeof pair);
    }
}

static void add_i32(struct text *t, int32_t v)
{
    uint32_t size = (uint32_t)v;

    if (v < 0) {
        text_add_len(t, "-", 1);
        size = 0u - size; /* also right for INT32_MIN */
    }
    text_add_u32(t, size);
}

void text_format_args(struct text *t, const char *format, va_list args)
{
    for (; *format; format++) {
        if (*format != '%' || *++format == '%')
            text_add_len(t, format, 1);
        else if (*format == 's')
            text_add(t, va_arg(args, const char *));
        else if (*format == 'u')
            text_add_u32(t, va_arg(args, unsigned));
        else
            add_i32(t, va_arg(args, int));
    }
}

void text_format(struct text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_format_args(t, format, args);
    va_end(args);
}
