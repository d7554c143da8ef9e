/* cursor.h - read fields from a byte range; one bounds check for all of them.
 *
 * A read past the end returns zero and sets `bad`, which stays set: a parser
 * reads everything it wants, then asks once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_CURSOR_H
#define TERN_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
    const uint8_t *at;  /* borrowed */
    const uint8_t *end; /* one past the last byte */
    bool bad;           /* something did not fit; sticky */
};

struct cursor cur_over(const void *bytes, size_t len);
size_t cur_left(const struct cursor *c); /* 0 once bad */
uint8_t cur_u8(struct cursor *c);
uint16_t cur_u16le(struct cursor *c);
uint32_t cur_u32le(struct cursor *c);

/* Points to the next len bytes inside the range, or NULL if they are not there.
 */
const uint8_t *cur_take(struct cursor *c, size_t len);

#endif
