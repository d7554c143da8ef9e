/* lwip_secure.h - what may lie between MQTT and TCP. The link knows no more of
 * it, so a program without TLS links none: altcp_bearssl.h is the one there is.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_SECURE_H
#define TERN_LWIP_SECURE_H

#include <lwip/altcp.h>

#include "base/err.h"

struct lwip_secure {
    void *ctx;

    /* Before each connection. host: borrowed until the next one; it must be
     * what the peer's certificate is for.
     * OTA_OK; OTA_ERR_AGAIN the time is not known yet: ask again. */
    ota_err (*begin)(void *ctx, const char *host);

    /* Lay it over inner, before that connects. NULL: no memory, and the caller
     * closes inner. */
    struct altcp_pcb *(*wrap)(void *ctx, struct altcp_pcb *inner);

    /* Do a bounded piece of the work that has come up; at each poll. What it
     * does may end the connection. */
    void (*step)(void *ctx);

    /* Why this connection has ended, or would have if it ended now, in words
     * for a log. NULL: for no reason of this layer. */
    const char *(*why)(void *ctx);
};

#endif
