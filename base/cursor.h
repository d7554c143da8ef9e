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

/*@ predicate cursor_ok(struct cursor *c) = \valid(c) &&
      \base_addr(c->at) == \base_addr(c->end) &&
      0 <= c->end - c->at <= PTRDIFF_MAX &&
      \valid_read(c->at + (0 .. c->end - c->at - 1)); */

/*@ requires len <= PTRDIFF_MAX;
    requires len == 0 || \valid_read((uint8_t *)bytes + (0 .. len - 1));
    assigns \nothing;
    ensures \result.at == bytes && \result.end == \result.at + len;
    ensures !\result.bad; */
struct cursor cur_over(const void *bytes, size_t len);

/*@ requires cursor_ok(c);
    assigns \nothing;
    ensures \result == (c->bad ? 0 : c->end - c->at); */
size_t cur_left(const struct cursor *c); /* 0 once bad */

/*@ requires cursor_ok(c);
    assigns c->at, c->bad;
    ensures cursor_ok(c); */
uint8_t cur_u8(struct cursor *c);

/*@ requires cursor_ok(c);
    assigns c->at, c->bad;
    ensures cursor_ok(c); */
uint16_t cur_u16le(struct cursor *c);

/*@ requires cursor_ok(c);
    assigns c->at, c->bad;
    ensures cursor_ok(c); */
uint32_t cur_u32le(struct cursor *c);

/* Points to the next len bytes inside the range, or NULL if they are not there.
 */
/*@ requires cursor_ok(c);
    assigns c->at, c->bad;
    ensures cursor_ok(c);
    behavior there:
      assumes !c->bad && len <= c->end - c->at;
      ensures \result == \old(c->at) && c->at == \result + len && !c->bad;
      ensures \valid_read(\result + (0 .. len - 1));
    behavior gone:
      assumes c->bad || len > c->end - c->at;
      ensures \result == \null && c->at == \old(c->at) && c->bad;
    complete behaviors;
    disjoint behaviors; */
const uint8_t *cur_take(struct cursor *c, size_t len);

#endif
