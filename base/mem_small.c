/* mem_small.c - memcpy and its like in 150 bytes of Thumb-2, where newlib's
 * take 940: for bootloaders, which move little.
 *
 * A program lists this file among its own sources, and the linker then leaves
 * the C library's functions where they are.
 *
 * Tests: test/unit/base/test_mem_small.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* volatile, or else the compiler sees what each loop is, and puts a call of the
 * function there that it stands in. Words may alias anything: it is memory. */
typedef volatile uint8_t byte;
typedef volatile uint32_t __attribute__((may_alias)) word;

enum { WORD = sizeof(word) };

/* From the lowest byte up: right for a target that lies lower, or apart. */
static void copy_up(byte *d, const byte *s, size_t len)
{
    if ((((uintptr_t)d | (uintptr_t)s) & (WORD - 1)) == 0)
        for (; len >= WORD; len -= WORD, d += WORD, s += WORD)
            /* NOLINTNEXTLINE(performance-no-int-to-ptr): aligned, as seen */
            *(word *)(uintptr_t)d = *(const word *)(uintptr_t)s;
    while (len-- > 0)
        *d++ = *s++;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    copy_up(to, from, len);
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    byte *d = to;
    const byte *s = from;

    if ((uintptr_t)d <= (uintptr_t)s)
        copy_up(d, s, len);
    else
        while (len-- > 0)
            d[len] = s[len];
    return to;
}

void *memset(void *at, int value, size_t len)
{
    byte *d = at;

    while (len-- > 0)
        *d++ = (uint8_t)value;
    return at;
}

size_t strlen(const char *text)
{
    const volatile char *end = text;

    while (*end != '\0')
        end++;
    return (size_t)(end - text);
}
