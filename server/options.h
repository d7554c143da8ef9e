/* options.h - what ternd was asked to do on its command line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_OPTIONS_H
#define TERN_SERVER_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/core/core.h"

/* A numeric address and a port; port 0: the system picks one. */
struct address {
    char host[46]; /* without the brackets of IPv6 */
    uint16_t port;
};

struct options {
    const char *data;
    struct address http, mqtt;
    const char *url_host; /* "" if not given */
    uint16_t url_port;    /* 0 if not given */
    char plugin[PATH_MAX];
    const char *mosquitto;
    char console[PATH_MAX];   /* folder of its files; "" if there is none */
    uint32_t session_minutes; /* until an unused sign-in ends */
    bool secure_cookie;       /* the console is reached by https only */
    bool help, version;       /* asked for; nothing else counts then */
};

/* false: why says what is wrong with which option. */
bool options_parse(struct options *o, int argc, char **argv, struct diag *why);

/* "127.0.0.1:1883" or "[::1]:1883" */
void address_format(char out[64], const struct address *a);

extern const char OPTIONS_HELP[];

#endif
