/* agent_limits.h - every limit of the agent, with its cost in RAM.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_LIMITS_H
#define TERN_AGENT_LIMITS_H

enum {
    AGENT_PIECE_BYTES = 2048,   /* one body piece; costs its size in RAM */
    AGENT_NAME_MAX = 33,        /* product key, device name, with NUL */
    AGENT_VERSION_MAX = 33,     /* version text of a task, with NUL */
    AGENT_URL_MAX = 255,        /* with NUL: Link SDK devices stop at 254 */
    AGENT_PUSH_MAX = 1536,      /* longest push that is looked at; no copy */
    AGENT_DESC_MAX = 96,        /* desc of a report, with NUL */
    AGENT_MARK_SECTORS = 8,     /* a journal mark every 32 KiB */
    AGENT_RETRY_MS_MIN = 1000,  /* back-off, doubled up to the maximum, */
    AGENT_RETRY_MS_MAX = 60000, /* each with up to a half of jitter */
    AGENT_DOWNLOAD_TRIES = 8,   /* in a row without a single new byte */
    AGENT_STALL_MS = 20000,     /* no byte for so long: connection is dead */
    AGENT_KEEP_ALIVE_S = 60,
    AGENT_IDLE_MS = 10,
    AGENT_LEAVE_MS = 10000,      /* armed: wait so long for the last PUBACK */
    AGENT_CLIENT_ID_MAX = 168,   /* two names and the login's constant parts */
    AGENT_HEADER_LINE_MAX = 160, /* of an HTTP reply, with NUL; longer lines
                                    are skipped, or refused if they matter */
    AGENT_HEADER_BYTES_MAX = 8192, /* of a whole HTTP head; no copy */
    AGENT_RAM_MAX = 4096,          /* struct agent, all told */
};

_Static_assert(AGENT_URL_MAX <= 256, "a place in a URL is kept in 8 bits");
_Static_assert(AGENT_RETRY_MS_MIN < AGENT_RETRY_MS_MAX, "retry window empty");
_Static_assert(AGENT_DOWNLOAD_TRIES < 255, "tries are counted in 8 bits");

#endif
