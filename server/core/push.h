/* push.h - what a device is told: topic and payload, compact enough for Link
 * SDK's hand-made JSON scanner.
 *
 * Nothing is ever escaped: every text is checked to need no escape, and
 * refused otherwise.
 *
 * Tests: test/unit/server_core/test_push.c
 * Source: spec/device-protocol.md sections 5 and 6.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_PUSH_H
#define TERN_SERVER_PUSH_H

#include "server/core/core.h"

enum {
    PUSH_TOPIC_MAX = 128,
    PUSH_PAYLOAD_MAX = 1024,
    PUSH_TASK_MAX = 0x7fffffff, /* the greatest number of a task on the wire */
};

struct push {
    char topic[PUSH_TOPIC_MAX];
    char payload[PUSH_PAYLOAD_MAX];
    /* The how-many-th telling of which task: over one connection each is given
     * to the device once, however often it is sent. task 0: no such number. */
    uint32_t task, count;
};

/* Tern's own agent: reads a port in URLs, pulls over each connection, takes a
 * new task instead of an old one. */
bool push_agent_is_tern(const struct device *d);

/* Can links be made with this configuration at all? Asked once at the start,
 * so that no push fails for it later. */
TERN_MUST_USE ota_err push_config_check(const struct core_config *c,
                                        struct diag *why);

/* The number by which a Tern agent names a task in its reports; never 0. */
uint32_t push_task_number(int64_t task_id);

struct push_order {
    const struct core_config *config;
    model_ms now;
    const struct package *package; /* NULL in a reply: nothing to do */
    int64_t task_id;               /* of the task, unless there is no package */
    const struct device *device;
    const char *request_id; /* replies: 1..23 digits, echoed */
};

/* The upgrade push of section 5, and the get_reply of section 6.
 * Returns OTA_OK; OTA_ERR_SYNTAX a text would need an escape; OTA_ERR_RANGE
 * the URL is longer than 254 characters. why says which. */
TERN_MUST_USE ota_err push_upgrade(struct push *out, const struct push_order *o,
                                   struct diag *why);
TERN_MUST_USE ota_err push_reply(struct push *out, const struct push_order *o,
                                 struct diag *why);

#endif
