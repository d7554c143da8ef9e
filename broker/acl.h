/* acl.h - who may do what with which topic.
 *
 * Pure: a name and a topic in, a verdict out. The name is the MQTT username
 * because that is all the broker still has of a client that is away, for whom
 * it asks before it queues a message.
 *
 * Source: spec/device-protocol.md sections 2 and 9.
 * Tests: test/unit/broker/test_acl.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BROKER_ACL_H
#define TERN_BROKER_ACL_H

#include <stdbool.h>

#include "server/core/identity.h"

#define ACL_SERVICE_USER "tern-service"
#define ACL_TOPIC_SYNC   "tern/v1/sync"
#define ACL_TOPIC_DOWN   "tern/v1/down/" /* and {epoch}/{topic} */

enum acl_kind { ACL_NOBODY, ACL_DEVICE, ACL_SERVICE };
enum acl_access { ACL_READ, ACL_WRITE, ACL_SUBSCRIBE, ACL_UNSUBSCRIBE };

struct acl_client {
    enum acl_kind kind;
    char product_key[IDENTITY_PRODUCT_KEY_MAX]; /* of a device */
    char device_name[IDENTITY_DEVICE_NAME_MAX];
};

/* username may be NULL; who that is has been proved at the login. */
struct acl_client acl_client_of(const char *username);

/* topic is a filter for ACL_SUBSCRIBE and ACL_UNSUBSCRIBE. */
bool acl_allows(const struct acl_client *who, enum acl_access access,
                const char *topic);

#endif
