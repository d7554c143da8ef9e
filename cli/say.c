/* say.c - texts for people. Tests: test/unit/cli/test_say.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/say.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void why_set(struct why *w, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    (void)vsnprintf(w->text, sizeof w->text, format, ap);
    va_end(ap);
}

/* Bytes of the UTF-8 character at p, or 0 if there is none that may be shown.
 * An overlong form is refused because it could carry a control character. */
static size_t printable_at(const unsigned char *p)
{
    if (p[0] < 0x80)
        return p[0] >= 0x20 && p[0] != 0x7f;
    size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool overlong =
        (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool c1 = p[0] == 0xc2 && p[1] < 0xa0;
    return overlong || c1 ? 0 : len;
}

void say_clean(char *text)
{
    unsigned char *p = (unsigned char *)text;

    while (*p) {
        size_t len = printable_at(p);
        if (len == 0)
            *p = '?';
        p += len == 0 ? 1 : len;
    }
}

size_t say_width(const char *text)
{
    size_t width = 0;

    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if ((*p & 0xc0) != 0x80)
            width++;
    return width;
}

void say_time(char out[TIME_TEXT_MAX], int64_t ms)
{
    time_t s = (time_t)(ms / 1000);
    struct tm tm;

    if (ms == 0 || !localtime_r(&s, &tm) ||
        strftime(out, TIME_TEXT_MAX, "%Y-%m-%d %H:%M:%S", &tm) == 0)
        (void)snprintf(out, TIME_TEXT_MAX, "-");
}

void say_size(char out[SIZE_TEXT_MAX], uint64_t bytes)
{
    char digits[24];
    int len =
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)bytes);
    size_t at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = 0;
}

void say_hex(char *out, const uint8_t *bytes, size_t len)
{
    static const char DIGITS[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        *out++ = DIGITS[bytes[i] >> 4];
        *out++ = DIGITS[bytes[i] & 15];
    }
    *out = 0;
}
