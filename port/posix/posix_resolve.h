/* posix_resolve.h - host names to addresses without waiting.
 *
 * The C library's getaddrinfo_a() asks in a thread of its own. A question that
 * is already on its way cannot always be called back, so its memory must stay:
 * a resolver lives as long as the program, and a new question waits in `next`
 * until the old answer, by then of no interest, has arrived.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_RESOLVE_H
#define TERN_POSIX_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

enum {
    RESOLVE_NAME_MAX = 256,  /* a DNS name with its NUL */
    RESOLVE_ADDRESS_MAX = 4, /* later ones are never tried */
};

struct resolve_address {
    struct sockaddr_storage sa; /* its port is set */
    socklen_t len;
};

struct resolver {
    struct resolve_address address[RESOLVE_ADDRESS_MAX];
    unsigned count; /* of address; filled when resolve_poll() says OTA_OK */

    uint16_t port;
    bool asking;  /* the C library holds `query` and `name` */
    bool waiting; /* `next` is to be asked when it gives them back */
    char name[RESOLVE_NAME_MAX];
    char next[RESOLVE_NAME_MAX];
    struct addrinfo hints;
    struct gaicb query;
};

/* Before anything else; r must not move from then on, nor be freed. */
void resolve_init(struct resolver *r);

/* Ask for the TCP addresses of a host; an address in digits is its own answer.
 * A question that is open is dropped.
 *
 * Returns OTA_OK asked; OTA_ERR_RANGE host is empty or too long;
 *         OTA_ERR_IO no thread or memory. */
TERN_MUST_USE ota_err resolve_start(struct resolver *r, const char *host,
                                    uint16_t port);

/* Returns OTA_OK addresses are there; OTA_ERR_AGAIN not yet;
 *         OTA_ERR_NOT_FOUND there is no such host, or nobody to ask. */
TERN_MUST_USE ota_err resolve_poll(struct resolver *r);

/* Drop the question, if any. */
void resolve_stop(struct resolver *r);

#endif
