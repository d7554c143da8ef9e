/* checks.h - what was looked at in an uploaded file, one verdict each, and the
 * text that a package keeps of them.
 *
 * The text is one line for each check, "name state sentence", each ended by a
 * line feed. Tests: test/unit/server_core/test_package_check.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_CHECKS_H
#define TERN_SERVER_CHECKS_H

#include "server/core/model.h"

enum check_name {
    CHECK_HEADER,
    CHECK_VERSION,
    CHECK_SIGNATURE,
    CHECK_SIZE,
    CHECK_DIGEST,
};
enum { CHECKS = CHECK_DIGEST + 1, CHECK_TEXT_MAX = 200 };

enum check_state { CHECK_OK, CHECK_WARNING, CHECK_FAILED, CHECK_SKIPPED };

struct check {
    enum check_name name;
    enum check_state state;
    char text[CHECK_TEXT_MAX]; /* a sentence, no control characters */
};

/* As in spec/http-api.yaml; never NULL. */
const char *check_name_text(enum check_name n);
const char *check_state_text(enum check_state s);

/* count is at most CHECKS, so it always fits. */
void checks_write(char out[MODEL_CHECKS_MAX], const struct check *checks,
                  size_t count);

/* The next check of the text at *at, which moves on. False: there is none, or
 * the text is not of checks_write(). */
bool checks_next(const char **at, struct check *out);

#endif
