/* update.c - from a push to an armed trial.
 *
 * Start at update_offer() (is this push worth beginning?) and update_poll()
 * (one state's work, then what the table in agent_step.c asks for). The states
 * that move bytes are in download.c.
 *
 * Order of trust: digest of the transport, hash and signature read back from
 * flash, version in the image header; only then is a trial armed, and the
 * bootloader verifies once more.
 *
 * Tests: test/unit/agent/test_agent_update.c, test_agent_hashing.c,
 * test/sweep/update_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "agent/agent_log.h"
#include "agent/agent_state.h"
#include "base/text.h"

enum update_event update_fail(struct agent *a, int8_t step, const char *format,
                              ...)
{
    struct agent_result *r = &a->update.result;
    struct text t = text_in(r->desc, sizeof r->desc);
    va_list args;

    r->step = step;
    va_start(args, format);
    text_format_args(&t, format, args);
    va_end(args);
    return UPDATE_FAILED;
}

/* --- the work of each state ---------------------------------------------- */

static enum update_event release(struct agent *a)
{
    if (a->update.task.size_bytes > FLASH_SLOT_BYTES)
        /* before anything is erased */
        return update_fail(a, -1, "does not fit: %u bytes, the slot has %u",
                           (unsigned)a->update.task.size_bytes,
                           (unsigned)FLASH_SLOT_BYTES);
    ota_err e = boot_slot_release(a->config.flash);
    if (e == OTA_ERR_STATE)
        return update_fail(a, -1, "the running firmware is not confirmed");
    if (e != OTA_OK)
        return update_fail(a, -4, "boot record: %s", ota_err_text(e));
    return UPDATE_DONE;
}

static bool digest_matches(struct agent_update *u)
{
    uint8_t got[DIGEST_BYTES_MAX];
    size_t len = digest_end(&u->digest, got);

    return bytes_equal(got, u->task.digest, len);
}

/* Bytes that are not what they should be are worth nothing after a reboot: a
 * journal kept would make every later try fail the same way. */
static enum update_event reject(struct agent *a, const char *format,
                                const char *subject)
{
    if (journal_clear(a->config.flash) != OTA_OK)
        agent_log(a->config.log, LINE_JOURNAL_STAYS);
    return update_fail(a, -3, format, subject);
}

static enum update_event refuse(struct agent *a, ota_err e, enum image_why why)
{
    if (e == OTA_ERR_IO)
        return update_fail(a, -4, "flash failed while reading");
    return reject(a, "image refused: %s", image_why_text(why));
}

/* What was downloaded, as it lies in flash. */
static struct image_source downloaded(const struct agent *a,
                                      struct boot_slot_source *slot)
{
    struct image_source src =
        boot_slot_source(slot, a->config.flash, a->boot.inactive);

    src.size = a->update.task.size_bytes; /* old bytes behind do not count */
    return src;
}

static enum update_event match(struct agent *a)
{
    struct agent_update *u = &a->update;
    struct boot_slot_source slot;
    struct image_source src = downloaded(a, &slot);
    struct image_info info;
    enum image_why why;

    if (!digest_matches(u)) {
        agent_log(a->config.log, LINE_MISMATCH);
        return u->resumed ? UPDATE_STALE
                          : reject(a, "digest of the download differs", NULL);
    }
    agent_log(a->config.log, LINE_MATCHED);
    ota_err e = image_parse(&info, &src, &why);
    if (e != OTA_OK)
        return refuse(a, e, why);
    u->reread_bytes = 0;
    u->reread_end = info.hashed_bytes;
    digest_begin(&u->digest, DIGEST_SHA256);
    return UPDATE_DONE;
}

static enum update_event verify(struct agent *a)
{
    struct agent_update *u = &a->update;
    struct boot_slot_source slot;
    struct image_source src = downloaded(a, &slot);
    struct image_verdict v;
    uint8_t hash[DIGEST_BYTES_MAX];
    char version[VERSION_TEXT_MAX];

    (void)digest_end(&u->digest, hash);
    image_verify_hashed(&v, &src, &a->config.keys, hash);
    if (v.boot != BOOT_YES)
        return refuse(a, v.error, v.why);
    if (version_compare(&v.info.version, &u->task.version) != 0) {
        version_format(&v.info.version, version);
        return reject(a, "pushed version differs, the image says %s", version);
    }
    if (v.info.security_counter < a->boot.security_floor)
        return reject(a, "%s", ota_err_text(OTA_ERR_ROLLBACK));
    agent_log(a->config.log, LINE_VERIFIED);
    report_step(a, 100, "verified");
    return UPDATE_DONE;
}

static enum update_event arm(struct agent *a)
{
    struct agent_update *u = &a->update;
    /* Also if it has none: one of an earlier arming may stand there. */
    ota_err e = journal_name(&u->journal, a->config.flash, u->task.number);

    if (e == OTA_OK)
        e = boot_trial_request(a->config.flash);
    if (e != OTA_OK)
        return update_fail(a, -4, "trial could not be armed: %s",
                           ota_err_text(e));
    return UPDATE_DONE;
}

static enum update_event wait(struct agent *a)
{
    return agent_is_past(a, a->update.deadline) ? UPDATE_TIME : UPDATE_NOTHING;
}

static enum update_event leave(struct agent *a)
{
    return a->talk.due & SAY_ARMED ? wait(a) : UPDATE_DONE;
}

static enum update_event work(struct agent *a)
{
    switch (a->update.state) {
    case UPDATE_RELEASING:
        return release(a);
    case UPDATE_PREPARING:
        return download_prepare(a);
    case UPDATE_REHASHING:
        return download_rehash(a);
    case UPDATE_REQUESTING:
        return download_request(a);
    case UPDATE_RECEIVING:
        return download_receive(a);
    case UPDATE_BACKING_OFF:
        return wait(a);
    case UPDATE_MATCHING:
        return match(a);
    case UPDATE_HASHING:
        return download_reread(a);
    case UPDATE_VERIFYING:
        return verify(a);
    case UPDATE_ARMING:
        return arm(a);
    case UPDATE_LEAVING:
        return leave(a);
    case UPDATE_IDLE:
    case UPDATE_STATES:
        break;
    }
    return UPDATE_NOTHING;
}

/* --- what the table asks for --------------------------------------------- */

static void act_start_over(struct agent *a)
{
    agent_log(a->config.log, LINE_START_OVER);
    if (journal_clear(a->config.flash) != OTA_OK)
        agent_log(a->config.log, LINE_JOURNAL_STAYS);
    download_reset(a);
}

static void act_report(struct agent *a)
{
    struct agent_result *r = &a->update.result;

    download_hang_up(a);
    a->talk.due |= SAY_RESULT;
    a->talk.step_due = false; /* a percentage after the end would confuse */
    agent_log(a->config.log, LINE_FAILED, r->step, r->desc);
}

static void act_say_armed(struct agent *a)
{
    a->talk.due |= SAY_ARMED;
    a->update.deadline = a->now + AGENT_LEAVE_MS;
    agent_log(a->config.log, LINE_ARMED, (unsigned)a->boot.inactive,
              a->update.task.version_text);
}

static void act(struct agent *a, enum update_act what)
{
    switch (what) {
    case UPDATE_STAY:
        break;
    case UPDATE_BEGIN:
        download_hang_up(a);
        download_reset(a);
        break;
    case UPDATE_REQUEST:
        download_begin_request(a);
        break;
    case UPDATE_BACK_OFF:
        download_back_off(a);
        break;
    case UPDATE_HANG_UP:
        download_hang_up(a);
        break;
    case UPDATE_START_OVER:
        act_start_over(a);
        break;
    case UPDATE_SAY_ARMED:
        act_say_armed(a);
        break;
    case UPDATE_REPORT:
        act_report(a);
        break;
    case UPDATE_RESET:
        a->want = AGENT_RESET;
        break;
    }
}

static void apply(struct agent *a, enum update_event ev)
{
    if (ev == UPDATE_NOTHING)
        return;
    struct update_rule rule = update_step(a->update.state, ev);

    a->busy = true;
    a->update.state = rule.to;
    act(a, rule.act);
}

void update_poll(struct agent *a)
{
    apply(a, work(a));
}

/* --- what the server asks for -------------------------------------------- */

static void offer_bad(struct agent *a, const char *why)
{
    agent_log(a->config.log, LINE_PUSH_BAD, why);
    /* -1 would fail whatever task the server has for us: only when that
     * cannot be one that is well under way or about to be reported. */
    if (a->update.state != UPDATE_IDLE || a->talk.due & SAY_RESULT)
        return;
    a->update.task.number = 0; /* whose push it was cannot be read */
    (void)update_fail(a, -1, "push refused: %s", why);
    act_report(a);
}

static void begin(struct agent *a, const struct agent_task *t)
{
    /* The failure of an older task would now be taken for this one's. */
    a->talk.due = (uint8_t)(a->talk.due & ~SAY_RESULT);
    if (a->talk.flying == SAY_RESULT)
        a->talk.flying = 0;
    a->update.task = *t;

    agent_log(a->config.log, LINE_TARGET, t->version_text,
              (unsigned)t->size_bytes);
    apply(a, UPDATE_TASK);
}

static void offer_task(struct agent *a, const struct agent_task *t)
{
    const struct port_log *log = a->config.log;
    struct agent_update *u = &a->update;
    /* What is left to say of a task that is over is not about a new one. */
    bool open = u->state != UPDATE_IDLE ||
                (a->talk.due & SAY_RESULT && t->number == u->task.number);
    char version[VERSION_TEXT_MAX];

    version_format(&t->version, version);
    if (strcmp(version, a->version) == 0) {
        agent_log(log, LINE_PUSH_RUNS);
        a->talk.due |= SAY_INFORM;
    } else if (open && push_is_same(t, &u->task)) {
        agent_log(log, LINE_PUSH_SAME);
        u->task.number = t->number; /* a new task may want the same image */
    } else if (update_step(u->state, UPDATE_TASK).act != UPDATE_BEGIN) {
        agent_log(log, LINE_PUSH_LATE);
    } else {
        begin(a, t);
    }
}

void update_offer(struct agent *a, const void *payload, size_t len)
{
    struct agent_task t;
    const char *why;

    if (!talk_is_settled(a)) {
        agent_log(a->config.log, LINE_PUSH_EARLY);
        return;
    }
    switch (push_parse(&t, payload, len, &why)) {
    case PUSH_NOTHING:
        agent_log(a->config.log, LINE_NO_UPDATE);
        break;
    case PUSH_BAD:
        offer_bad(a, why);
        break;
    case PUSH_TASK:
        offer_task(a, &t);
        break;
    }
}
