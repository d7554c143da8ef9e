/* mqtt_uplink.c - what came in from the broker, as a command for the core.
 *
 * Start at mqtt_uplink_parse(). One function per kind of message.
 * Tests: test/unit/server_mqtt/test_mqtt_uplink.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/mqtt/mqtt_uplink.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/core/push.h"

enum { ID_DIGITS_MAX = 20, STEP_DIGITS_MAX = 6 };

/* The member as text of at most cap - 1 bytes; false if it is none. */
static bool text_member(const json_t *object, const char *name, char *out,
                        size_t cap)
{
    const json_t *value = json_object_get(object, name);
    size_t len = json_string_length(value);

    if (!json_is_string(value) || len >= cap)
        return false;
    memcpy(out, json_string_value(value), len + 1);
    return strlen(out) == len;
}

static bool digits_only(const char *text, size_t max)
{
    size_t len = strspn(text, "0123456789");

    return len > 0 && len <= max && text[len] == '\0';
}

/* "default" unless the device names a part of itself. */
static bool module_member(const json_t *params, struct cmd_seen *seen)
{
    if (!json_object_get(params, "module")) {
        memcpy(seen->module, "default", sizeof "default");
        return true;
    }
    return text_member(params, "module", seen->module, sizeof seen->module) &&
           identity_version_ok(seen->module);
}

/* A number or a string of digits; it is echoed, never interpreted. */
static bool id_member(const json_t *root, struct cmd_seen *seen)
{
    const json_t *id = json_object_get(root, "id");

    if (json_is_integer(id) && json_integer_value(id) >= 0) {
        snprintf(seen->request_id, sizeof seen->request_id,
                 "%" JSON_INTEGER_FORMAT, json_integer_value(id));
        return true;
    }
    return text_member(root, "id", seen->request_id, sizeof seen->request_id) &&
           digits_only(seen->request_id, ID_DIGITS_MAX);
}

static bool step_member(const json_t *params, struct cmd_seen *seen)
{
    const json_t *step = json_object_get(params, "step");
    const char *text = json_string_value(step);

    if (json_is_integer(step)) {
        json_int_t n = json_integer_value(step);
        seen->step = (int32_t)n;
        return n >= -999999 && n <= 999999;
    }
    if (!text || !digits_only(text + (text[0] == '-'), STEP_DIGITS_MAX))
        return false;
    seen->step = (int32_t)strtol(text, NULL, 10);
    return true;
}

/* Which task a progress is about; a device that was told no number says none.
 */
static bool task_member(const json_t *params, struct cmd_seen *seen)
{
    const json_t *task = json_object_get(params, "task");
    json_int_t n = json_integer_value(task);

    if (!task)
        return true;
    seen->task = (uint32_t)n;
    return json_is_integer(task) && n > 0 && n <= PUSH_TASK_MAX;
}

/* Cut a text that is too long between two characters of UTF-8: what the device
 * had to say about a failure is worth more than its end. */
static bool desc_member(const json_t *params, struct cmd_seen *seen)
{
    const json_t *desc = json_object_get(params, "desc");
    const char *text = json_string_value(desc);

    if (!desc)
        return true;
    if (!text)
        return false;
    size_t len = strlen(text);
    if (len >= sizeof seen->desc) {
        len = sizeof seen->desc - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
    }
    memcpy(seen->desc, text, len);
    seen->desc[len] = '\0';
    return true;
}

static const char *inform(const json_t *root, struct core_command *out)
{
    const json_t *params = json_object_get(root, "params");
    struct cmd_seen *seen = &out->u.seen;

    out->type = CMD_DEVICE_INFORM;
    if (!json_is_object(params))
        return "an inform without params";
    if (!text_member(params, "version", seen->version, sizeof seen->version) ||
        !identity_version_ok(seen->version))
        return "an inform without a proper version";
    return module_member(params, seen) ? NULL : "a module that is no name";
}

static const char *progress(const json_t *root, struct core_command *out)
{
    const json_t *params = json_object_get(root, "params");

    out->type = CMD_DEVICE_PROGRESS;
    if (!json_is_object(params))
        return "a progress without params";
    if (!step_member(params, &out->u.seen))
        return "a progress without a proper step";
    if (!desc_member(params, &out->u.seen))
        return "a desc that is no text";
    if (!task_member(params, &out->u.seen))
        return "a task that is no number";
    return module_member(params, &out->u.seen) ? NULL
                                               : "a module that is no name";
}

static const char *get(const json_t *root, struct core_command *out)
{
    const json_t *params = json_object_get(root, "params");

    out->type = CMD_DEVICE_GET;
    if (!json_is_object(params))
        return "a get without params";
    if (!id_member(root, &out->u.seen))
        return "a get without a proper id";
    return module_member(params, &out->u.seen) ? NULL
                                               : "a module that is no name";
}

static const char *presence(const json_t *root, struct core_command *out)
{
    const json_t *online = json_object_get(root, "online");
    struct cmd_seen *seen = &out->u.seen;

    if (!json_is_boolean(online))
        return "a presence without online";
    out->type = json_is_true(online) ? CMD_DEVICE_ONLINE : CMD_DEVICE_OFFLINE;
    if (!text_member(root, "pk", seen->product_key, sizeof seen->product_key) ||
        !identity_product_key_ok(seen->product_key) ||
        !text_member(root, "dn", seen->device_name, sizeof seen->device_name) ||
        !identity_device_name_ok(seen->device_name))
        return "a presence of nobody";
    if (!text_member(root, "epoch", seen->epoch, sizeof seen->epoch) ||
        !seen->epoch[0])
        return "a presence without epoch";
    if (json_object_get(root, "agent") &&
        !text_member(root, "agent", seen->agent, sizeof seen->agent))
        return "a presence with a bad agent";
    return NULL;
}

static const char *device_says(const char *topic, const json_t *root,
                               struct core_command *out)
{
    struct identity_topic t = identity_topic_parse(topic);

    memcpy(out->u.seen.product_key, t.product_key, sizeof t.product_key);
    memcpy(out->u.seen.device_name, t.device_name, sizeof t.device_name);
    switch (t.kind) {
    case TOPIC_INFORM:
        return inform(root, out);
    case TOPIC_PROGRESS:
        return progress(root, out);
    case TOPIC_FIRMWARE_GET:
        return get(root, out);
    case TOPIC_OTHER:
    case TOPIC_UPGRADE:
    case TOPIC_FIRMWARE_GET_REPLY:
    case TOPIC_DEVICE_UP:
    case TOPIC_DEVICE_DOWN:
        break;
    }
    return "a topic that is none of ours";
}

ota_err mqtt_uplink_parse(struct core_command *out, const char *topic,
                          const void *payload, size_t len, const char **why)
{
    memset(out, 0, sizeof *out);
    memcpy(out->actor, "device", sizeof "device");
    *why = "a payload that is too long";
    if (len > MQTT_UPLINK_MAX)
        return OTA_ERR_SYNTAX;
    json_t *root =
        json_loadb(len ? payload : "", len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(root))
        *why = "a payload that is no JSON object";
    else if (strcmp(topic, MQTT_TOPIC_PRESENCE) == 0)
        *why = presence(root, out);
    else
        *why = device_says(topic, root, out);
    json_decref(root);
    return *why ? OTA_ERR_SYNTAX : OTA_OK;
}
