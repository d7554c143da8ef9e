/* fuzz_net_rules.c - what is written after `--net`: any text.
 *
 * A refusal says why; what is taken stays within its tables, and each map and
 * host that was taken is found again.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "emu/net_rules.h"

enum { TEXT_MAX = 1 << 16 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct net_rules rules;
    static char text[TEXT_MAX + 1];
    char why[80] = "";

    size = size < TEXT_MAX ? size : TEXT_MAX;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!net_rules_parse(&rules, text, why, sizeof why)) {
        must(why[0] != '\0' && memchr(why, '\0', sizeof why) != NULL);
        return 0;
    }
    must(rules.maps <= NET_MAPS_MAX && rules.hosts <= NET_HOSTS_MAX);
    for (size_t i = 0; i < rules.maps; i++)
        must(net_rules_map(&rules, rules.map[i].port) == &rules.map[i]);
    for (size_t i = 0; i < rules.hosts; i++)
        must(rules.host[i][0] == '*' ||
             net_rules_has_host(&rules, rules.host[i]));
    return 0;
}
