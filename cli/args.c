/* args.c - a command line against its row. Start at args_parse().
 * Tests: test/unit/cli/test_args.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"

#include <string.h>

struct scan {
    struct args *out;
    int argc, at;
    char **argv;
    const char *words_left; /* of the pattern */
    size_t word_count;
    bool options_ended;
    struct why *why;
};

static const struct args_option *find_in(const struct args_option *list,
                                         const char *name, size_t len)
{
    for (const struct args_option *o = list; o && o->name; o++)
        if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
            return o;
    return NULL;
}

const struct args_option *args_find(const struct args_option *own,
                                    const struct args_option *all,
                                    const char *name, size_t len)
{
    const struct args_option *o = find_in(own, name, len);

    return o ? o : find_in(all, name, len);
}

static bool takes_many(const struct args_option *o)
{
    return o->kind == ARGS_MANY || o->kind == ARGS_MUST_MANY;
}

static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] != 0;
}

static bool give(struct scan *s, const struct args_option *o, const char *value)
{
    if (!takes_many(o) && args_has(s->out, o->name)) {
        why_set(s->why, "--%s is given twice", o->name);
        return false;
    }
    if (s->out->given_count == ARGS_GIVEN_MAX) {
        why_set(s->why, "more than %d options", (int)ARGS_GIVEN_MAX);
        return false;
    }
    s->out->given[s->out->given_count++] = (struct args_given){o, value};
    return true;
}

/* The values after an option that had no `=`. */
static bool take_values(struct scan *s, const struct args_option *o)
{
    if (s->at == s->argc || strncmp(s->argv[s->at], "--", 2) == 0) {
        why_set(s->why, "--%s needs a value: --%s %s", o->name, o->name,
                o->value);
        return false;
    }
    do {
        if (!give(s, o, s->argv[s->at++]))
            return false;
    } while (takes_many(o) && s->at < s->argc && !is_option(s->argv[s->at]));
    return true;
}

static bool take_option(struct scan *s, const char *text,
                        const struct args_option *own,
                        const struct args_option *all)
{
    const char *name = text + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct args_option *o =
        text[1] == '-' ? args_find(own, all, name, len) : NULL;

    if (!o) {
        why_set(s->why, "there is no option %.*s",
                equals && text[1] == '-' ? (int)(equals - text)
                                         : (int)strlen(text),
                text);
        return false;
    }
    if (!o->value && equals) {
        why_set(s->why, "--%s takes no value", o->name);
        return false;
    }
    if (!o->value)
        return give(s, o, NULL);
    return equals ? give(s, o, equals + 1) : take_values(s, o);
}

static bool take_word(struct scan *s, const char *text)
{
    if (*s->words_left == 0 || s->word_count == ARGS_WORDS_MAX) {
        why_set(s->why, "'%s' is too much here", text);
        return false;
    }
    s->out->words[s->word_count++] = text;
    s->words_left += strcspn(s->words_left, " ");
    s->words_left += strspn(s->words_left, " ");
    return true;
}

/* The option whose run of values may have swallowed a word, or NULL. */
static const struct args_option *greedy(const struct args *a)
{
    for (size_t i = 1; i < a->given_count; i++)
        if (a->given[i].option == a->given[i - 1].option)
            return a->given[i].option;
    return NULL;
}

static bool all_there(struct scan *s, const struct args_option *own)
{
    if (*s->words_left != 0 && *s->words_left != '[') {
        const struct args_option *o = greedy(s->out);
        why_set(s->why, "%.*s is missing%s%s", (int)strcspn(s->words_left, " "),
                s->words_left, o ? "; write it before --" : "",
                o ? o->name : "");
        return false;
    }
    for (const struct args_option *o = own; o && o->name; o++)
        if ((o->kind == ARGS_MUST || o->kind == ARGS_MUST_MANY) &&
            !args_has(s->out, o->name)) {
            why_set(s->why, "--%s %s is missing", o->name, o->value);
            return false;
        }
    return true;
}

bool args_parse(struct args *out, int argc, char **argv, const char *words,
                const struct args_option *own, const struct args_option *all,
                struct why *why)
{
    struct scan s = {
        .out = out,
        .argc = argc,
        .argv = argv,
        .words_left = words,
        .why = why,
    };

    memset(out, 0, sizeof *out);
    while (s.at < argc) {
        const char *text = argv[s.at++];
        bool ok = true;
        if (!s.options_ended && strcmp(text, "--") == 0)
            s.options_ended = true;
        else if (!s.options_ended && is_option(text))
            ok = take_option(&s, text, own, all);
        else
            ok = take_word(&s, text);
        if (!ok)
            return false;
    }
    return args_has(out, "help") || all_there(&s, own);
}

const char *args_nth(const struct args *a, const char *name, size_t n)
{
    for (size_t i = 0; i < a->given_count; i++)
        if (strcmp(a->given[i].option->name, name) == 0 && n-- == 0)
            return a->given[i].value;
    return NULL;
}

const char *args_value(const struct args *a, const char *name)
{
    return args_nth(a, name, 0);
}

bool args_has(const struct args *a, const char *name)
{
    for (size_t i = 0; i < a->given_count; i++)
        if (strcmp(a->given[i].option->name, name) == 0)
            return true;
    return false;
}
