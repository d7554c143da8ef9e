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

enum {
    TOPIC_MAX = 128,
    PAYLOAD_MAX = AGENT_DESC_MAX + 64,
};

/* {head}{pk}/{dn}{tail} */
static void topic_make(const struct agent *a, char out[TOPIC_MAX],
                       const char *head, const char *tail)
{
    struct text t = text_in(out, TOPIC_MAX);

    text_add(&t, head);
    text_add(&t, a->config.product_key);
    text_add(&t, "/");
    text_add(&t, a->config.device_name);
    text_add(&t, tail);
}

static ota_err say(struct agent *a, const char *topic, const struct text *json,
                   uint16_t *token)
{
    const struct agent_config *c = &a->config;

    ota_err e =
        c->link->publish(c->link->ctx, topic, json->buf, json->len, token);
    if (e != OTA_OK)
        return e;
    agent_log_text(c->log, "[LK-0309] pub: ", topic, strlen(topic));
    agent_log_text(c->log, "[LK-030A] > ", json->buf, json->len);
    return OTA_OK;
}

ota_err report_inform(struct agent *a, uint16_t *token)
{
    char topic[TOPIC_MAX], json[PAYLOAD_MAX];
    struct text t = text_in(json, sizeof json);

    text_add(&t, "{\"id\":1, \"params\":{\"version\":\"");
    text_add(&t, a->version);
    text_add(&t, "\"}}");
    topic_make(a, topic, "/ota/device/inform/", "");
    return say(a, topic, &t, token);
}

ota_err report_pull(struct agent *a, uint16_t *token)
{
    char topic[TOPIC_MAX], json[PAYLOAD_MAX];
    struct text t = text_in(json, sizeof json);

    text_add(&t, "{\"id\":3, \"params\":{}}");
    topic_make(a, topic, "/sys/", "/thing/ota/firmware/get");
    return say(a, topic, &t, token);
}

ota_err report_progress(struct agent *a, int32_t step, const char *desc,
                        uint16_t *token)
{
    char topic[TOPIC_MAX], json[PAYLOAD_MAX];
    struct text t = text_in(json, sizeof json);

    text_add(&t, "{\"id\":2, \"params\":{\"step\":\"");
    text_add_i32(&t, step);
    text_add(&t, "\",\"desc\":\"");
    for (; *desc; desc++) {
        /* Our own sentences need no escape; whatever got in here is kept from
         * ending the string. */
        bool plain =
            *desc >= ' ' && *desc <= '~' && *desc != '"' && *desc != '\\';
        text_add_len(&t, plain ? desc : "'", 1);
    }
    text_add(&t, "\"}}");
    topic_make(a, topic, "/ota/device/progress/", "");
    return say(a, topic, &t, token);
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

    topic_make(a, ours, "/ota/device/upgrade/", "");
    if (strcmp(topic, ours) == 0)
        return true;
    topic_make(a, ours, "/sys/", "/thing/ota/firmware/get_reply");
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
        text_add(&t, "rolled back: ");
        text_add(&t, version);
        text_add(&t, " did not confirm");
        text_add(&t, cause_text(b->outcome_cause));
        break;
    case OUTCOME_REJECTED:
        out->step = -3;
        text_add(&t, "bootloader refused ");
        text_add(&t, version);
        text_add(&t, ": ");
        text_add(&t, ota_err_text(b->outcome_error));
        break;
    case OUTCOME_ACTIVE_CORRUPT:
        text_add(&t, "active slot was damaged; the other slot runs ");
        text_add(&t, a->version);
        break;
    case OUTCOME_NONE:
    case OUTCOME_CONFIRMED:
        break;
    }
}
