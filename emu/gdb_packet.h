/* gdb_packet.h - the bytes of gdb's remote serial protocol: frames in, frames
 * out, arguments. Pure; gdb.c knows what they mean.
 *
 * A frame is $BODY#HH, HH the sum of the body's bytes modulo 256; in a body the
 * bytes } # $ * are written as } and the byte XOR 0x20.
 * Source: the GDB manual, "Remote Protocol", "Overview".
 * Tests: test/unit/emu/test_gdb_packet.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_GDB_PACKET_H
#define TERN_EMU_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GDB_BODY_MAX = 4096 }; /* what we tell gdb as PacketSize */

enum gdb_event {
    GDB_EVENT_NONE,      /* give the next byte */
    GDB_EVENT_PACKET,    /* body, len */
    GDB_EVENT_BAD_SUM,   /* to be asked for again */
    GDB_EVENT_TOO_LONG,  /* swallowed to its end */
    GDB_EVENT_RESEND,    /* the peer could not read our last frame */
    GDB_EVENT_INTERRUPT, /* Ctrl-C */
};

struct gdb_reader {
    enum {
        GDB_READ_OUTSIDE, /* all zero is the state to start from */
        GDB_READ_BODY,
        GDB_READ_ESCAPED,
        GDB_READ_SUM_HIGH,
        GDB_READ_SUM_LOW,
    } state;
    uint8_t sum, told;
    bool too_long, bad_digit;
    size_t len;
    char body[GDB_BODY_MAX + 1]; /* unescaped, and a NUL */
};

enum gdb_event gdb_reader_feed(struct gdb_reader *r, uint8_t byte);

/* The arguments of a packet; anything that does not fit sets `bad`, which
 * stays. */
struct gdb_args {
    const char *at, *end;
    bool bad;
};
struct gdb_args gdb_args_over(const char *text, size_t len);
uint32_t gdb_args_hex(struct gdb_args *a); /* 1 to 8 digits, big end first */
uint8_t gdb_args_hex_byte(struct gdb_args *a); /* exactly two digits */
void gdb_args_expect(struct gdb_args *a, char c);
bool gdb_args_done(const struct gdb_args *a); /* all read, nothing bad */
bool gdb_args_word(struct gdb_args *a,
                   const char *word); /* takes it if there */

/* A frame that is being written. What does not fit is dropped. */
struct gdb_reply {
    size_t len;
    char frame[2 * GDB_BODY_MAX + 4];
};
void gdb_reply_begin(struct gdb_reply *r);
void gdb_reply_text(struct gdb_reply *r, const char *text); /* no } # $ * */
void gdb_reply_hex(struct gdb_reply *r, const void *bytes, size_t len);
void gdb_reply_binary(struct gdb_reply *r, const void *bytes, size_t len);
void gdb_reply_end(struct gdb_reply *r);

#endif
