/* agent_log_none.c - linked in the place of agent_log.c: a device that says
 * nothing on a console and has no line of it in its flash. What the server is
 * told stays the same.
 *
 * Tests: test/unit/agent/test_agent_quiet.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_log.h"

void agent_log(const struct port_log *log, unsigned line, ...)
{
    (void)log;
    (void)line;
}

void agent_log_text(const struct port_log *log, enum agent_line line,
                    const char *text, size_t len)
{
    (void)log;
    (void)line;
    (void)text;
    (void)len;
}
