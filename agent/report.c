/* report.c - everything the agent says to the server, byte for byte.
 *
 * Wire form: spec/device-protocol.md sections 2 to 6.
 * Tests: test/unit/agent/test_agent_report.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "agent/agent_log.h"
#include "agent/agent_state.h"
#include "base/text.h"

enum {
    TOPIC_MAX = 128,
    PAYLOAD_MAX = AGENT_DESC_MAX + 64,
};

/* The device's own topic; `shape` has two %s, for product and device. */
static void topic_make(const struct agent *a, char out[TOPIC_MAX],
                       const char *shape)
{
    struct text t = text_in(out, TOPIC_MAX);

    text_format(&t, shape, a->config.product_key, a->config.device_name);
}

/* Publish a payload, formatted as text_format() does. */
static ota_err say(struct agent *a, uint16_t *token, const char *topic_shape,
                   const char *format, ...)
{
    const struct agent_config *c = &a->config;
    char topic[TOPIC_MAX], json[PAYLOAD_MAX];
    struct text t = text_in(json, sizeof json);
    va_list args;

    topic_make(a, topic, topic_shape);
    va_start(args, format);
    text_format_args(&t, format, args);
    va_end(args);
    ota_err e = c->link->publish(c->link->ctx, topic, json, t.len, token);
    if (e != OTA_OK)
        return e;
    agent_log_text(c->log, LINE_TOPIC, topic, strlen(topic));
    agent_log_payload(c->log, LINE_SENT, json, t.len);
    return OTA_OK;
}

ota_err report_inform(struct agent *a, uint16_t *token)
{
    return say(a, token, "/ota/device/inform/%s/%s",
               "{\"id\":1, \"params\":{\"version\":\"%s\"}}", a->version);
}

ota_err report_pull(struct agent *a, uint16_t *token)
{
    return say(a, token, "/sys/%s/%s/thing/ota/firmware/get",
               "{\"id\":3, \"params\":{}}");
}

ota_err report_progress(struct agent *a, int32_t step, const char *desc,
                        uint16_t *token)
{
    char plain[AGENT_DESC_MAX];
    struct text t = text_in(plain, sizeof plain);

    text_add(&t, desc);
    /* Our own sentences need no escape; whatever got in here is kept from
     * ending the string. */
    for (char *c = plain; *c; c++)
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
            *c = '\'';
    return say(a, token, "/ota/device/progress/%s/%s",
               "{\"id\":2, \"params\":{\"step\":\"%d\",\"desc\":\"%s\"}}",
               (int)step, plain);
}

void report_step(struct agent *a, uint8_t step, const char *desc)
{
    a->talk.step_due = true;
    a->talk.step = step;
    a->talk.step_desc = desc;
    report_step_flush(a);
}

void report_step_flush(struct agent *a)
{
    struct agent_talk *t = &a->talk;
    uint16_t token;

    if (t->step_due && t->state == TALK_READY &&
        report_progress(a, t->step, t->step_desc, &token) == OTA_OK)
        t->step_due = false;
}

bool report_topic_is_push(const struct agent *a, const char *topic)
{
    char ours[TOPIC_MAX];

    topic_make(a, ours, "/ota/device/upgrade/%s/%s");
    if (strcmp(topic, ours) == 0)
        return true;
    topic_make(a, ours, "/sys/%s/%s/thing/ota/firmware/get_reply");
    return strcmp(topic, ours) == 0;
}

static const char *cause_text(enum boot_reset_cause c)
{
    switch (c) {
    case RESET_POWER_ON:
        return ", ended by power-on";
    case RESET_SOFTWARE:
        return ", ended by a software reset";
    case RESET_WATCHDOG:
        return ", ended by the watchdog";
    case RESET_PIN:
        return ", ended by the reset pin";
    case RESET_UNKNOWN:
        break;
    }
    return "";
}

void report_outcome(const struct agent *a, struct agent_result *out)
{
    char version[VERSION_TEXT_MAX];
    struct text t = text_in(out->desc, sizeof out->desc);
    const struct boot_status *b = &a->boot;

    version_format(&b->outcome_version, version);
    out->step = -1;
    switch (b->outcome) {
    case OUTCOME_ROLLED_BACK:
        text_format(&t, "rolled back: %s did not confirm%s", version,
                    cause_text(b->outcome_cause));
        break;
    case OUTCOME_REJECTED:
        out->step = -3;
        text_format(&t, "bootloader refused %s: %s", version,
                    ota_err_text(b->outcome_error));
        break;
    case OUTCOME_ACTIVE_CORRUPT:
        text_format(&t, "active slot was damaged; the other slot runs %s",
                    a->version);
        break;
    case OUTCOME_NONE:
    case OUTCOME_CONFIRMED:
        break;
    }
}
