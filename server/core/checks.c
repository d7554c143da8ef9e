/* checks.c - checks to text and back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/checks.h"

#include <stdio.h>
#include <string.h>

enum { STATES = CHECK_SKIPPED + 1, WORD_MAX = 16 };

_Static_assert(CHECKS *(2 * WORD_MAX + CHECK_TEXT_MAX) <= MODEL_CHECKS_MAX,
               "every check fits");

const char *check_name_text(enum check_name n)
{
    switch (n) {
    case CHECK_HEADER:
        return "mcuboot_header";
    case CHECK_VERSION:
        return "version";
    case CHECK_SIGNATURE:
        return "signature";
    case CHECK_SIZE:
        return "size";
    case CHECK_DIGEST:
        return "digest";
    }
    return "unknown";
}

const char *check_state_text(enum check_state s)
{
    switch (s) {
    case CHECK_OK:
        return "ok";
    case CHECK_WARNING:
        return "warning";
    case CHECK_FAILED:
        return "failed";
    case CHECK_SKIPPED:
        return "skipped";
    }
    return "unknown";
}

void checks_write(char out[MODEL_CHECKS_MAX], const struct check *checks,
                  size_t count)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        len +=
            (size_t)snprintf(out + len, MODEL_CHECKS_MAX - len, "%s %s %s\n",
                             check_name_text(checks[i].name),
                             check_state_text(checks[i].state), checks[i].text);
}

/* The word at *at up to the blank behind it. */
static bool word_take(const char **at, char out[WORD_MAX])
{
    size_t len = strcspn(*at, " \n");

    if (len == 0 || len >= WORD_MAX || (*at)[len] != ' ')
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len + 1;
    return true;
}

static bool name_parse(const char *word, enum check_name *out)
{
    for (int n = 0; n < CHECKS; n++) {
        *out = (enum check_name)n;
        if (strcmp(word, check_name_text(*out)) == 0)
            return true;
    }
    return false;
}

static bool state_parse(const char *word, enum check_state *out)
{
    for (int s = 0; s < STATES; s++) {
        *out = (enum check_state)s;
        if (strcmp(word, check_state_text(*out)) == 0)
            return true;
    }
    return false;
}

bool checks_next(const char **at, struct check *out)
{
    const char *p = *at;
    char name[WORD_MAX], state[WORD_MAX];

    if (!word_take(&p, name) || !name_parse(name, &out->name) ||
        !word_take(&p, state) || !state_parse(state, &out->state))
        return false;
    size_t len = strcspn(p, "\n");
    if (len >= CHECK_TEXT_MAX || p[len] != '\n')
        return false;
    memcpy(out->text, p, len);
    out->text[len] = '\0';
    *at = p + len + 1;
    return true;
}
