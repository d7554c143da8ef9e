/* acl.c - who may do what with which topic. Start at acl_allows().
 *
 * Tests: test/unit/broker/test_acl.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "broker/acl.h"

#include <string.h>

struct acl_client acl_client_of(const char *username)
{
    struct acl_client who = {ACL_NOBODY, "", ""};

    if (username == NULL)
        return who;
    if (strcmp(username, ACL_SERVICE_USER) == 0)
        who.kind = ACL_SERVICE;
    else if (identity_username_parse(username, who.product_key,
                                     who.device_name))
        who.kind = ACL_DEVICE;
    return who;
}

/* The server hears everything; it says only what the plugin acts on. */
static bool service_allows(enum acl_access access, const char *topic)
{
    if (access != ACL_WRITE)
        return true;
    return strcmp(topic, ACL_TOPIC_SYNC) == 0 ||
           strncmp(topic, ACL_TOPIC_DOWN, strlen(ACL_TOPIC_DOWN)) == 0;
}

enum { UP = 1, DOWN = 2 };

static int directions(enum identity_topic_kind kind)
{
    switch (kind) {
    case TOPIC_INFORM:
    case TOPIC_PROGRESS:
    case TOPIC_FIRMWARE_GET:
        return UP;
    case TOPIC_UPGRADE:
    case TOPIC_FIRMWARE_GET_REPLY:
    case TOPIC_DEVICE_DOWN:
        return DOWN;
    case TOPIC_DEVICE_UP:
        return UP | DOWN;
    case TOPIC_OTHER:
        return 0;
    }
    return 0;
}

/* The wildcards of a filter in a device's own folder, e.g. /sys/{pk}/{dn}/#,
 * match nothing outside of it: so the part from the first one on may be taken
 * for a plain name. A wildcard in the owner's place is no legal name. */
static struct identity_topic topic_of(const char *filter)
{
    struct identity_topic t = identity_topic_parse(filter);
    bool wild = strpbrk(filter, "+#") != NULL;

    if (wild && t.kind != TOPIC_DEVICE_UP)
        t.kind = TOPIC_OTHER;
    return t;
}

static bool device_allows(const struct acl_client *who, enum acl_access access,
                          const char *topic)
{
    struct identity_topic t = topic_of(topic);

    if (strcmp(t.product_key, who->product_key) != 0 ||
        strcmp(t.device_name, who->device_name) != 0)
        return false;
    return (directions(t.kind) & (access == ACL_WRITE ? UP : DOWN)) != 0;
}

bool acl_allows(const struct acl_client *who, enum acl_access access,
                const char *topic)
{
    switch (who->kind) {
    case ACL_NOBODY:
        return false;
    case ACL_SERVICE:
        return service_allows(access, topic);
    case ACL_DEVICE:
        return device_allows(who, access, topic);
    }
    return false;
}
