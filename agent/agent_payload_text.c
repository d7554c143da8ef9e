/* agent_payload_text.c - payloads on the console as text alone. A device whose
 * console is for engineers links agent_payload_hex.c instead.
 *
 * Tests: test/unit/agent/test_agent_log.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent_log.h"

void agent_log_payload(const struct port_log *log, enum agent_line line,
                       const char *bytes, size_t len)
{
    agent_log_text(log, line, bytes, len);
}
