/* posix_net.h - one TCP connection over a non-blocking socket.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_NET_H
#define TERN_POSIX_NET_H

#include "port/port_net.h"
#include "port/posix/posix_resolve.h"

enum posix_net_state {
    POSIX_NET_CLOSED,
    POSIX_NET_RESOLVING,
    POSIX_NET_CONNECTING,
    POSIX_NET_OPEN,
    POSIX_NET_FAILED, /* `error` says why */
};

struct posix_net {
    struct port_net port;
    enum posix_net_state state;
    ota_err error;
    int fd;           /* -1 if there is no socket; closed at exec */
    unsigned address; /* index of the one that is being tried */
    struct resolver resolver;
};

/* n must not move from then on, and live as long as the program: the name of a
 * host may still be being looked up. */
void posix_net_init(struct posix_net *n);

#endif
