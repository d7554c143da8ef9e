/* template_log.c - where lines for a person go: a UART, a ring buffer, nowhere.
 *
 * line() prints the time since boot as [seconds.milliseconds], a blank, the
 * line, and CR LF. It may block for the time the UART takes, so keep the baud
 * rate high: the agent speaks at each 5 % of a download.
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/template/template.h"

static void log_line(void *ctx, const char *line)
{
    (void)ctx;
    (void)line;
}

struct port_log template_log(void)
{
    return (struct port_log){.line = log_line};
}
