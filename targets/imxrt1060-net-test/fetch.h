/* fetch.h - one HTTP GET over port_net, a piece per poll; says what came.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_NET_TEST_FETCH_H
#define TERN_NET_TEST_FETCH_H

#include <stdbool.h>

#include "port/port_clock.h"
#include "port/port_log.h"
#include "port/port_net.h"

enum { FETCH_REQUEST_MAX = 320, FETCH_PIECE_BYTES = 2048 };

struct fetch {
    const struct port_net *net;
    const struct port_clock *clock;
    const struct port_log *log;
    bool active, slow;
    size_t request_len, request_sent;
    uint32_t bytes, hash, began_ms, read_ms;
    unsigned head; /* of CR LF CR LF, seen; 4: the body */
    char request[FETCH_REQUEST_MAX];
    uint8_t piece[FETCH_PIECE_BYTES];
};

/* All borrowed for the life of the program. */
void fetch_init(struct fetch *f, const struct port_net *net,
                const struct port_clock *clock, const struct port_log *log);
/* slow: as a reader that is busy with something else. */
void fetch_begin(struct fetch *f, const char *host, uint16_t port,
                 const char *path, bool slow);
bool fetch_poll(struct fetch *f); /* false: nothing moved */

#endif
