/* gdb.c - see gdb.h. Start at COMMANDS.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/gdb.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "emu/gdb_packet.h"
#include "emu/gdb_target.h"
#include "emu/listener.h"

enum {
    PC = 15,
    BREAKPOINTS_MAX = 128,
    MEMORY_MAX = GDB_BODY_MAX / 2, /* bytes of one `m` or `M` */
    SEND_WAIT_MS = 2000,           /* for a gdb that does not read */
    /* What gdb shows as the reason of a stop; numbers as in the protocol. */
    REASON_INTERRUPT = SIGINT,
    REASON_TRAP = SIGTRAP,
    REASON_LOCKUP = SIGSEGV,
    REASON_POWER = 30, /* SIGPWR is 32 in gdb's numbering, SIGUSR1 30 */
};

struct gdb {
    struct board *board;
    struct gdb_host host;
    int listener, peer; /* peer -1: nobody is there */
    uint16_t port;
    bool halted, steps; /* steps: one instruction, then halt */
    int reason;
    uint32_t breakpoint[BREAKPOINTS_MAX]; /* to take away when gdb is gone */
    size_t breakpoints;
    struct gdb_reader in;
    struct gdb_reply out;
    uint8_t buffer[MEMORY_MAX];
};

/* --- answers -------------------------------------------------------------- */

static void hang_up(struct gdb *g)
{
    if (g->peer >= 0)
        close(g->peer);
    g->peer = -1;
    g->halted = g->steps = false;
    g->in = (struct gdb_reader){0};
    while (g->breakpoints > 0)
        (void)board_breakpoint(g->board, g->breakpoint[--g->breakpoints],
                               false);
}

static void send_bytes(struct gdb *g, const char *at, size_t len)
{
    while (len > 0 && g->peer >= 0) {
        ssize_t done = send(g->peer, at, len, MSG_NOSIGNAL);
        if (done > 0) {
            at += done;
            len -= (size_t)done;
            continue;
        }
        struct pollfd p = {.fd = g->peer, .events = POLLOUT};
        if (done < 0 && errno == EINTR)
            continue;
        if (done == 0 || errno != EAGAIN || poll(&p, 1, SEND_WAIT_MS) <= 0)
            hang_up(g);
    }
}

static void send_reply(struct gdb *g)
{
    gdb_reply_end(&g->out);
    send_bytes(g, g->out.frame, g->out.len);
}

static void answer(struct gdb *g, const char *text)
{
    gdb_reply_begin(&g->out);
    gdb_reply_text(&g->out, text);
    send_reply(g);
}

static void answer_ok(struct gdb *g, bool ok)
{
    answer(g, ok ? "OK" : "E01");
}

static void answer_reason(struct gdb *g)
{
    char text[8];

    (void)snprintf(text, sizeof text, "S%02x", (unsigned)g->reason & 0xFF);
    answer(g, text);
}

static void halt(struct gdb *g, int reason)
{
    g->halted = true;
    g->steps = false;
    g->reason = reason;
}

/* --- registers and memory ------------------------------------------------- */

static void cmd_reason(struct gdb *g, struct gdb_args *a)
{
    (void)a;
    answer_reason(g);
}

static void cmd_read_registers(struct gdb *g, struct gdb_args *a)
{
    uint8_t bytes[GDB_REG_BYTES_MAX];

    (void)a;
    gdb_reply_begin(&g->out);
    for (size_t n = 0; n < gdb_target_regs(); n++)
        gdb_reply_hex(&g->out, bytes, gdb_target_get(g->board, n, bytes));
    send_reply(g);
}

static void take_bytes(struct gdb_args *a, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = gdb_args_hex_byte(a);
}

/* All or nothing would need two passes; gdb always sends all of them. */
static void cmd_write_registers(struct gdb *g, struct gdb_args *a)
{
    for (size_t n = 0; n < gdb_target_regs() && !a->bad; n++) {
        uint8_t bytes[GDB_REG_BYTES_MAX];
        take_bytes(a, bytes, gdb_target_bytes(n));
        if (!a->bad)
            gdb_target_set(g->board, n, bytes);
    }
    answer_ok(g, gdb_args_done(a));
}

static void cmd_read_register(struct gdb *g, struct gdb_args *a)
{
    uint8_t bytes[GDB_REG_BYTES_MAX];
    size_t n = gdb_args_hex(a);
    size_t len = gdb_args_done(a) ? gdb_target_get(g->board, n, bytes) : 0;

    if (len == 0) {
        answer_ok(g, false);
        return;
    }
    gdb_reply_begin(&g->out);
    gdb_reply_hex(&g->out, bytes, len);
    send_reply(g);
}

static void cmd_write_register(struct gdb *g, struct gdb_args *a)
{
    uint8_t bytes[GDB_REG_BYTES_MAX];
    size_t n = gdb_args_hex(a);

    gdb_args_expect(a, '=');
    take_bytes(a, bytes, gdb_target_bytes(n));
    bool ok = gdb_args_done(a) && gdb_target_bytes(n) > 0;

    if (ok)
        gdb_target_set(g->board, n, bytes);
    answer_ok(g, ok);
}

/* ADDRESS,LENGTH; false if that is not what stands there. */
static bool take_range(struct gdb_args *a, uint32_t *address, uint32_t *len)
{
    *address = gdb_args_hex(a);
    gdb_args_expect(a, ',');
    *len = gdb_args_hex(a);
    return !a->bad && *len <= MEMORY_MAX;
}

static void cmd_read_memory(struct gdb *g, struct gdb_args *a)
{
    uint32_t address, len;

    if (!take_range(a, &address, &len) || !gdb_args_done(a) ||
        !board_read(g->board, address, g->buffer, len)) {
        answer_ok(g, false);
        return;
    }
    gdb_reply_begin(&g->out);
    gdb_reply_hex(&g->out, g->buffer, len);
    send_reply(g);
}

static void cmd_write_memory(struct gdb *g, struct gdb_args *a)
{
    uint32_t address, len;
    bool ok = take_range(a, &address, &len);

    gdb_args_expect(a, ':');
    if (ok)
        take_bytes(a, g->buffer, len);
    answer_ok(g, ok && gdb_args_done(a) &&
                     board_write(g->board, address, g->buffer, len));
}

static void cmd_write_binary(struct gdb *g, struct gdb_args *a)
{
    uint32_t address, len;
    bool ok = take_range(a, &address, &len);

    gdb_args_expect(a, ':');
    answer_ok(g, ok && !a->bad && (size_t)(a->end - a->at) == len &&
                     board_write(g->board, address, a->at, len));
}

/* --- running -------------------------------------------------------------- */

/* The address from which to go on, if there is one. */
static bool take_start(struct gdb *g, struct gdb_args *a)
{
    if (!gdb_args_done(a)) {
        uint32_t address = gdb_args_hex(a);
        if (!gdb_args_done(a))
            return false;
        board_reg_set(g->board, PC, address);
    }
    return true;
}

static void go(struct gdb *g, struct gdb_args *a, bool steps)
{
    if (!take_start(g, a)) {
        answer_ok(g, false);
        return;
    }
    g->halted = false;
    g->steps = steps;
}

static void cmd_continue(struct gdb *g, struct gdb_args *a)
{
    go(g, a, false);
}

static void cmd_step(struct gdb *g, struct gdb_args *a)
{
    go(g, a, true);
}

static bool set_breakpoint(struct gdb *g, uint32_t address)
{
    if (g->breakpoints == BREAKPOINTS_MAX ||
        !board_breakpoint(g->board, address, true))
        return false;
    g->breakpoint[g->breakpoints++] = address;
    return true;
}

static bool clear_breakpoint(struct gdb *g, uint32_t address)
{
    for (size_t i = 0; i < g->breakpoints; i++) {
        if (g->breakpoint[i] == address) {
            g->breakpoint[i] = g->breakpoint[--g->breakpoints];
            return board_breakpoint(g->board, address, false);
        }
    }
    return false;
}

static void change_breakpoint(struct gdb *g, struct gdb_args *a,
                              bool (*change)(struct gdb *g, uint32_t address))
{
    if (!gdb_args_word(a, "0,") && !gdb_args_word(a, "1,")) {
        answer(g, ""); /* no watchpoints */
        return;
    }
    uint32_t address = gdb_args_hex(a);

    gdb_args_expect(a, ',');
    (void)gdb_args_hex(a); /* the kind: 2 or 3, both Thumb */
    answer_ok(g, gdb_args_done(a) && change(g, address & ~1u));
}

static void cmd_break_set(struct gdb *g, struct gdb_args *a)
{
    change_breakpoint(g, a, set_breakpoint);
}

static void cmd_break_clear(struct gdb *g, struct gdb_args *a)
{
    change_breakpoint(g, a, clear_breakpoint);
}

static void cmd_detach(struct gdb *g, struct gdb_args *a)
{
    (void)a;
    answer_ok(g, true);
    hang_up(g);
}

static void cmd_kill(struct gdb *g, struct gdb_args *a)
{
    (void)a;
    hang_up(g);
    g->host.leave(g->host.ctx);
}

static void cmd_thread(struct gdb *g, struct gdb_args *a)
{
    (void)a; /* there is one */
    answer_ok(g, true);
}

/* --- queries -------------------------------------------------------------- */

static void query_supported(struct gdb *g, struct gdb_args *a)
{
    char text[80];

    (void)a;
    (void)snprintf(text, sizeof text, "PacketSize=%x;qXfer:features:read+",
                   GDB_BODY_MAX);
    answer(g, text);
}

static void query_features(struct gdb *g, struct gdb_args *a)
{
    static const char MORE[] = "m", LAST[] = "l";
    char xml[GDB_XML_MAX];
    size_t size = gdb_target_xml(xml);
    size_t off = gdb_args_hex(a);

    gdb_args_expect(a, ',');
    size_t len = gdb_args_hex(a);

    if (!gdb_args_done(a) || off > size) {
        answer_ok(g, false);
        return;
    }
    if (len > MEMORY_MAX)
        len = MEMORY_MAX;
    bool last = len >= size - off;

    gdb_reply_begin(&g->out);
    gdb_reply_text(&g->out, last ? LAST : MORE);
    gdb_reply_binary(&g->out, xml + off, last ? size - off : len);
    send_reply(g);
}

static void query_attached(struct gdb *g, struct gdb_args *a)
{
    (void)a;
    answer(g, "1"); /* quitting gdb detaches; the board runs on */
}

static void answer_console(struct gdb *g, const char *text)
{
    gdb_reply_begin(&g->out);
    gdb_reply_hex(&g->out, text, strlen(text));
    send_reply(g);
}

static void query_monitor(struct gdb *g, struct gdb_args *a)
{
    char command[16];
    size_t len = 0;

    while (!gdb_args_done(a) && !a->bad && len < sizeof command - 1)
        command[len++] = (char)gdb_args_hex_byte(a);
    command[len] = '\0';
    if (strcmp(command, "reset") == 0) {
        g->host.reset(g->host.ctx);
        answer_console(g, "reset\n");
    } else if (strcmp(command, "cut") == 0) {
        g->host.cut(g->host.ctx);
        answer_console(g, "power was off and is on again\n");
    } else {
        answer_console(g, "monitor reset: press the reset button\n"
                          "monitor cut: power off and on\n");
    }
}

static const struct query {
    const char *name;
    void (*run)(struct gdb *g, struct gdb_args *a);
} QUERIES[] = {
    {"Supported", query_supported},
    {"Xfer:features:read:target.xml:", query_features},
    {"Attached", query_attached},
    {"Rcmd,", query_monitor},
};

static void cmd_query(struct gdb *g, struct gdb_args *a)
{
    for (size_t i = 0; i < sizeof QUERIES / sizeof QUERIES[0]; i++) {
        if (gdb_args_word(a, QUERIES[i].name)) {
            QUERIES[i].run(g, a);
            return;
        }
    }
    answer(g, "");
}

static const struct command {
    char letter;
    void (*run)(struct gdb *g, struct gdb_args *a);
} COMMANDS[] = {
    {'?', cmd_reason},          {'g', cmd_read_registers},
    {'G', cmd_write_registers}, {'p', cmd_read_register},
    {'P', cmd_write_register},  {'m', cmd_read_memory},
    {'M', cmd_write_memory},    {'X', cmd_write_binary},
    {'c', cmd_continue},        {'s', cmd_step},
    {'Z', cmd_break_set},       {'z', cmd_break_clear},
    {'D', cmd_detach},          {'k', cmd_kill},
    {'H', cmd_thread},          {'q', cmd_query},
};

/* --- the connection ------------------------------------------------------- */

static void run_packet(struct gdb *g)
{
    struct gdb_args a = gdb_args_over(g->in.body + 1, 0);

    if (g->in.len == 0) {
        answer(g, "");
        return;
    }
    a.end = g->in.body + g->in.len;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (COMMANDS[i].letter == g->in.body[0]) {
            COMMANDS[i].run(g, &a);
            return;
        }
    }
    answer(g, "");
}

static void interrupt(struct gdb *g)
{
    if (g->halted)
        return;
    halt(g, REASON_INTERRUPT);
    answer_reason(g);
}

static void feed(struct gdb *g, uint8_t byte)
{
    switch (gdb_reader_feed(&g->in, byte)) {
    case GDB_EVENT_NONE:
        break;
    case GDB_EVENT_PACKET:
        send_bytes(g, "+", 1);
        /* While the board runs gdb may only interrupt: anything else is from
         * a peer that is not gdb, and is not answered. */
        if (g->halted)
            run_packet(g);
        break;
    case GDB_EVENT_BAD_SUM:
        send_bytes(g, "-", 1);
        break;
    case GDB_EVENT_TOO_LONG:
        send_bytes(g, "+", 1);
        answer_ok(g, false);
        break;
    case GDB_EVENT_RESEND:
        send_bytes(g, g->out.frame, g->out.len);
        break;
    case GDB_EVENT_INTERRUPT:
        interrupt(g);
        break;
    }
}

static void meet_peer(struct gdb *g)
{
    g->peer = listener_accept(g->listener);
    if (g->peer < 0)
        return;
    g->in = (struct gdb_reader){0};
    g->out.len = 0;
    halt(g, REASON_TRAP);
}

void gdb_serve(struct gdb *g)
{
    uint8_t bytes[1024];
    ssize_t got;

    if (g->peer < 0)
        meet_peer(g);
    while (g->peer >= 0) {
        got = recv(g->peer, bytes, sizeof bytes, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            hang_up(g);
            return;
        }
        for (ssize_t i = 0; i < got && g->peer >= 0; i++)
            feed(g, bytes[i]);
    }
}

struct pollfd gdb_poll(const struct gdb *g)
{
    return (struct pollfd){.fd = g->peer >= 0 ? g->peer : g->listener,
                           .events = POLLIN};
}

enum gdb_wants gdb_wants(const struct gdb *g)
{
    if (g->halted)
        return GDB_WANTS_HALT;
    return g->steps ? GDB_WANTS_STEP : GDB_WANTS_RUN;
}

bool gdb_stopped(struct gdb *g, enum board_stop stop)
{
    if (g->peer < 0)
        return false;
    switch (stop) {
    case BOARD_STOP_TIME:
        if (!g->steps)
            return false;
        halt(g, REASON_TRAP);
        break;
    case BOARD_STOP_BREAK:
    case BOARD_STOP_STRICT:
        halt(g, REASON_TRAP);
        break;
    case BOARD_STOP_LOCKUP:
    case BOARD_STOP_NO_IMAGE:
        halt(g, REASON_LOCKUP);
        break;
    case BOARD_STOP_CUT:
        halt(g, REASON_POWER);
        break;
    case BOARD_STOP_EXIT:
        return false;
    }
    answer_reason(g);
    return true;
}

void gdb_exited(struct gdb *g, int code)
{
    char text[8];

    if (g->peer < 0)
        return;
    (void)snprintf(text, sizeof text, "W%02x", (unsigned)code & 0xFF);
    answer(g, text);
    hang_up(g);
}

/* --- life ----------------------------------------------------------------- */

struct gdb *gdb_open(struct board *b, uint16_t port, const struct gdb_host *h,
                     struct board_why *why)
{
    struct gdb *g = calloc(1, sizeof *g);

    if (!g) {
        (void)snprintf(why->text, sizeof why->text, "no memory");
        return NULL;
    }
    g->board = b;
    g->host = *h;
    g->peer = -1;
    g->port = port;
    g->halted = true;
    g->reason = REASON_TRAP;
    g->listener = listener_tcp(&g->port, why);
    if (g->listener < 0) {
        free(g);
        return NULL;
    }
    return g;
}

uint16_t gdb_port(const struct gdb *g)
{
    return g->port;
}

void gdb_close(struct gdb *g)
{
    if (!g)
        return;
    gdb_exited(g, 0);
    close(g->listener);
    free(g);
}
