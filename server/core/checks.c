/* checks.c - checks to text and back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/checks.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { STATES = CHECK_SKIPPED + 1, WORD_MAX = 16 };

_Static_assert(CHECKS *(2 * WORD_MAX + CHECK_TEXT_MAX + CHECK_VALUES + 1) <=
                   MODEL_CHECKS_MAX,
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

void check_say(struct check *c, const char *format, va_list args)
{
    struct text out = text_in(c->format, sizeof c->format);

    memset(c->values, 0, sizeof c->values);
    for (size_t n = 0; *format; format++) {
        if (format[0] != '%' || n == CHECK_VALUES) {
            text_add_len(&out, format, 1);
            continue;
        }
        char *value = c->values[n++];
        text_add(&out, "{}");
        switch (*++format) {
        case 's':
            (void)snprintf(value, CHECK_VALUE_MAX, "%s",
                           va_arg(args, const char *));
            break;
        case 'x':
            (void)snprintf(value, CHECK_VALUE_MAX, "%x",
                           va_arg(args, unsigned));
            break;
        default:
            (void)snprintf(value, CHECK_VALUE_MAX, "%u",
                           va_arg(args, unsigned));
            break;
        }
    }
}

void check_text(char out[CHECK_TEXT_MAX], const struct check *c)
{
    struct text t = text_in(out, CHECK_TEXT_MAX);
    const char *at = c->format, *gap;

    for (size_t n = 0; n < CHECK_VALUES && (gap = strstr(at, "{}")); n++) {
        text_add_len(&t, at, (size_t)(gap - at));
        text_add(&t, c->values[n]);
        at = gap + 2;
    }
    text_add(&t, at);
}

void checks_write(char out[MODEL_CHECKS_MAX], const struct check *checks,
                  size_t count)
{
    struct text t = text_in(out, MODEL_CHECKS_MAX);

    for (const struct check *c = checks; c < checks + count; c++) {
        text_add(&t, check_name_text(c->name));
        text_add(&t, " ");
        text_add(&t, check_state_text(c->state));
        text_add(&t, " ");
        text_add(&t, c->format);
        for (size_t n = 0; n < CHECK_VALUES && c->values[n][0]; n++) {
            text_add(&t, "|");
            text_add(&t, c->values[n]);
        }
        text_add(&t, "\n");
    }
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

/* The text at *at up to one of `ends`, which is left. False: too long. */
static bool piece_take(const char **at, const char *ends, char *out, size_t max)
{
    size_t len = strcspn(*at, ends);

    if (len >= max || (*at)[len] == '\0')
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len;
    return true;
}

bool checks_next(const char **at, struct check *out)
{
    const char *p = *at;
    char name[WORD_MAX], state[WORD_MAX];

    memset(out->values, 0, sizeof out->values);
    if (!word_take(&p, name) || !name_parse(name, &out->name) ||
        !word_take(&p, state) || !state_parse(state, &out->state) ||
        !piece_take(&p, "|\n", out->format, sizeof out->format))
        return false;
    for (size_t n = 0; n < CHECK_VALUES && *p == '|'; n++) {
        p++;
        if (!piece_take(&p, "|\n", out->values[n], CHECK_VALUE_MAX))
            return false;
    }
    if (*p != '\n')
        return false;
    *at = p + 1;
    return true;
}
