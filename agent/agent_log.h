/* agent_log.h - lines for a person, in the words of the device consoles that
 * engineers know: a code, then the text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_LOG_H
#define TERN_AGENT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "port/port_log.h"

enum {
    AGENT_LOG_LINE_MAX = 160, /* with NUL; on the stack while it is made */
    AGENT_LOG_WRAP = 120,     /* bytes of a long text per line */
};

/* Head, text. Long text goes on in further lines with the same head; bytes
 * that do not print become dots: the text may come from the network. */
void agent_log_text(const struct port_log *log, const char *head,
                    const char *text, size_t len);

/* A constant sentence. log may be NULL in both. */
void agent_log(const struct port_log *log, const char *line);

/* A line put together from parts:
 *     struct agent_line l;
 *     agent_line_begin(&l);
 *     text_add(&l.text, "..."); text_add_u32(&l.text, n);
 *     agent_line_end(&l, log); */
struct agent_line {
    struct text text;
    char buf[AGENT_LOG_LINE_MAX];
};
void agent_line_begin(struct agent_line *l);
void agent_line_end(struct agent_line *l, const struct port_log *log);

#endif
