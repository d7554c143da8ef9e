/* net_dns.h - the name server of the guest's network. It knows the names that
 * the rules allow and asks nobody.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NET_DNS_H
#define TERN_EMU_NET_DNS_H

#include "emu/net_rules.h"

enum { NET_DNS_MAX = 512 }; /* bytes of a reply */

/* The reply to one query, in its UDP payload. 0: none, it is no query. name:
 * NET_NAME_MAX bytes; the name asked for if it was refused, else empty. */
size_t net_dns_answer(const struct net_rules *r, const uint8_t *query,
                      size_t len, uint8_t reply[NET_DNS_MAX], char *name);

#endif
