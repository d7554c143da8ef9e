/* session.c - see session.h. Start at session_run(), then run_on().
 *
 * Tests: test/system/test_board.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "emu/flash_file.h"
#include "emu/gdb.h"
#include "emu/parse.h"
#include "emu/session_stats.h"
#include "emu/terminal.h"
#include "emu/uart_sink.h"

enum {
    SLICES_PACED_HZ = 1000, /* board_run()s per virtual second */
    SLICES_FREE_HZ = 100,
    /* How fast bytes are given to the board: a line of 115200 baud. */
    UART_BYTES_PER_S = 11520,
    UART_READ_MAX = 256,
    IDLE_WAIT_MS = 500, /* while halted; signals end it too */
    NS_PER_S = 1000000000,
    /* Further behind the wall than this, the board does not catch up. */
    PACE_BEHIND_NS = NS_PER_S / 10,
};

struct session {
    const struct options_run *o;
    struct board *board;
    struct uart_sink *uart;
    struct gdb *gdb;        /* NULL: none */
    struct flash_file file; /* fd -1: nothing is saved */
    struct terminal_keys keys;
    struct session_stats stats;
    bool flipped[OPTIONS_FAULTS_MAX];
    bool flash_dirty; /* changed by something else than an operation */
    uint64_t ops_saved, resets_seen;
    bool stuck; /* locked up, and a person is there who can press reset */
    bool paced;
    uint64_t pace_cycles, pace_ns; /* where both clocks agreed */
    bool over;
    int code;
};

/* A signal handler can tell only a global. */
static volatile sig_atomic_t asked_to_leave;

static void on_signal(int signal)
{
    (void)signal;
    asked_to_leave = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

/* --- words for the person ------------------------------------------------- */

static void note(void *ctx, const char *line)
{
    struct session *s = ctx;

    if (s->uart) {
        uart_sink_flush(s->uart);
        if (uart_sink_is_terminal(s->uart) && uart_sink_in_line(s->uart))
            (void)fputc('\n', stderr);
    }
    (void)fprintf(stderr, "tern-board: %s\n", line);
}

static void uart_out(void *ctx, uint8_t byte)
{
    struct session *s = ctx;

    uart_sink_put(s->uart, byte);
}

static void leave(struct session *s, int code)
{
    s->over = true;
    s->code = code;
}

/* --- flash file ----------------------------------------------------------- */

static void save(struct session *s)
{
    uint64_t ops = session_stats_flash_ops(s->board);
    struct board_why why = {""};

    if (s->file.fd < 0 || (ops == s->ops_saved && !s->flash_dirty))
        return;
    if (!flash_file_save(&s->file, s->board, &why)) {
        note(s, why.text);
        leave(s, SESSION_CANNOT);
        return;
    }
    s->ops_saved = ops;
    s->flash_dirty = false;
}

/* --- power ---------------------------------------------------------------- */

static void power_on(struct session *s)
{
    s->stuck = false;
    board_power_on(s->board);
}

static void cut_power(void *ctx)
{
    struct session *s = ctx;

    session_stats_power_ends(&s->stats, s->board);
    board_power_off(s->board);
    save(s);
    power_on(s);
}

static void press_reset(struct session *s)
{
    s->stuck = false;
    board_press_reset(s->board);
}

/* The board is halted: do it now, so that gdb sees where it starts. */
static void reset_for_gdb(void *ctx)
{
    struct session *s = ctx;

    press_reset(s);
    (void)board_step(s->board); /* only resets: nothing has run since */
}

static void leave_by_person(void *ctx)
{
    leave(ctx, SESSION_LEFT);
}

/* --- console in ----------------------------------------------------------- */

static void take_key(struct session *s, uint8_t byte)
{
    switch (terminal_key(&s->keys, byte)) {
    case TERMINAL_BYTE:
        board_uart_in(s->board, &byte, 1);
        break;
    case TERMINAL_NOTHING:
        break;
    case TERMINAL_LEAVE:
        leave(s, SESSION_LEFT);
        break;
    case TERMINAL_RESET:
        note(s, "reset");
        press_reset(s);
        break;
    case TERMINAL_CUT:
        note(s, "power off and on");
        cut_power(s);
        break;
    case TERMINAL_HELP:
        note(s, "after Ctrl-A: x leaves, r resets, p cuts the power and gives "
                "it back, Ctrl-A is Ctrl-A");
        break;
    }
}

static uint64_t slice_cycles(const struct session *s)
{
    return (uint64_t)BOARD_HZ /
           (uint64_t)(s->paced ? SLICES_PACED_HZ : SLICES_FREE_HZ);
}

/* No faster than the line: what the board has not taken yet waits with whoever
 * sends it. */
static void take_input(struct session *s)
{
    uint8_t bytes[UART_READ_MAX];
    size_t cap = slice_cycles(s) / (BOARD_HZ / UART_BYTES_PER_S) + 1;
    size_t got = uart_sink_get(s->uart, bytes, cap);

    if (!uart_sink_is_terminal(s->uart)) {
        if (got > 0)
            board_uart_in(s->board, bytes, got);
        return;
    }
    for (size_t i = 0; i < got && !s->over; i++)
        take_key(s, bytes[i]);
}

/* --- time ----------------------------------------------------------------- */

static uint64_t wall_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static uint64_t cycles_now(struct session *s)
{
    return session_stats_cycles(&s->stats, s->board);
}

static void pace_from_here(struct session *s)
{
    s->pace_cycles = cycles_now(s);
    s->pace_ns = wall_ns();
}

static void keep_pace(struct session *s)
{
    uint64_t cycles = cycles_now(s) - s->pace_cycles;
    uint64_t virtual_ns =
        cycles / BOARD_HZ * NS_PER_S + cycles % BOARD_HZ * 1000 / 528;
    int64_t ahead = (int64_t)(virtual_ns - (wall_ns() - s->pace_ns));

    if (ahead < -PACE_BEHIND_NS)
        pace_from_here(s);
    if (ahead <= 0)
        return;
    struct timespec t = {ahead / NS_PER_S, ahead % NS_PER_S};

    (void)nanosleep(&t, NULL);
}

/* Nothing runs: wait until somebody says something. */
static void wait_for_somebody(struct session *s)
{
    struct pollfd p[2] = {uart_sink_poll(s->uart)};

    uart_sink_flush(s->uart);
    p[1] = s->gdb ? gdb_poll(s->gdb) : (struct pollfd){.fd = -1};
    (void)poll(p, 2, IDLE_WAIT_MS);
    pace_from_here(s);
}

/* --- the run -------------------------------------------------------------- */

/* Flip what is due; returns how long the board may run before the next one. */
static uint64_t flip_bits(struct session *s, uint64_t now, uint64_t cycles)
{
    for (size_t i = 0; i < s->o->flips; i++) {
        const struct options_flip *f = &s->o->flip[i];
        if (s->flipped[i])
            continue;
        if (f->at_cycles > now) {
            if (f->at_cycles - now < cycles)
                cycles = f->at_cycles - now;
            continue;
        }
        board_flip_bit(s->board, f->address, f->bit);
        s->flipped[i] = s->flash_dirty = true;
    }
    return cycles;
}

static void power_was_cut(struct session *s)
{
    char cut[PARSE_CUT_TEXT_MAX], line[BOARD_WHY_MAX];

    parse_cut_text(&s->o->cut, cut);
    (void)snprintf(line, sizeof line,
                   "power was cut at flash operation %s, and is on again", cut);
    session_stats_power_ends(&s->stats, s->board);
    save(s);
    note(s, line);
    power_on(s);
}

static void locked_up(struct session *s)
{
    struct board_stats now;
    char line[BOARD_WHY_MAX];

    board_stats(s->board, &now);
    (void)snprintf(line, sizeof line,
                   "the core is locked up or sleeps for ever, at 0x%08X",
                   now.pc);
    note(s, line);
    if (!uart_sink_is_terminal(s->uart)) {
        leave(s, SESSION_LOCKUP);
        return;
    }
    note(s, "Ctrl-A r resets, Ctrl-A p cuts the power, Ctrl-A x leaves");
    s->stuck = true;
}

static void exited(struct session *s)
{
    struct board_stats now;
    int code;

    board_stats(s->board, &now);
    code = now.exit_code >= 0 && now.exit_code <= 255 ? now.exit_code : 255;
    if (s->gdb)
        gdb_exited(s->gdb, code);
    leave(s, code);
}

static void stopped(struct session *s, enum board_stop stop)
{
    if (s->gdb && gdb_stopped(s->gdb, stop) && stop != BOARD_STOP_CUT)
        return;
    switch (stop) {
    case BOARD_STOP_TIME:
    case BOARD_STOP_BREAK:
        break;
    case BOARD_STOP_CUT:
        power_was_cut(s);
        break;
    case BOARD_STOP_EXIT:
        exited(s);
        break;
    case BOARD_STOP_STRICT:
        leave(s, SESSION_STRICT);
        break;
    case BOARD_STOP_LOCKUP:
        locked_up(s);
        break;
    case BOARD_STOP_NO_IMAGE:
        note(s, "the boot ROM finds nothing to start in the flash");
        leave(s, SESSION_NO_IMAGE);
        break;
    }
}

/* One slice of virtual time, or one step for gdb. */
static void run_on(struct session *s)
{
    uint64_t now = cycles_now(s), cycles = slice_cycles(s);
    struct board_stats after;
    enum board_stop stop;

    if (now >= s->o->limit_cycles) {
        leave(s, SESSION_LEFT);
        return;
    }
    if (s->o->limit_cycles - now < cycles)
        cycles = s->o->limit_cycles - now;
    cycles = flip_bits(s, now, cycles);
    uint64_t begin = wall_ns();

    if (s->gdb && gdb_wants(s->gdb) == GDB_WANTS_STEP)
        stop = board_step(s->board);
    else
        stop = board_run(s->board, cycles);
    s->stats.run_ns += wall_ns() - begin;
    board_stats(s->board, &after);
    if (after.resets != s->resets_seen) {
        s->resets_seen = after.resets;
        save(s);
    }
    stopped(s, stop);
    uart_sink_flush(s->uart);
    if (s->paced)
        keep_pace(s);
}

static void loop(struct session *s)
{
    pace_from_here(s);
    while (!s->over) {
        if (asked_to_leave) {
            leave(s, SESSION_LEFT);
            break;
        }
        take_input(s);
        if (s->gdb)
            gdb_serve(s->gdb);
        if (s->over)
            break;
        if (s->stuck || (s->gdb && gdb_wants(s->gdb) == GDB_WANTS_HALT))
            wait_for_somebody(s);
        else
            run_on(s);
    }
}

/* --- life ----------------------------------------------------------------- */

static bool open_flash(struct session *s, struct board_why *why)
{
    const struct options_run *o = s->o;
    bool elsewhere = o->save && (!o->flash || strcmp(o->save, o->flash) != 0);
    struct flash_file source = {.fd = -1};

    if (!o->flash)
        return !o->save || flash_file_create(&s->file, o->save, why);
    if (!elsewhere && !o->no_save)
        return flash_file_open(&s->file, o->flash, true, s->board, why);
    if (!flash_file_open(&source, o->flash, false, s->board, why))
        return false;
    flash_file_close(&source);
    s->flash_dirty = elsewhere;
    return !elsewhere || flash_file_create(&s->file, o->save, why);
}

static bool load_program(struct session *s, struct board_why *why)
{
    s->flash_dirty |= s->o->elf || s->o->raw; /* it may lie in flash */
    if (s->o->elf)
        return board_load_elf(s->board, s->o->elf, why);
    if (s->o->raw)
        return board_load_raw(s->board, s->o->raw, s->o->raw_address, why);
    return true;
}

static bool open_gdb(struct session *s, struct board_why *why)
{
    const struct gdb_host host = {s, reset_for_gdb, cut_power, leave_by_person};

    if (!s->o->gdb)
        return true;
    s->gdb = gdb_open(s->board, s->o->gdb_port, &host, why);
    if (s->gdb)
        (void)fprintf(stderr,
                      "tern-board: waits for gdb: target remote "
                      "127.0.0.1:%u\n",
                      gdb_port(s->gdb));
    return s->gdb != NULL;
}

static bool open_uart(struct session *s, struct board_why *why)
{
    s->uart = uart_sink_open(s->o->uart, why);
    if (!s->uart)
        return false;
    if (uart_sink_port(s->uart))
        (void)fprintf(stderr, "tern-board: the console is at 127.0.0.1:%u\n",
                      uart_sink_port(s->uart));
    return true;
}

static bool open_all(struct session *s, struct board_why *why)
{
    const struct options_run *o = s->o;
    const struct board_config config = {
        .seed = o->seed,
        .strict = o->strict,
        .net = o->net,
        .pcap = o->pcap,
        .flash_log = o->flash_log,
        .trace = o->trace,
        .uart_out = uart_out,
        .uart_ctx = s,
        .note = note,
        .note_ctx = s,
    };

    if (!open_uart(s, why))
        return false;
    s->board = board_new(&config, why);
    return s->board && open_flash(s, why) && load_program(s, why) &&
           open_gdb(s, why);
}

static void set_faults(struct session *s)
{
    const struct options_run *o = s->o;

    if (o->cut.at_op > 0)
        board_cut_at(s->board, &o->cut);
    for (size_t i = 0; i < o->skips; i++)
        board_skip_instruction(s->board, o->skip[i].address, o->skip[i].nth);
    if (o->frames_per_million > 0)
        board_lose_frames(s->board, o->frames_per_million, o->frames_corrupt);
}

static bool is_paced(const struct session *s)
{
    switch (s->o->pace) {
    case OPTIONS_PACE_ON:
        return true;
    case OPTIONS_PACE_OFF:
        return false;
    case OPTIONS_PACE_AUTO:
        break;
    }
    return uart_sink_is_live(s->uart) || s->o->net;
}

static void close_all(struct session *s)
{
    gdb_close(s->gdb);
    if (s->board)
        board_free(s->board);
    uart_sink_close(s->uart);
    flash_file_close(&s->file);
}

int session_run(const struct options_run *o)
{
    struct session s = {.o = o, .file.fd = -1};
    struct board_why why = {""};

    catch_signals();
    if (!open_all(&s, &why)) {
        (void)fprintf(stderr, "tern-board: %s\n", why.text);
        close_all(&s);
        return SESSION_CANNOT;
    }
    s.paced = is_paced(&s);
    if (uart_sink_is_terminal(s.uart))
        (void)terminal_raw(0);
    set_faults(&s);
    power_on(&s);
    loop(&s);
    s.flash_dirty |= o->gdb; /* gdb can write to it */
    save(&s);
    uart_sink_flush(s.uart);
    terminal_restore();
    if (o->stats)
        session_stats_print(&s.stats, s.board, stderr);
    close_all(&s);
    return s.code;
}
