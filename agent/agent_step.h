/* agent_step.h - the agent's two state machines as pure tables.
 *
 * The talk with the server and the update run side by side: a download goes on
 * over HTTP while the message link is down, and the server is told later.
 *
 * Tests: test/unit/agent/test_agent_step.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_STEP_H
#define TERN_AGENT_STEP_H

enum talk_state {
    TALK_OFFLINE,    /* waits for the next try to connect */
    TALK_CONNECTING, /* waits for the broker's CONNACK */
    TALK_ANNOUNCING, /* trial: says that it booted */
    TALK_CONFIRMING, /* trial: self-test, then keeps this firmware */
    TALK_REPORTING,  /* says how the last update ended, if that is unsaid */
    TALK_INFORMING,  /* says the running version */
    TALK_PULLING,    /* asks whether there is an update */
    TALK_READY,      /* listens; reports of the update go out */
    TALK_STATES
};

enum talk_event {
    TALK_NOTHING,
    TALK_TIME,    /* OFFLINE: back-off is over; else: no answer for too long */
    TALK_UP,      /* connected */
    TALK_DOWN,    /* refused, or the connection is lost */
    TALK_SAID,    /* acknowledged, or there was nothing to say in this state */
    TALK_KEPT,    /* firmware is confirmed, or was before */
    TALK_UNFIT,   /* the self-test failed */
    TALK_EXPIRED, /* trial_ms are over and the trial is not confirmed */
    TALK_INFORM,  /* the version is to be said again */
    TALK_EVENTS
};

enum talk_act {
    TALK_STAY,    /* nothing to do */
    TALK_CONNECT, /* open the link */
    TALK_HANG_UP, /* close it and plan the next try */
    TALK_RESET,   /* give up this trial: the bootloader goes back */
};

struct talk_rule {
    enum talk_state from;
    enum talk_event on;
    enum talk_state to;
    enum talk_act act;
};

enum update_state {
    UPDATE_IDLE,
    UPDATE_RELEASING,   /* gives up the inactive slot as a fall-back */
    UPDATE_PREPARING,   /* finds or begins the journal */
    UPDATE_REHASHING,   /* digests from flash what an earlier boot wrote */
    UPDATE_REQUESTING,  /* connects, sends the request, reads the head */
    UPDATE_RECEIVING,   /* body to flash, piece by piece */
    UPDATE_BACKING_OFF, /* waits before the next try */
    UPDATE_MATCHING,    /* the transport's digest; finds the image's extent */
    UPDATE_HASHING,     /* hashes the image from flash, piece by piece */
    UPDATE_VERIFYING,   /* that hash, signature, version */
    UPDATE_ARMING,      /* asks the bootloader for a trial */
    UPDATE_LEAVING,     /* says `armed`, then resets */
    UPDATE_STATES
};

enum update_event {
    UPDATE_NOTHING,
    UPDATE_TASK,    /* an acceptable push; replaces the update in progress */
    UPDATE_DONE,    /* this state's work succeeded */
    UPDATE_RESUMED, /* PREPARING: the journal knows bytes of this very task */
    UPDATE_WHOLE,   /* the last byte is in flash */
    UPDATE_PART,    /* this reply is over, the image is not whole */
    UPDATE_LOST,    /* a try failed and another one is allowed */
    UPDATE_STALE,   /* digest differs, but an earlier boot's bytes are in it */
    UPDATE_TIME,    /* the wait is over */
    UPDATE_FAILED,  /* for good; the reason is in the result */
    UPDATE_EVENTS
};

enum update_act {
    UPDATE_STAY,
    UPDATE_BEGIN,      /* forget the old task's progress */
    UPDATE_REQUEST,    /* open a connection for the rest */
    UPDATE_BACK_OFF,   /* close it and plan the next try */
    UPDATE_HANG_UP,    /* close it */
    UPDATE_START_OVER, /* drop the journal, begin at byte 0 */
    UPDATE_SAY_ARMED,
    UPDATE_REPORT, /* close, and report the result */
    UPDATE_RESET,
};

struct update_rule {
    enum update_state from;
    enum update_event on;
    enum update_state to;
    enum update_act act;
};

/* The rule for this pair. A pair that is not in the table changes nothing. */
struct talk_rule talk_step(enum talk_state s, enum talk_event ev);
struct update_rule update_step(enum update_state s, enum update_event ev);

#endif
