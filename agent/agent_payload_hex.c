/* agent_payload_hex.c - payloads on the console as Link SDK shows them: sixteen
 * bytes in hex, and beside them the text. A program links this file ahead of
 * the library, which has agent_payload_text.c.
 *
 * Tests: test/unit/agent/test_agent_payload_hex.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_log.h"

#include "base/text.h"

enum { ROW_BYTES = 16, ROW_MAX = ROW_BYTES * 4 + 3 };

static void say_row(const struct port_log *log, enum agent_line line,
                    const char *bytes, size_t len)
{
    char row[ROW_MAX];
    struct text t = text_in(row, sizeof row);

    for (size_t i = 0; i < ROW_BYTES; i++) {
        const uint8_t byte = i < len ? (uint8_t)bytes[i] : 0;
        if (i < len)
            text_add_hex(&t, &byte, 1, true);
        text_add(&t, i < len ? " " : "   ");
    }
    text_add(&t, "| ");
    for (size_t i = 0; i < len; i++) {
        const char c =
            (char)(bytes[i] < ' ' || bytes[i] > '~' ? '.' : bytes[i]);
        text_add_len(&t, &c, 1);
    }
    agent_log(log, line, row);
}

void agent_log_payload(const struct port_log *log, enum agent_line line,
                       const char *bytes, size_t len)
{
    for (size_t at = 0; at < len; at += ROW_BYTES)
        say_row(log, line, bytes + at,
                len - at < ROW_BYTES ? len - at : ROW_BYTES);
}
