/* checks.h - what was looked at in an uploaded file, one verdict each, and the
 * text that a package keeps of them.
 *
 * A sentence is kept as its format and values, so that a console can say it in
 * another language. The text is one line for each check, "name state format",
 * then "|value" for each {} in the format, then a line feed.
 * Tests: test/unit/server_core/test_package_check.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_CHECKS_H
#define TERN_SERVER_CHECKS_H

#include <stdarg.h>

#include "server/core/model.h"

enum check_name {
    CHECK_HEADER,
    CHECK_VERSION,
    CHECK_SIGNATURE,
    CHECK_SIZE,
    CHECK_DIGEST,
};
enum {
    CHECKS = CHECK_DIGEST + 1,
    CHECK_FORMAT_MAX = 160,
    CHECK_VALUES = 2,
    CHECK_VALUE_MAX = 72,
    CHECK_TEXT_MAX = CHECK_FORMAT_MAX + CHECK_VALUES * CHECK_VALUE_MAX,
};

enum check_state { CHECK_OK, CHECK_WARNING, CHECK_FAILED, CHECK_SKIPPED };

struct check {
    enum check_name name;
    enum check_state state;
    char format[CHECK_FORMAT_MAX]; /* "{} of {} bytes of the slot" */
    char values[CHECK_VALUES][CHECK_VALUE_MAX]; /* in their order; "" behind */
};

/* As in spec/http-api.yaml; never NULL. */
const char *check_name_text(enum check_name n);
const char *check_state_text(enum check_state s);

/* The sentence of a check, by a format as printf has it, with %s, %u and %x
 * alone, at most CHECK_VALUES of them. No value has a '|' or a line feed. */
void check_say(struct check *c, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* It in English: the format with its values. */
void check_text(char out[CHECK_TEXT_MAX], const struct check *c);

/* count is at most CHECKS, so it always fits. */
void checks_write(char out[MODEL_CHECKS_MAX], const struct check *checks,
                  size_t count);

/* The next check of the text at *at, which moves on. False: there is none, or
 * the text is not of checks_write(). */
bool checks_next(const char **at, struct check *out);

#endif
