/* agent_log.c - lines for a person.
 * Tests: test/unit/agent/test_agent_log.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_log.h"

#include "base/text.h"

#define AGENT_LINE_TEXT(name, text) text "\0"
static const char TEXTS[] = AGENT_LINE_LIST(AGENT_LINE_TEXT);
#undef AGENT_LINE_TEXT

void agent_log(const struct port_log *log, unsigned line, ...)
{
    char out[AGENT_LOG_LINE_MAX];
    struct text t = text_in(out, sizeof out);
    va_list args;

    va_start(args, line);
    text_format_args(&t, text_nth(TEXTS, line), args);
    va_end(args);
    if (log)
        log->line(log->ctx, out);
}

void agent_log_text(const struct port_log *log, enum agent_line line,
                    const char *text, size_t len)
{
    char part[AGENT_LOG_WRAP + 1];

    do {
        size_t n = len < AGENT_LOG_WRAP ? len : AGENT_LOG_WRAP;
        for (size_t i = 0; i < n; i++) {
            part[i] = text[i];
            if (part[i] < ' ' || part[i] > '~')
                part[i] = '.';
        }
        part[n] = '\0';
        agent_log(log, line, part);
        text += n;
        len -= n;
    } while (len > 0);
}
