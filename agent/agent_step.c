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

/* from, on, to, act: one byte each. */
typedef uint8_t rule[4];

/* clang-format off */
static const rule TALK_RULES[] = {
    { TALK_OFFLINE,    TALK_TIME,    TALK_CONNECTING, TALK_CONNECT },

    { TALK_CONNECTING, TALK_UP,      TALK_ANNOUNCING, TALK_STAY    },
    { TALK_ANNOUNCING, TALK_SAID,    TALK_CONFIRMING, TALK_STAY    },
    { TALK_CONFIRMING, TALK_KEPT,    TALK_REPORTING,  TALK_STAY    },
    { TALK_REPORTING,  TALK_SAID,    TALK_INFORMING,  TALK_STAY    },
    { TALK_INFORMING,  TALK_SAID,    TALK_PULLING,    TALK_STAY    },
    { TALK_PULLING,    TALK_SAID,    TALK_READY,      TALK_STAY    },
    { TALK_READY,      TALK_INFORM,  TALK_INFORMING,  TALK_STAY    },

    { TALK_CONFIRMING, TALK_UNFIT,   TALK_CONFIRMING, TALK_RESET   },
    { TALK_OFFLINE,    TALK_EXPIRED, TALK_OFFLINE,    TALK_RESET   },
    { TALK_CONNECTING, TALK_EXPIRED, TALK_CONNECTING, TALK_RESET   },
    { TALK_ANNOUNCING, TALK_EXPIRED, TALK_ANNOUNCING, TALK_RESET   },
    { TALK_CONFIRMING, TALK_EXPIRED, TALK_CONFIRMING, TALK_RESET   },

    { TALK_CONNECTING, TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_ANNOUNCING, TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_CONFIRMING, TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_REPORTING,  TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_INFORMING,  TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_PULLING,    TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_READY,      TALK_DOWN,    TALK_OFFLINE,    TALK_HANG_UP },

    { TALK_CONNECTING, TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_ANNOUNCING, TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_REPORTING,  TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_INFORMING,  TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_PULLING,    TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP },
    { TALK_READY,      TALK_TIME,    TALK_OFFLINE,    TALK_HANG_UP },
};

static const rule UPDATE_RULES[] = {
    { UPDATE_IDLE,        UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_RELEASING,   UPDATE_DONE,    UPDATE_PREPARING,   UPDATE_STAY       },
    { UPDATE_PREPARING,   UPDATE_DONE,    UPDATE_REQUESTING,  UPDATE_REQUEST    },
    { UPDATE_PREPARING,   UPDATE_RESUMED, UPDATE_REHASHING,   UPDATE_STAY       },
    { UPDATE_REHASHING,   UPDATE_DONE,    UPDATE_REQUESTING,  UPDATE_REQUEST    },
    { UPDATE_REHASHING,   UPDATE_WHOLE,   UPDATE_MATCHING,    UPDATE_STAY       },
    { UPDATE_REQUESTING,  UPDATE_DONE,    UPDATE_RECEIVING,   UPDATE_STAY       },
    { UPDATE_REQUESTING,  UPDATE_LOST,    UPDATE_BACKING_OFF, UPDATE_BACK_OFF   },
    { UPDATE_RECEIVING,   UPDATE_LOST,    UPDATE_BACKING_OFF, UPDATE_BACK_OFF   },
    { UPDATE_RECEIVING,   UPDATE_PART,    UPDATE_REQUESTING,  UPDATE_REQUEST    },
    { UPDATE_RECEIVING,   UPDATE_WHOLE,   UPDATE_MATCHING,    UPDATE_HANG_UP    },
    { UPDATE_BACKING_OFF, UPDATE_TIME,    UPDATE_REQUESTING,  UPDATE_REQUEST    },
    { UPDATE_MATCHING,    UPDATE_STALE,   UPDATE_PREPARING,   UPDATE_START_OVER },
    { UPDATE_MATCHING,    UPDATE_DONE,    UPDATE_HASHING,     UPDATE_STAY       },
    { UPDATE_HASHING,     UPDATE_DONE,    UPDATE_VERIFYING,   UPDATE_STAY       },
    { UPDATE_VERIFYING,   UPDATE_DONE,    UPDATE_ARMING,      UPDATE_STAY       },
    { UPDATE_ARMING,      UPDATE_DONE,    UPDATE_LEAVING,     UPDATE_SAY_ARMED  },
    { UPDATE_LEAVING,     UPDATE_DONE,    UPDATE_LEAVING,     UPDATE_RESET      },
    { UPDATE_LEAVING,     UPDATE_TIME,    UPDATE_LEAVING,     UPDATE_RESET      },

    /* A different task takes the place of the one in progress: the server has
     * one task per device, so the first one is over. Not once it is armed. */
    { UPDATE_RELEASING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_PREPARING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_REHASHING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_REQUESTING,  UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_RECEIVING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_BACKING_OFF, UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_MATCHING,    UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_HASHING,     UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },
    { UPDATE_VERIFYING,   UPDATE_TASK,    UPDATE_RELEASING,   UPDATE_BEGIN      },

    { UPDATE_RELEASING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_PREPARING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_REHASHING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_REQUESTING,  UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_RECEIVING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_MATCHING,    UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_HASHING,     UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_VERIFYING,   UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
    { UPDATE_ARMING,      UPDATE_FAILED,  UPDATE_IDLE,        UPDATE_REPORT     },
};
/* clang-format on */

/* The rule of a pair, or NULL. */
static const uint8_t *find(const rule *rules, size_t count, unsigned from,
                           unsigned on)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i][0] == from && rules[i][1] == on)
            return rules[i];
    return NULL;
}

struct talk_rule talk_step(enum talk_state s, enum talk_event ev)
{
    const uint8_t *r =
        find(TALK_RULES, sizeof TALK_RULES / sizeof TALK_RULES[0], s, ev);

    if (!r)
        return (struct talk_rule){s, ev, s, TALK_STAY};
    return (struct talk_rule){s, ev, (enum talk_state)r[2],
                              (enum talk_act)r[3]};
}

struct update_rule update_step(enum update_state s, enum update_event ev)
{
    const uint8_t *r =
        find(UPDATE_RULES, sizeof UPDATE_RULES / sizeof UPDATE_RULES[0], s, ev);

    if (!r)
        return (struct update_rule){s, ev, s, UPDATE_STAY};
    return (struct update_rule){s, ev, (enum update_state)r[2],
                                (enum update_act)r[3]};
}
