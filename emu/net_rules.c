/* net_rules.c - parse and match the rules of `--net`. Start at
 * net_rules_parse().
 *
 * Tests: test/unit/emu/test_net_rules.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/net_rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PART_MAX = 320 };

/* A decimal number 1..65535 without anything around it. */
static bool port_of(const char *text, size_t len, uint16_t *out)
{
    uint32_t v = 0;

    if (len == 0 || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        v = 10 * v + (uint32_t)(text[i] - '0');
    }
    *out = (uint16_t)v;
    return v >= 1 && v <= 65535;
}

static const char *add_map(struct net_rules *r, const char *text)
{
    const char *colon = strchr(text, ':');
    const char *second = colon ? strchr(colon + 1, ':') : NULL;
    char address[INET_ADDRSTRLEN];
    struct in_addr in;
    struct net_map m;

    if (!second || (size_t)(second - colon) > sizeof address)
        return "it should be map=PORT:IPV4-ADDRESS:PORT";
    snprintf(address, sizeof address, "%.*s", (int)(second - colon - 1),
             colon + 1);
    if (inet_pton(AF_INET, address, &in) != 1)
        return "the host's address must be four numbers, such as 127.0.0.1";
    if (!port_of(text, (size_t)(colon - text), &m.port) ||
        !port_of(second + 1, strlen(second + 1), &m.to_port))
        return "a port is a number from 1 to 65535";
    if (net_rules_map(r, m.port))
        return "this port has a map already";
    if (r->maps == NET_MAPS_MAX)
        return "there are too many maps";
    m.to_address = ntohl(in.s_addr);
    r->map[r->maps++] = m;
    return NULL;
}

static bool name_is_valid(const char *name)
{
    size_t len = strlen(name), label = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c == '.' ? label == 0 : !isalnum(c) && c != '-' && c != '_')
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    return label > 0;
}

static const char *add_host(struct net_rules *r, const char *text)
{
    const char *name = strncmp(text, "*.", 2) == 0 ? text + 2 : text;

    if (strlen(text) >= NET_NAME_MAX)
        return "the name is too long";
    if (strcmp(text, "*") != 0 && !name_is_valid(name))
        return "it should be host=NAME, host=*.NAME or host=*";
    if (r->hosts == NET_HOSTS_MAX)
        return "there are too many hosts";
    char *to = r->host[r->hosts++];
    for (size_t i = 0; i <= strlen(text); i++)
        to[i] = (char)tolower((unsigned char)text[i]);
    return NULL;
}

static const char *set_time(struct net_rules *r, const char *text)
{
    uint64_t v = 0;

    if (r->time != NET_TIME_NONE)
        return "there is a time already";
    r->time = NET_TIME_HOST;
    if (strcmp(text, "now") == 0)
        return NULL;
    r->time = NET_TIME_FIXED;
    for (const char *at = text; v <= UINT32_MAX && isdigit((unsigned char)*at);
         at++)
        v = 10 * v + (uint64_t)(*at - '0');
    r->time_seconds = (uint32_t)v;
    if (*text == '\0' || text[strspn(text, "0123456789")] || v > UINT32_MAX)
        return "it should be time=now or time=SECONDS, since 1970";
    return NULL;
}

static const char *add_part(struct net_rules *r, const char *part)
{
    if (strncmp(part, "map=", 4) == 0)
        return add_map(r, part + 4);
    if (strncmp(part, "host=", 5) == 0)
        return add_host(r, part + 5);
    if (strncmp(part, "time=", 5) == 0)
        return set_time(r, part + 5);
    return "a part begins with map=, host= or time=";
}

bool net_rules_parse(struct net_rules *r, const char *text, char *why,
                     size_t why_len)
{
    char part[PART_MAX];

    memset(r, 0, sizeof *r);
    while (*text) {
        size_t len = strcspn(text, ",");
        const char *wrong = "it is too long";
        snprintf(part, sizeof part, "%.*s", (int)(len % INT16_MAX), text);
        if (len < sizeof part)
            wrong = add_part(r, part);
        if (wrong) {
            snprintf(why, why_len, "--net: \"%.80s\": %s", part, wrong);
            return false;
        }
        text += len;
        if (*text == ',' && *++text == '\0') {
            snprintf(why, why_len, "--net: nothing follows the last comma");
            return false;
        }
    }
    return true;
}

const struct net_map *net_rules_map(const struct net_rules *r, uint16_t port)
{
    for (size_t i = 0; i < r->maps; i++)
        if (r->map[i].port == port)
            return &r->map[i];
    return NULL;
}

static bool matches(const char *pattern, const char *name)
{
    if (strcmp(pattern, "*") == 0)
        return true;
    if (strncmp(pattern, "*.", 2) != 0)
        return strcasecmp(pattern, name) == 0;
    size_t tail = strlen(pattern + 1), len = strlen(name);

    return len > tail && strcasecmp(name + len - tail, pattern + 1) == 0;
}

bool net_rules_has_host(const struct net_rules *r, const char *name)
{
    for (size_t i = 0; i < r->hosts; i++)
        if (matches(r->host[i], name))
            return true;
    return false;
}
