/* listener.h - TCP sockets that listen, before anybody serves them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_LISTENER_H
#define TERN_SERVER_LISTENER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "server/options.h"

/* Bind and listen; a port of 0 becomes the one that the system chose.
 * Returns the socket, or -1 and why, e.g. that the port is taken. */
int listener_open(struct address *a, struct diag *why);

/* The socket address of a; its length. */
socklen_t listener_address(struct sockaddr_storage *out,
                           const struct address *a);

#endif
