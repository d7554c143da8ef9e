/* agent_log.c - lines for a person.
 * Tests: test/unit/agent/test_agent_log.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_log.h"

void agent_log(const struct port_log *log, const char *line)
{
    if (log)
        log->line(log->ctx, line);
}

void agent_line_begin(struct agent_line *l)
{
    l->text = text_in(l->buf, sizeof l->buf);
}

void agent_line_end(struct agent_line *l, const struct port_log *log)
{
    agent_log(log, l->buf);
}

void agent_log_text(const struct port_log *log, const char *head,
                    const char *text, size_t len)
{
    struct agent_line l;

    do {
        size_t n = len < AGENT_LOG_WRAP ? len : AGENT_LOG_WRAP;
        agent_line_begin(&l);
        text_add(&l.text, head);
        for (size_t i = 0; i < n; i++) {
            bool prints = text[i] >= ' ' && text[i] <= '~';
            text_add_len(&l.text, prints ? &text[i] : ".", 1);
        }
        agent_line_end(&l, log);
        text += n;
        len -= n;
    } while (len > 0);
}
