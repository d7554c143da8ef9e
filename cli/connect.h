/* connect.h - which server, and with which token: from --data or --server, or
 * from the environment. Tests: test/unit/cli/test_connect.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_CONNECT_H
#define TERN_CLI_CONNECT_H

#include <limits.h>

#include "cli/cli.h"

enum { CONNECT_TEXT_MAX = 512 };

struct connect {
    char url[CONNECT_TEXT_MAX]; /* "http://127.0.0.1:8080", no slash at end */
    char token[CONNECT_TEXT_MAX];
    char mqtt[CONNECT_TEXT_MAX];  /* "127.0.0.1:1883"; "" if not told */
    char mqtts[CONNECT_TEXT_MAX]; /* the same for TLS */
    const char *data;             /* the data folder; NULL for --server */
};

/* Returns CLI_OK, or the exit code with why set. */
int connect_find(const struct cli *c, struct connect *out, struct why *why);

/* Take "host:port" (or "[v6]:port") apart; host without brackets. */
bool connect_host_port(const char *text, char host[CONNECT_TEXT_MAX],
                       uint16_t *port);

/* The same for a URL; the port may be left out (80 or 443). */
bool connect_url_host_port(const char *url, char host[CONNECT_TEXT_MAX],
                           uint16_t *port);

#endif
