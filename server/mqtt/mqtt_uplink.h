/* mqtt_uplink.h - what came in from the broker, as a command for the core.
 *
 * Pure, and strict: everything that a device says is hostile until it has
 * passed here. Source: spec/device-protocol.md sections 3, 4, 6 and 9.
 * Tests: test/unit/server_mqtt/test_mqtt_uplink.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_MQTT_UPLINK_H
#define TERN_SERVER_MQTT_UPLINK_H

#include <stddef.h>

#include "server/core/core.h"

#define MQTT_TOPIC_PRESENCE "tern/v1/presence"

enum { MQTT_UPLINK_MAX = 4096 }; /* bytes of a payload that are looked at */

/* out  a CMD_DEVICE_... with its `seen`; undefined on error
 * why  a constant clause on error, for the log
 *
 * Returns OTA_OK; OTA_ERR_SYNTAX. */
TERN_MUST_USE ota_err mqtt_uplink_parse(struct core_command *out,
                                        const char *topic, const void *payload,
                                        size_t len, const char **why);

#endif
