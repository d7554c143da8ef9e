/* port_net.h - one TCP connection that never blocks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_NET_H
#define TERN_PORT_NET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct port_net {
    void *ctx; /* the port's own */

    /* Start to resolve and connect. One connection at a time: an open one is
     * closed first. host: NUL-terminated name or address, borrowed for the
     * call. OTA_OK started; OTA_ERR_IO no socket could be had. */
    ota_err (*open)(void *ctx, const char *host, uint16_t port);

    /* Send up to len bytes; *sent says how many were taken.
     * OTA_OK some were; OTA_ERR_AGAIN still connecting, or no room now;
     * OTA_ERR_NOT_FOUND the name does not resolve; OTA_ERR_IO refused or lost;
     * OTA_ERR_CLOSED by the peer. */
    ota_err (*send)(void *ctx, const void *src, size_t len, size_t *sent);

    /* Receive up to len bytes; errors as send. OTA_ERR_CLOSED comes only after
     * the last byte has been delivered. */
    ota_err (*recv)(void *ctx, void *dst, size_t len, size_t *got);

    void (*close)(void *ctx); /* harmless when nothing is open */
};

#endif
