/* token_text.h - the text of an API token, and the hash it is known by.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_TOKEN_TEXT_H
#define TERN_SERVER_TOKEN_TEXT_H

#include <stdbool.h>

enum { TOKEN_TEXT_MAX = 70 }; /* "tern_", 64 hex digits, NUL */

/* A new one from 32 random bytes. */
bool token_text_make(char out[TOKEN_TEXT_MAX]);

/* Has it the form of one? */
bool token_text_ok(const char *text);

/* SHA-256 of the text, lower-case hex: all that the database keeps. */
bool token_text_hash(const char *text, char out[65]);

#endif
