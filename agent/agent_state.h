/* agent_state.h - struct agent, complete so that the caller can make it static.
 * Nobody outside agent/ looks into it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_STATE_H
#define TERN_AGENT_STATE_H

#include "agent/agent.h"
#include "agent/agent_step.h"
#include "agent/http_client.h"
#include "agent/journal.h"
#include "agent/push.h"

/* What must reach the server: kept until the broker has acknowledged it, said
 * again after a reconnect. One bit each; sent in this order. */
enum agent_say {
    SAY_TRIAL = 1,   /* step 100 `trial boot` */
    SAY_OUTCOME = 2, /* how the last update ended, as the boot record has it */
    SAY_INFORM = 4,
    SAY_PULL = 8,
    SAY_RESULT = 16, /* -1..-4 of the update that just failed */
    SAY_ARMED = 32,
};

/* Why an update failed. */
struct agent_result {
    int8_t step; /* -1..-4 */
    char desc[AGENT_DESC_MAX];
};

/* Small members stand first in each struct, and large ones last: an access
 * then fits a short instruction (158 bytes of code on a Cortex-M7). */

/* The conversation: talk.c. */
struct agent_talk {
    enum talk_state state;
    uint8_t due;         /* SAY_ bits */
    uint8_t flying;      /* the one that waits for its PUBACK, or 0 */
    uint8_t tries;       /* connections in a row that did not get ready */
    bool trial;          /* this firmware has yet to be confirmed */
    bool step_due;       /* the newest percentage did not go out yet */
    uint8_t step;        /* 0..100 */
    uint16_t token;      /* of the one in flight */
    uint32_t armed;      /* task that the trial or its outcome is about, or 0 */
    uint32_t deadline;   /* OFFLINE: next try; else: give up waiting */
    uint32_t trial_ends; /* ms */
    const char *step_desc;
};

/* Who the device says it is: login.c. */
struct agent_login {
    char client_id[AGENT_CLIENT_ID_MAX];
    char username[2 * AGENT_NAME_MAX];
    char password[2 * SHA256_BYTES + 1];
};

/* The update in progress: update.c and download.c. */
struct agent_update {
    enum update_state state;
    bool connected;         /* the present request has its connection */
    bool sent;              /* ... and is sent */
    bool resumed;           /* bytes of an earlier boot are counted in */
    int8_t step;            /* percentage told last, -1 none */
    uint8_t tries;          /* in a row without a new byte */
    uint32_t deadline;      /* stall, back-off or leaving, by state */
    uint32_t reread_bytes;  /* digested again from flash, ... */
    uint32_t reread_end;    /* ... which ends here */
    uint32_t written_bytes; /* in flash and digested */
    uint32_t piece_bytes;   /* received, waiting in piece[] */
    uint32_t asked_at;      /* first byte of the present request */
    struct journal journal;
    struct http_client http;
    struct agent_task task;
    struct digest digest; /* of written_bytes; HASHING: of reread_bytes */
    struct agent_result result;
    uint8_t piece[AGENT_PIECE_BYTES];
};

struct agent {
    enum agent_want want;
    bool busy;
    uint32_t now; /* ms, of the present poll */
    struct agent_talk talk;
    struct agent_config config;
    struct boot_status boot; /* as this boot found it */
    char version[VERSION_TEXT_MAX];
    struct agent_update update;
    struct agent_login login;
};
_Static_assert(sizeof(struct agent) <= AGENT_RAM_MAX, "agent is too large");

/* --- what the files of agent/ call of each other ------------------------- */

/* login.c: clientId, username, password. OTA_ERR_RANGE a name does not fit. */
TERN_MUST_USE ota_err login_make(struct agent_login *l,
                                 const struct agent_config *c);

/* talk.c */
void talk_begin(struct agent *a);
void talk_poll(struct agent *a);
bool talk_is_settled(const struct agent *a); /* updates may begin */

/* update.c */
void update_poll(struct agent *a);
void update_offer(struct agent *a, const void *payload, size_t len);

/* Set the result and give UPDATE_FAILED; desc as text_format() does. */
enum update_event update_fail(struct agent *a, int8_t step, const char *format,
                              ...) __attribute__((format(printf, 3, 4)));

/* download.c: the work of the states that move bytes. */
void download_reset(struct agent *a);
enum update_event download_prepare(struct agent *a);
enum update_event download_rehash(struct agent *a);
/* The digest goes on with the next piece of the slot, read from flash.
 * UPDATE_DONE: reread_end is reached. */
enum update_event download_reread(struct agent *a);
enum update_event download_request(struct agent *a);
enum update_event download_receive(struct agent *a);
void download_begin_request(struct agent *a);
void download_back_off(struct agent *a);
void download_hang_up(struct agent *a);

/* report.c: put on the wire now. Errors as port_link's publish. */
TERN_MUST_USE ota_err report_inform(struct agent *a, uint16_t *token);
TERN_MUST_USE ota_err report_pull(struct agent *a, uint16_t *token);
/* task: the number of the one it is about; 0: it has none. */
TERN_MUST_USE ota_err report_progress(struct agent *a, uint32_t task,
                                      int32_t step, const char *desc,
                                      uint16_t *token);
/* A percentage: goes out at once or with the next polls; may be overtaken by
 * a newer one. desc is constant. */
void report_step(struct agent *a, uint8_t step, const char *desc);
void report_step_flush(struct agent *a);
/* Is it one of this device's topics that carry a task? */
bool report_topic_is_push(const struct agent *a, const char *topic);
/* How the last update ended, in words. Only for an outcome that is bad. */
void report_outcome(const struct agent *a, struct agent_result *out);

/* agent.c: jittered, doubled delay for the tries-th try in a row (1...). */
uint32_t agent_back_off_ms(struct agent *a, uint8_t tries);
static inline bool agent_is_past(const struct agent *a, uint32_t deadline)
{
    return (int32_t)(a->now - deadline) >= 0;
}

#endif
