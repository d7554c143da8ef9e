/* lwip_name.c - see lwip_name.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/lwip_name.h"

#include <lwip/dns.h>
#include <string.h>

static void on_answer(const char *host, const ip_addr_t *address, void *arg)
{
    struct lwip_name *n = arg;

    if (n->answer != OTA_ERR_AGAIN || strcmp(n->host, host) != 0)
        return; /* to a question that was dropped */
    if (address == NULL) {
        n->answer = OTA_ERR_NOT_FOUND;
        return;
    }
    n->address = *address;
    n->answer = OTA_OK;
}

ota_err lwip_name_ask(struct lwip_name *n, const char *host)
{
    size_t len = strlen(host);

    n->host[0] = '\0';
    n->answer = OTA_ERR_NOT_FOUND;
    if (len == 0 || len >= LWIP_NAME_MAX)
        return OTA_OK;
    memcpy(n->host, host, len + 1);
    n->answer = OTA_ERR_AGAIN;
    switch (dns_gethostbyname(n->host, &n->address, on_answer, n)) {
    case ERR_OK:
        n->answer = OTA_OK;
        return OTA_OK;
    case ERR_INPROGRESS:
        return OTA_OK;
    default:
        lwip_name_stop(n);
        return OTA_ERR_IO;
    }
}

ota_err lwip_name_poll(const struct lwip_name *n)
{
    return n->answer;
}

void lwip_name_stop(struct lwip_name *n)
{
    n->host[0] = '\0';
    n->answer = OTA_ERR_NOT_FOUND;
}
