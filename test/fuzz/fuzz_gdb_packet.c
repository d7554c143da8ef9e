/* fuzz_gdb_packet.c - gdb's remote protocol: any bytes from the socket.
 *
 * A packet that is told has a body within its buffer, with a NUL behind it;
 * the readers of arguments stay inside it; and what we write as binary, we
 * read back.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "emu/gdb_packet.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void arguments_read(const struct gdb_reader *r)
{
    struct gdb_args a = gdb_args_over(r->body, r->len);

    (void)gdb_args_word(&a, "vCont;");
    while (!a.bad && a.at < a.end) {
        (void)gdb_args_hex(&a);
        gdb_args_expect(&a, ',');
        (void)gdb_args_hex_byte(&a);
        must(a.at <= a.end);
    }
    must(!gdb_args_done(&a) || a.at == a.end);
}

static void comes_back(const struct gdb_reader *r)
{
    static struct gdb_reader back;
    static struct gdb_reply out;
    enum gdb_event e = GDB_EVENT_NONE;

    memset(&back, 0, sizeof back);
    gdb_reply_begin(&out);
    gdb_reply_binary(&out, r->body, r->len);
    gdb_reply_end(&out);
    must(out.len <= sizeof out.frame);
    for (size_t i = 0; i < out.len; i++)
        e = gdb_reader_feed(&back, (uint8_t)out.frame[i]);
    must(e == GDB_EVENT_PACKET && back.len == r->len &&
         memcmp(back.body, r->body, r->len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gdb_reader r;

    memset(&r, 0, sizeof r);
    for (size_t i = 0; i < size; i++) {
        if (gdb_reader_feed(&r, data[i]) != GDB_EVENT_PACKET)
            continue;
        must(r.len <= GDB_BODY_MAX && r.body[r.len] == '\0');
        arguments_read(&r);
        comes_back(&r);
    }
    return 0;
}
