/* posix_resolve.c - host names to addresses without waiting.
 *
 * Start at resolve_start(), then resolve_poll().
 * Tests: test/unit/port_posix/test_posix_resolve.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_resolve.h"

#include <netinet/in.h>
#include <string.h>

void resolve_init(struct resolver *r)
{
    memset(r, 0, sizeof *r);
    r->hints.ai_family = AF_UNSPEC;
    r->hints.ai_socktype = SOCK_STREAM;
}

static void port_set(struct sockaddr_storage *sa, uint16_t port)
{
    if (sa->ss_family == AF_INET)
        ((struct sockaddr_in *)sa)->sin_port = htons(port);
    else
        ((struct sockaddr_in6 *)sa)->sin6_port = htons(port);
}

static void addresses_keep(struct resolver *r, const struct addrinfo *list)
{
    r->count = 0;
    for (; list != NULL && r->count < RESOLVE_ADDRESS_MAX;
         list = list->ai_next) {
        struct resolve_address *a = &r->address[r->count];
        if (list->ai_family != AF_INET && list->ai_family != AF_INET6)
            continue;
        memcpy(&a->sa, list->ai_addr, list->ai_addrlen);
        a->len = list->ai_addrlen;
        port_set(&a->sa, r->port);
        r->count++;
    }
}

/* An address in digits needs nobody's answer. */
static bool take_numeric(struct resolver *r, const char *host)
{
    struct addrinfo hints = r->hints, *list;

    hints.ai_flags = AI_NUMERICHOST;
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return false;
    addresses_keep(r, list);
    freeaddrinfo(list);
    return r->count > 0;
}

static ota_err ask(struct resolver *r, const char *host)
{
    struct gaicb *list[] = {&r->query};

    memcpy(r->name, host, strlen(host) + 1);
    memset(&r->query, 0, sizeof r->query);
    r->query.ar_name = r->name;
    r->query.ar_request = &r->hints;
    if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) != 0)
        return OTA_ERR_IO;
    r->asking = true;
    return OTA_OK;
}

/* Have the C library's answer; EAI_INPROGRESS if it still works on it. */
static int answer(struct resolver *r)
{
    int e = gai_error(&r->query);

    if (e != EAI_INPROGRESS)
        r->asking = false;
    return e;
}

static void answer_free(struct resolver *r)
{
    if (r->query.ar_result != NULL)
        freeaddrinfo(r->query.ar_result);
    r->query.ar_result = NULL;
}

void resolve_stop(struct resolver *r)
{
    r->count = 0;
    r->waiting = false;
    r->next[0] = '\0';
    if (!r->asking)
        return;
    /* glibc takes a canceled question off its list but leaves its status at
     * "in progress" for ever, so only the call itself tells. When it comes too
     * late, `asking` stays. */
    if (gai_cancel(&r->query) == EAI_CANCELED)
        r->asking = false;
    else if (answer(r) != EAI_INPROGRESS)
        answer_free(r);
}

ota_err resolve_start(struct resolver *r, const char *host, uint16_t port)
{
    resolve_stop(r);
    if (host[0] == '\0' || strlen(host) >= RESOLVE_NAME_MAX)
        return OTA_ERR_RANGE;
    r->port = port;
    if (take_numeric(r, host))
        return OTA_OK;
    if (!r->asking)
        return ask(r, host);
    memcpy(r->next, host, strlen(host) + 1);
    r->waiting = true;
    return OTA_OK;
}

ota_err resolve_poll(struct resolver *r)
{
    if (r->count > 0)
        return OTA_OK;
    if (!r->asking)
        return OTA_ERR_NOT_FOUND;

    int e = answer(r);
    if (e == EAI_INPROGRESS)
        return OTA_ERR_AGAIN;
    if (r->waiting) { /* that was the answer to a dropped question */
        answer_free(r);
        r->waiting = false;
        return ask(r, r->next) == OTA_OK ? OTA_ERR_AGAIN : OTA_ERR_NOT_FOUND;
    }
    if (e == 0)
        addresses_keep(r, r->query.ar_result);
    answer_free(r);
    return r->count > 0 ? OTA_OK : OTA_ERR_NOT_FOUND;
}
