/* terminal.h - the person's terminal: raw while the board runs, given back as
 * it was on every way out; and the keys after Ctrl-A.
 *
 * Tests: test/unit/emu/test_options.c (keys), test/system/test_board.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_TERMINAL_H
#define TERN_EMU_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* Raw, if fd is a terminal: no echo, no lines, Ctrl-C and Ctrl-Z are bytes for
 * the firmware. From then on exit() and deadly signals put it back. Once per
 * process. False: not a terminal; nothing changed. */
bool terminal_raw(int fd);
void terminal_restore(void); /* idempotent, async-signal-safe */

enum terminal_key {
    TERMINAL_BYTE,    /* for the firmware */
    TERMINAL_NOTHING, /* an escape that goes on, or an unknown one */
    TERMINAL_LEAVE,
    TERMINAL_RESET,
    TERMINAL_CUT,
    TERMINAL_HELP,
};
struct terminal_keys {
    bool escaped; /* Ctrl-A was typed */
};
enum terminal_key terminal_key(struct terminal_keys *k, uint8_t byte);

#endif
