/* fuzz_net_dns.c - the name server of the emulated network: any query.
 *
 * Whatever comes, the reply is a reply, fits its buffer, and knows the names
 * that the rules allow and no other.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "emu/be.h"
#include "emu/net_dns.h"

enum { HEADER_BYTES = 12, REPLY = 0x80, NO_SUCH_NAME = 3, CODE = 15 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct net_rules rules;
    uint8_t reply[NET_DNS_MAX];
    char name[NET_NAME_MAX], why[160];
    size_t len;

    if (rules.hosts == 0)
        must(net_rules_parse(&rules, "host=*.example.com,host=a.test", why,
                             sizeof why));
    len = net_dns_answer(&rules, data, size, reply, name);
    must(strlen(name) < NET_NAME_MAX);
    if (len == 0)
        return 0;
    must(len >= HEADER_BYTES && len <= NET_DNS_MAX);
    must(memcmp(reply, data, 2) == 0 && (reply[2] & REPLY) != 0);
    /* A name that is told to a person as refused has no address. */
    must(name[0] == '\0' ||
         ((reply[3] & CODE) == NO_SUCH_NAME && get_u16be(reply + 6) == 0));
    /* Without an allowed name there is no address. */
    must(get_u16be(reply + 6) == 0 ||
         get_u32be(reply + len - 4) == NET_GATEWAY);
    return 0;
}
