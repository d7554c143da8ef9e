/* cursor.c - bounds-checked reading. cur_take() holds the only check.
 *
 * Tests: test/unit/base/test_cursor.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/cursor.h"

#include "base/bytes.h"

struct cursor cur_over(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    /* NULL + 0 is undefined in C, and an empty range may be NULL. */
    return (struct cursor){p, len > 0 ? p + len : p, false};
}

size_t cur_left(const struct cursor *c)
{
    return c->bad ? 0 : (size_t)(c->end - c->at);
}

const uint8_t *cur_take(struct cursor *c, size_t len)
{
    const uint8_t *p = c->at;

    if (c->bad || len > cur_left(c)) {
        c->bad = true;
        return NULL;
    }
    if (len > 0)
        c->at += len;
    return p;
}

uint8_t cur_u8(struct cursor *c)
{
    const uint8_t *p = cur_take(c, 1);

    return p ? p[0] : 0;
}

uint16_t cur_u16le(struct cursor *c)
{
    const uint8_t *p = cur_take(c, 2);

    return p ? get_u16le(p) : 0;
}

uint32_t cur_u32le(struct cursor *c)
{
    const uint8_t *p = cur_take(c, 4);

    return p ? get_u32le(p) : 0;
}
