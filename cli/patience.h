/* patience.h - for commands that go on for long: an interrupt from the keyboard
 * ends them in order, and a server that goes away is waited for.
 *
 * Tests: test/system/test_cli_server.py, test_cli_console.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_PATIENCE_H
#define TERN_CLI_PATIENCE_H

#include <signal.h>
#include <time.h>

#include "cli/api.h"

struct patience {
    struct api *a;
    struct sigaction before;
    time_t lost; /* when the server went away, monotonic; 0: it is there */
};

void patience_begin(struct patience *p, struct api *a);
void patience_end(struct patience *p); /* the keyboard is as it was */

bool patience_interrupted(void);

/* The server is there. */
void patience_regained(struct patience *p);

/* It is not: say so once, in this sentence, and look where it is now, because
 * it may come back on another port. False: it is gone for half a minute. */
bool patience_lost(struct patience *p, const char *sentence);

/* A fifth of a second, or until an interrupt. */
void patience_pause(void);

#endif
