/* follow.h - what happens, as it happens: the server's stream of events.
 *
 * Tests: test/unit/cli/test_follow.c, test/system/test_cli_console.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_FOLLOW_H
#define TERN_CLI_FOLLOW_H

#include "cli/api.h"

enum { FOLLOW_LINE_MAX = 8192, FOLLOW_NAME_MAX = 64 };

/* Server-sent events out of bytes that come in any pieces. All zero is ready;
 * made anew for each connection. */
struct follow_parser {
    char line[FOLLOW_LINE_MAX];
    size_t len;
    bool too_long; /* the line goes on; it is dropped */
    char event[FOLLOW_NAME_MAX];
    char id[24]; /* "" if the block has none */
    char data[FOLLOW_LINE_MAX];
    /* A block is complete. id stands for the connection's last one. */
    void (*block)(void *ctx, const char *event, const char *id,
                  const char *data);
    void *ctx;
};

void follow_parse(struct follow_parser *p, const char *bytes, size_t len);

/* Print events until an interrupt from the keyboard: one line each, or with
 * --json one JSON object on a line. A server that goes away is waited for, for
 * half a minute, and the stream goes on where it broke off.
 *
 * Returns CLI_OK after an interrupt, else the exit code after saying what is
 * wrong. */
int follow_events(struct api *a, const struct api_path *path);

#endif
