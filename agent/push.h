/* push.h - what the server asks for: an upgrade push or the reply to a pull.
 *
 * Wire form: spec/device-protocol.md sections 5 and 6.
 * Tests: test/unit/agent/test_agent_push.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_PUSH_H
#define TERN_AGENT_PUSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent_limits.h"
#include "base/version.h"
#include "crypto/crypto.h"

enum { PUSH_TASK_MAX = 0x7fffffff };

struct agent_task {
    uint32_t number;     /* the server's, for reports; 0: it gave none */
    uint32_t size_bytes; /* never 0 */
    struct version version;
    char version_text[AGENT_VERSION_MAX];
    enum digest_kind digest_kind;
    uint8_t digest[DIGEST_BYTES_MAX]; /* unused bytes are 0 */
    uint16_t port;                    /* 0: the URL names none */
    uint8_t path_at;                  /* where the path begins in place[] */
    char place[AGENT_URL_MAX];        /* host NUL path NUL */
};

enum push_kind {
    PUSH_NOTHING, /* well formed, and there is nothing to do */
    PUSH_TASK,
    PUSH_BAD, /* *why says what is wrong */
};

/* Read a push or the reply to a pull.
 *
 * payload  any bytes at all, len of them; more than AGENT_PUSH_MAX are refused
 *          unread.
 * out      written only with PUSH_TASK.
 * why      set with PUSH_BAD to a constant English clause. */
enum push_kind push_parse(struct agent_task *out, const void *payload,
                          size_t len, const char **why);

/* The same image? The URL does not count: a repeated push has a new link. Nor
 * does the number: a new task may be about the same image. */
bool push_is_same(const struct agent_task *a, const struct agent_task *b);

#endif
