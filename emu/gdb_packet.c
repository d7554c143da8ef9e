/* gdb_packet.c - see gdb_packet.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/gdb_packet.h"

#include <string.h>

enum { CTRL_C = 0x03, ESCAPE = '}', ESCAPE_XOR = 0x20, FRAME_END_BYTES = 3 };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* --- in ------------------------------------------------------------------- */

static enum gdb_event outside(struct gdb_reader *r, uint8_t byte)
{
    if (byte == CTRL_C)
        return GDB_EVENT_INTERRUPT;
    if (byte == '-')
        return GDB_EVENT_RESEND;
    if (byte == '$') {
        r->state = GDB_READ_BODY;
        r->sum = 0;
        r->len = 0;
        r->too_long = false;
        r->bad_digit = false;
    }
    return GDB_EVENT_NONE; /* '+', and noise between frames */
}

static void body_byte(struct gdb_reader *r, uint8_t byte)
{
    if (r->len == GDB_BODY_MAX)
        r->too_long = true;
    else
        r->body[r->len++] = (char)byte;
}

static enum gdb_event inside(struct gdb_reader *r, uint8_t byte)
{
    if (byte == '$') /* the peer gave up on a frame and starts again */
        return outside(r, byte);
    if (byte == '#') {
        r->state = GDB_READ_SUM_HIGH;
        return GDB_EVENT_NONE;
    }
    r->sum = (uint8_t)(r->sum + byte);
    if (byte == ESCAPE)
        r->state = GDB_READ_ESCAPED;
    else
        body_byte(r, byte);
    return GDB_EVENT_NONE;
}

static enum gdb_event whole(struct gdb_reader *r)
{
    r->state = GDB_READ_OUTSIDE;
    r->body[r->len] = '\0';
    if (r->bad_digit || r->told != r->sum)
        return GDB_EVENT_BAD_SUM;
    return r->too_long ? GDB_EVENT_TOO_LONG : GDB_EVENT_PACKET;
}

static void sum_digit(struct gdb_reader *r, uint8_t byte)
{
    int value = hex_value((char)byte);

    if (value < 0)
        r->bad_digit = true;
    r->told = (uint8_t)(r->told << 4 | (value & 0xF));
}

enum gdb_event gdb_reader_feed(struct gdb_reader *r, uint8_t byte)
{
    switch (r->state) {
    case GDB_READ_OUTSIDE:
        return outside(r, byte);
    case GDB_READ_BODY:
        return inside(r, byte);
    case GDB_READ_ESCAPED:
        r->sum = (uint8_t)(r->sum + byte);
        body_byte(r, byte ^ ESCAPE_XOR);
        r->state = GDB_READ_BODY;
        return GDB_EVENT_NONE;
    case GDB_READ_SUM_HIGH:
        sum_digit(r, byte);
        r->state = GDB_READ_SUM_LOW;
        return GDB_EVENT_NONE;
    case GDB_READ_SUM_LOW:
        sum_digit(r, byte);
        return whole(r);
    }
    return GDB_EVENT_NONE;
}

/* --- arguments ------------------------------------------------------------ */

struct gdb_args gdb_args_over(const char *text, size_t len)
{
    return (struct gdb_args){text, text + len, false};
}

uint32_t gdb_args_hex(struct gdb_args *a)
{
    uint32_t value = 0;
    unsigned digits = 0;

    while (!a->bad && a->at < a->end && hex_value(*a->at) >= 0) {
        value = value << 4 | (uint32_t)hex_value(*a->at++);
        if (++digits > 8)
            a->bad = true;
    }
    if (digits == 0)
        a->bad = true;
    return a->bad ? 0 : value;
}

uint8_t gdb_args_hex_byte(struct gdb_args *a)
{
    if (a->bad || a->end - a->at < 2 || hex_value(a->at[0]) < 0 ||
        hex_value(a->at[1]) < 0) {
        a->bad = true;
        return 0;
    }
    int value = hex_value(a->at[0]) << 4 | hex_value(a->at[1]);

    a->at += 2;
    return (uint8_t)value;
}

void gdb_args_expect(struct gdb_args *a, char c)
{
    if (a->bad || a->at == a->end || *a->at != c)
        a->bad = true;
    else
        a->at++;
}

bool gdb_args_done(const struct gdb_args *a)
{
    return !a->bad && a->at == a->end;
}

bool gdb_args_word(struct gdb_args *a, const char *word)
{
    size_t len = strlen(word);

    if (a->bad || (size_t)(a->end - a->at) < len ||
        memcmp(a->at, word, len) != 0)
        return false;
    a->at += len;
    return true;
}

/* --- out ------------------------------------------------------------------ */

static void put(struct gdb_reply *r, char c)
{
    if (r->len + FRAME_END_BYTES < sizeof r->frame)
        r->frame[r->len++] = c;
}

void gdb_reply_begin(struct gdb_reply *r)
{
    r->len = 0;
    put(r, '$');
}

void gdb_reply_text(struct gdb_reply *r, const char *text)
{
    for (; *text; text++)
        put(r, *text);
}

void gdb_reply_hex(struct gdb_reply *r, const void *bytes, size_t len)
{
    static const char DIGITS[] = "0123456789abcdef";
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++) {
        put(r, DIGITS[at[i] >> 4]);
        put(r, DIGITS[at[i] & 0xF]);
    }
}

void gdb_reply_binary(struct gdb_reply *r, const void *bytes, size_t len)
{
    const char *at = bytes;

    for (size_t i = 0; i < len; i++) {
        if (strchr("}#$*", at[i]) && at[i] != '\0') {
            put(r, ESCAPE);
            put(r, (char)(at[i] ^ ESCAPE_XOR));
        } else {
            put(r, at[i]);
        }
    }
}

void gdb_reply_end(struct gdb_reply *r)
{
    uint8_t sum = 0;

    for (size_t i = 1; i < r->len; i++)
        sum = (uint8_t)(sum + (uint8_t)r->frame[i]);
    r->frame[r->len++] = '#';
    r->frame[r->len++] = "0123456789abcdef"[sum >> 4];
    r->frame[r->len++] = "0123456789abcdef"[sum & 0xF];
}
