/* talk.c - the conversation with the server: connect, confirm a trial, say how
 * the last update ended, say the version, ask for an update, then listen.
 *
 * Start at talk_poll(). The order of things is the table in agent_step.c; here
 * is what happens in each state.
 *
 * Tests: test/unit/agent/test_agent_talk.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "agent/agent_log.h"
#include "agent/agent_state.h"

/* --- what the table asks for --------------------------------------------- */

static void act_connect(struct agent *a)
{
    const struct agent_config *c = &a->config;
    struct link_login login = {
        .host = c->mqtt_host,
        .port = c->mqtt_port,
        .client_id = a->login.client_id,
        .username = a->login.username,
        .password = a->login.password,
        .keep_alive_s = AGENT_KEEP_ALIVE_S,
    };

    a->talk.deadline = a->now + AGENT_STALL_MS;
    if (c->link->open(c->link->ctx, &login) != OTA_OK)
        a->talk.deadline = a->now; /* as if it had timed out */
}

static void act_hang_up(struct agent *a)
{
    struct agent_talk *t = &a->talk;

    a->config.link->close(a->config.link->ctx);
    t->flying = 0;
    if (t->tries < UINT8_MAX)
        t->tries++;
    t->deadline = a->now + agent_back_off_ms(a, t->tries);
    agent_log(a->config.log, LINE_LINK_DOWN);
}

static void apply(struct agent *a, enum talk_event ev)
{
    if (ev == TALK_NOTHING)
        return;
    struct talk_rule rule = talk_step(a->talk.state, ev);

    a->busy = true;
    a->talk.state = rule.to;
    switch (rule.act) {
    case TALK_STAY:
        break;
    case TALK_CONNECT:
        act_connect(a);
        break;
    case TALK_HANG_UP:
        act_hang_up(a);
        break;
    case TALK_RESET:
        agent_log(a->config.log, LINE_GIVEN_UP);
        a->want = AGENT_RESET;
        break;
    }
}

/* --- saying -------------------------------------------------------------- */

static uint8_t says_of(enum talk_state s)
{
    switch (s) {
    case TALK_ANNOUNCING:
        return SAY_TRIAL;
    case TALK_REPORTING:
        return SAY_OUTCOME;
    case TALK_INFORMING:
        return SAY_INFORM;
    case TALK_PULLING:
        return SAY_PULL;
    case TALK_READY:
        return SAY_RESULT | SAY_ARMED;
    case TALK_OFFLINE:
    case TALK_CONNECTING:
    case TALK_CONFIRMING:
    case TALK_STATES:
        break;
    }
    return 0;
}

static ota_err publish(struct agent *a, enum agent_say what)
{
    struct agent_result outcome;
    uint16_t *token = &a->talk.token;

    switch (what) {
    case SAY_TRIAL:
        return report_progress(a, 100, "trial boot", token);
    case SAY_OUTCOME:
        report_outcome(a, &outcome);
        return report_progress(a, outcome.step, outcome.desc, token);
    case SAY_INFORM:
        return report_inform(a, token);
    case SAY_PULL:
        return report_pull(a, token);
    case SAY_RESULT:
        return report_progress(a, a->update.result.step, a->update.result.desc,
                               token);
    case SAY_ARMED:
        return report_progress(a, 100, "armed", token);
    }
    return OTA_ERR_STATE;
}

static void publish_first(struct agent *a, uint8_t due)
{
    struct agent_talk *t = &a->talk;
    uint8_t first = (uint8_t)(due & -due);

    if (publish(a, (enum agent_say)first) != OTA_OK)
        return; /* no room now, or LINK_DOWN is on its way */
    t->flying = first;
    t->deadline = a->now + AGENT_STALL_MS;
    a->busy = true;
}

static void acknowledged(struct agent *a, uint16_t token)
{
    struct agent_talk *t = &a->talk;

    if (t->flying == 0 || token != t->token)
        return; /* a percentage: nobody waits for it */
    t->due = (uint8_t)(t->due & ~t->flying);
    if (t->flying == SAY_OUTCOME &&
        boot_outcome_reported(a->config.flash) != OTA_OK)
        agent_log(a->config.log, LINE_UNTOLD);
    t->flying = 0;
}

/* --- one poll ------------------------------------------------------------ */

static enum talk_event confirm(struct agent *a)
{
    const struct agent_config *c = &a->config;
    struct boot_status now;

    if (!a->talk.trial)
        return TALK_KEPT;
    switch (c->self_test ? c->self_test(c->self_test_ctx) : AGENT_FIT) {
    case AGENT_FIT:
        break;
    case AGENT_NOT_YET:
        return TALK_NOTHING;
    case AGENT_UNFIT:
        agent_log(c->log, LINE_UNFIT);
        return TALK_UNFIT;
    }
    if (boot_confirm(c->flash) != OTA_OK ||
        boot_status_load(c->flash, &now) != OTA_OK)
        return TALK_NOTHING; /* asked again until the trial expires */
    a->boot.security_floor = now.security_floor; /* confirming raises it */
    a->talk.trial = false;
    agent_log(c->log, LINE_CONFIRMED);
    return TALK_KEPT;
}

static enum talk_event work(struct agent *a)
{
    struct agent_talk *t = &a->talk;
    uint8_t due = t->due & says_of(t->state);

    if (t->trial && agent_is_past(a, t->trial_ends))
        return TALK_EXPIRED;
    if (t->state == TALK_OFFLINE || t->state == TALK_CONNECTING)
        return agent_is_past(a, t->deadline) ? TALK_TIME : TALK_NOTHING;
    if (t->state == TALK_CONFIRMING)
        return confirm(a);
    if (t->flying)
        return agent_is_past(a, t->deadline) ? TALK_TIME : TALK_NOTHING;
    if (due) {
        publish_first(a, due);
        return TALK_NOTHING;
    }
    if (t->state != TALK_READY)
        return TALK_SAID;
    t->tries = 0;
    return t->due & SAY_INFORM ? TALK_INFORM : TALK_NOTHING;
}

static void hear(struct agent *a, const struct link_event *ev)
{
    const struct port_log *log = a->config.log;
    size_t shown = ev->payload_len;

    if (shown > AGENT_PUSH_MAX)
        shown = AGENT_PUSH_MAX;
    agent_log_text(log, LINE_TOPIC, ev->topic, strlen(ev->topic));
    agent_log_payload(log, LINE_HEARD, (const char *)ev->payload, shown);
    if (report_topic_is_push(a, ev->topic))
        update_offer(a, ev->payload, ev->payload_len);
}

static enum talk_event listen(struct agent *a)
{
    const struct port_link *link = a->config.link;
    struct link_event ev;

    if (a->talk.state == TALK_OFFLINE)
        return TALK_NOTHING;
    ev = link->poll(link->ctx);
    a->busy |= ev.type != LINK_NOTHING;
    switch (ev.type) {
    case LINK_NOTHING:
        break;
    case LINK_UP:
        agent_log(a->config.log, LINE_LINK_UP);
        return TALK_UP;
    case LINK_REFUSED:
        agent_log(a->config.log, LINE_REFUSED, ev.code);
        return TALK_DOWN;
    case LINK_DOWN:
        return TALK_DOWN;
    case LINK_MESSAGE:
        hear(a, &ev);
        break;
    case LINK_SENT:
        acknowledged(a, ev.token);
        break;
    }
    return TALK_NOTHING;
}

void talk_begin(struct agent *a)
{
    struct agent_talk *t = &a->talk;
    const struct boot_status *b = &a->boot;
    bool bad = b->outcome == OUTCOME_REJECTED ||
               b->outcome == OUTCOME_ROLLED_BACK ||
               b->outcome == OUTCOME_ACTIVE_CORRUPT;

    t->trial = b->state == BOOT_TRIAL;
    t->trial_ends = a->now + a->config.trial_ms;
    t->deadline = a->now;
    t->due = SAY_INFORM | SAY_PULL;
    if (t->trial)
        t->due |= SAY_TRIAL;
    if (bad && !b->outcome_reported)
        t->due |= SAY_OUTCOME;
}

/* A push that comes before this boot's bad news is told would be failed by it,
 * and none is begun in an unconfirmed trial (the other slot is the only good
 * image). Neither is lost: the pull asks again. */
bool talk_is_settled(const struct agent *a)
{
    return !a->talk.trial && !(a->talk.due & SAY_OUTCOME);
}

void talk_poll(struct agent *a)
{
    apply(a, listen(a));
    apply(a, work(a));
    report_step_flush(a);
}
