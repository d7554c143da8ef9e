/* log.h - the server's log: one JSON object per line on stderr.
 *
 * {"time":"2021-07-22T17:17:10.123Z","level":"info","msg":"...", fields...}
 * Secrets, tokens, passwords and the signatures of links are never fields.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_LOG_H
#define TERN_SERVER_LOG_H

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* Write one line.
 *
 * msg     constant text: what happened, for people and for searching.
 * fields  NULL, or the inside of a jansson pack object, e.g. "s:s,s:I"
 *         followed by its values; names must not repeat the three above.
 *
 * Any thread. A line is one write(), so lines of threads do not mix. */
void log_event(enum log_level level, const char *msg, const char *fields, ...);

#endif
