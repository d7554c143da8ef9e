/* gdb.h - a gdb server for one board, for gdb-multiarch's
 * `target remote 127.0.0.1:PORT`.
 *
 * The board is halted until the first gdb comes and says continue. A gdb that
 * detaches or vanishes lets it run on; the next one halts it again.
 *
 * Source: the GDB manual, "Remote Protocol"; "ARM Features" for the registers.
 * Tests: test/unit/emu/test_gdb_packet.c, test/system/test_board.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_GDB_H
#define TERN_EMU_GDB_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "emu/board.h"

struct gdb;

/* What only the program around the board can do. */
struct gdb_host {
    void *ctx;
    void (*reset)(void *ctx); /* `monitor reset` */
    void (*cut)(void *ctx);   /* `monitor cut`: power off and on */
    void (*leave)(void *ctx); /* `kill` */
};

/* port 0: the system picks one. NULL: why. */
struct gdb *gdb_open(struct board *b, uint16_t port, const struct gdb_host *h,
                     struct board_why *why);
void gdb_close(struct gdb *g); /* tells gdb that the program ended */
uint16_t gdb_port(const struct gdb *g);

/* Answer what has come; never waits. */
void gdb_serve(struct gdb *g);
/* What to poll() for before the next gdb_serve() can do something. */
struct pollfd gdb_poll(const struct gdb *g);

enum gdb_wants { GDB_WANTS_RUN, GDB_WANTS_STEP, GDB_WANTS_HALT };
enum gdb_wants gdb_wants(const struct gdb *g);
/* board_run() or board_step() ended with `stop`. True: gdb has been told and
 * the board is halted; false: nobody is there, or it is not for gdb. */
bool gdb_stopped(struct gdb *g, enum board_stop stop);
/* The firmware gave an exit code. */
void gdb_exited(struct gdb *g, int code);

#endif
