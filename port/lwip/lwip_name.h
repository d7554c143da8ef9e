/* lwip_name.h - a host name to an IPv4 address, without waiting.
 *
 * A question that is on its way cannot be called back, so its memory must stay;
 * an answer counts only if it is for the name that is asked for now.
 * Tests: test/unit/port_lwip/test_lwip_net.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_NAME_H
#define TERN_LWIP_NAME_H

#include <lwip/ip_addr.h>
#include <stdbool.h>

#include "base/err.h"

enum { LWIP_NAME_MAX = 128 }; /* with NUL; longer ones do not exist */

struct lwip_name {
    char host[LWIP_NAME_MAX]; /* "": nothing is asked */
    ota_err answer;           /* OTA_ERR_AGAIN: still to come */
    ip_addr_t address;        /* if answer is OTA_OK */
};

/* Ask; digits are their own answer. A question before it is dropped. n must
 * live as long as the program.
 *
 * Returns OTA_OK asked; OTA_ERR_IO there is no address of our own yet, or no
 *         room for another question. */
TERN_MUST_USE ota_err lwip_name_ask(struct lwip_name *n, const char *host);

/* Returns OTA_OK n->address is set; OTA_ERR_AGAIN not yet;
 *         OTA_ERR_NOT_FOUND there is no such host, or no name server. */
TERN_MUST_USE ota_err lwip_name_poll(const struct lwip_name *n);

void lwip_name_stop(struct lwip_name *n);

#endif
