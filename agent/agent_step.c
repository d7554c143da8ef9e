/* agent_step.c - both diagrams, one line per arrow. The driver that feeds them
 * and acts on them is talk.c and update.c.
 *
 * Tests: test/unit/agent/test_agent_step.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_step.h"

#include <stddef.h>
#include <stdint.h>

/* from and on, to and act: four bits each, half the flash of bytes. */
typedef uint8_t rule[2];
#define PACK(high, low) (uint8_t)((high) << 4 | (low))
#define ARROW(from, on, to, act)                                               \
    {                                                                          \
        PACK(from, on), PACK(to, act)                                          \
    }
_Static_assert(TALK_STATES <= 16 && TALK_EVENTS <= 16 && TALK_RESET < 16 &&
                   UPDATE_STATES <= 16 && UPDATE_EVENTS <= 16 &&
                   UPDATE_RESET < 16,
               "each fits four bits");
_Static_assert(TALK_STAY == 0 && UPDATE_STAY == 0, "find() answers so");

/* clang-format off */
static const rule TALK_RULES[] = {
    ARROW(TALK_OFFLINE,    TALK_TIME,    TALK_CONNECTING, TALK_CONNECT),

    ARROW(TALK_CONNECTING, TALK_UP,      TALK_ANNOUNCING, TALK_STAY),
    ARROW(TALK_ANNOUNCING, TALK_SAID,    TALK_CONFIRMING, TALK_STAY),
    ARROW(TALK_CONFIRMING, TALK_KEPT,    TALK_REPORTING,  TALK_STAY),
    ARROW(TALK_REPORTING,  TALK_SAID,    TALK_INFORMING,  TALK_STAY),
    ARROW(TALK_INFORMING,  TALK_SAID,    TALK_PULLING,    TALK_STAY),
    ARROW(TALK_PULLING,    TALK_SAID,    TALK_READY,      TALK_STAY),
    ARROW(TALK_READY,      TALK_INFORM,  TALK_INFORMING,  TALK_STAY),

    ARROW(TALK_CONFIRMING, TALK_UNFIT,   TALK_CONFIRMING, TALK_RESET),
    ARROW(TALK_OFFLINE,    TALK_EXPIRED, TALK_OFFLINE,    TALK_RESET),
    ARROW(TALK_CONNECTING, TALK_EXPIRED, TALK_CONNECTING, TALK_RESET),
    ARROW(TALK_ANNOUNCING, TALK_EXPIRED, TALK_ANNOUNCING, TALK_RESET),
    ARROW(TALK_CONFIRMING, TALK_EXPIRED, TALK_CONFIRMING, TALK_RESET),

    ARROW(TALK_CONNECTING, TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_ANNOUNCING, TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_CONFIRMING, TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_REPORTING,  TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_INFORMING,  TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_PULLING,    TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_READY,      TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP),

    ARROW(TALK_CONNECTING, TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_ANNOUNCING, TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_REPORTING,  TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_INFORMING,  TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_PULLING,    TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP),
    ARROW(TALK_READY,      TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP),
};

static const rule UPDATE_RULES[] = {
    ARROW(UPDATE_IDLE,        UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_RELEASING,   UPDATE_DONE,    UPDATE_PREPARING,   UPDATE_STAY),
    ARROW(UPDATE_PREPARING,   UPDATE_DONE,    UPDATE_REQUESTING,  UPDATE_REQUEST),
    ARROW(UPDATE_PREPARING,   UPDATE_RESUMED, UPDATE_REHASHING,   UPDATE_STAY),
    ARROW(UPDATE_REHASHING,   UPDATE_DONE,    UPDATE_REQUESTING,  UPDATE_REQUEST),
    ARROW(UPDATE_REHASHING,   UPDATE_WHOLE,   UPDATE_MATCHING,    UPDATE_STAY),
    ARROW(UPDATE_REQUESTING,  UPDATE_DONE,    UPDATE_RECEIVING,   UPDATE_STAY),
    ARROW(UPDATE_REQUESTING,  UPDATE_LOST,    UPDATE_BACKING_OFF, UPDATE_BACK_OFF),
    ARROW(UPDATE_RECEIVING,   UPDATE_LOST,    UPDATE_BACKING_OFF, UPDATE_BACK_OFF),
    ARROW(UPDATE_RECEIVING,   UPDATE_PART,    UPDATE_REQUESTING,  UPDATE_REQUEST),
    ARROW(UPDATE_RECEIVING,   UPDATE_WHOLE,   UPDATE_MATCHING,    UPDATE_HANG_UP),
    ARROW(UPDATE_BACKING_OFF, UPDATE_TIME,    UPDATE_REQUESTING,  UPDATE_REQUEST),
    ARROW(UPDATE_MATCHING,    UPDATE_STALE,   UPDATE_PREPARING,   UPDATE_START_OVER),
    ARROW(UPDATE_MATCHING,    UPDATE_DONE,    UPDATE_HASHING,     UPDATE_STAY),
    ARROW(UPDATE_HASHING,     UPDATE_DONE,    UPDATE_VERIFYING,   UPDATE_STAY),
    ARROW(UPDATE_VERIFYING,   UPDATE_DONE,    UPDATE_ARMING,      UPDATE_STAY),
    ARROW(UPDATE_ARMING,      UPDATE_DONE,    UPDATE_LEAVING,     UPDATE_SAY_ARMED),
    ARROW(UPDATE_LEAVING,     UPDATE_DONE,    UPDATE_LEAVING,     UPDATE_RESET),
    ARROW(UPDATE_LEAVING,     UPDATE_TIME,    UPDATE_LEAVING,     UPDATE_RESET),

    /* A different task takes the place of the one in progress: the server has
     * one task per device, so the first one is over. Not once it is armed. */
    ARROW(UPDATE_RELEASING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_PREPARING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_REHASHING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_REQUESTING,  UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_RECEIVING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_BACKING_OFF, UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_MATCHING,    UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_HASHING,     UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),
    ARROW(UPDATE_VERIFYING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN),

    ARROW(UPDATE_RELEASING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_PREPARING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_REHASHING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_REQUESTING,  UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_RECEIVING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_MATCHING,    UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_HASHING,     UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_VERIFYING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
    ARROW(UPDATE_ARMING,      UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT),
};
/* clang-format on */

/* What the pair leads to, packed; outside the table the same state and act 0,
 * which is to stay. */
static uint8_t find(const rule *rules, size_t count, unsigned from, unsigned on)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i][0] == PACK(from, on))
            return rules[i][1];
    return PACK(from, 0);
}

struct talk_rule talk_step(enum talk_state s, enum talk_event ev)
{
    uint8_t r =
        find(TALK_RULES, sizeof TALK_RULES / sizeof TALK_RULES[0], s, ev);

    return (struct talk_rule){s, ev, (enum talk_state)(r >> 4),
                              (enum talk_act)(r & 15)};
}

struct update_rule update_step(enum update_state s, enum update_event ev)
{
    uint8_t r =
        find(UPDATE_RULES, sizeof UPDATE_RULES / sizeof UPDATE_RULES[0], s, ev);

    return (struct update_rule){s, ev, (enum update_state)(r >> 4),
                                (enum update_act)(r & 15)};
}
