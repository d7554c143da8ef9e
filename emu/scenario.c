/* scenario.c - see scenario.h. Start at KEYS.
 *
 * A line is cut into words in place: a word is bare, or in quotes with the
 * escapes \n \r \t \0 \" \\ \xHH.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/scenario.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/parse.h"
#include "emu/why.h"

enum {
    DEFAULT_LIMIT_SECONDS = 60,
    DEFAULT_BOOTS = 1,
    FILE_BYTES_MAX = 1 << 20,
    LINE_WORDS_MAX = SCENARIO_WORDS_MAX + 1,
};

struct word {
    struct scenario_text text;
    bool quoted;
};

struct line {
    struct word word[LINE_WORDS_MAX];
    size_t words;
};

/* --- words ---------------------------------------------------------------- */

/* 16: not a digit. */
static unsigned hex_digit(char c)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *at = c ? strchr(DIGITS, c | 0x20) : NULL;

    return at ? (unsigned)(at - DIGITS) : 16;
}

/* *at: behind a backslash; moves on. -1: not an escape. */
static int escape(const char **at)
{
    static const char NAMES[] = "nrt0\"\\", BYTES[] = "\n\r\t\0\"\\";
    char name = *(*at)++;
    const char *known = name ? strchr(NAMES, name) : NULL;

    if (known)
        return BYTES[known - NAMES];
    unsigned high = name == 'x' ? hex_digit((*at)[0]) : 16;
    unsigned low = high < 16 ? hex_digit((*at)[1]) : 16;

    if (low > 15)
        return -1;
    *at += 2;
    return (int)(high << 4 | low);
}

/* *at: behind the opening quote; moves behind the closing one. */
static bool take_quoted(char **at, struct word *w, struct board_why *why)
{
    char *to = *at;
    const char *from = *at;

    w->quoted = true;
    w->text.bytes = to;
    while (*from != '"') {
        int byte = (unsigned char)*from++;
        if (byte == '\0')
            return why_not(why, "a quote is not closed");
        if (byte == '\\')
            byte = escape(&from);
        if (byte < 0)
            return why_not(why,
                           "unknown escape: there are \\n \\r \\t \\0 \\\" "
                           "\\\\ \\xHH");
        *to++ = (char)byte;
    }
    w->text.len = (size_t)(to - w->text.bytes);
    *to = '\0';
    *at += from + 1 - *at;
    return true;
}

static void take_bare(char **at, struct word *w)
{
    w->text.bytes = *at;
    *at += strcspn(*at, " \t");
    w->text.len = (size_t)(*at - w->text.bytes);
    if (**at)
        *(*at)++ = '\0';
}

static bool take_words(struct line *l, char *at, struct board_why *why)
{
    l->words = 0;
    for (;;) {
        at += strspn(at, " \t");
        if (*at == '\0' || *at == '#')
            return true;
        if (l->words == LINE_WORDS_MAX)
            return why_not(why, "more than %d words", LINE_WORDS_MAX);
        struct word *w = &l->word[l->words++];
        *w = (struct word){0};
        if (*at != '"')
            take_bare(&at, w);
        else if (at++, !take_quoted(&at, w, why))
            return false;
    }
}

static const char *bytes_of(const struct line *l, size_t i)
{
    return l->word[i].text.bytes;
}

static bool is_bare(const struct line *l, size_t i, const char *name)
{
    return i < l->words && !l->word[i].quoted && !strcmp(bytes_of(l, i), name);
}

/* --- values: one function per kind ---------------------------------------- */

static bool one_file(const char **out, const struct line *l)
{
    *out = bytes_of(l, 0);
    return l->words == 1 && l->word[0].text.len > 0;
}

static bool key_flash(struct scenario *s, const struct line *l)
{
    return one_file(&s->flash, l);
}

static bool key_elf(struct scenario *s, const struct line *l)
{
    return one_file(&s->elf, l);
}

static bool key_raw(struct scenario *s, const struct line *l)
{
    if (l->words != 2 || !parse_u32(bytes_of(l, 0), &s->raw_address))
        return false;
    s->raw = bytes_of(l, 1);
    return true;
}

static bool key_load(struct scenario *s, const struct line *l)
{
    struct scenario_load *load = &s->load[s->loads];

    if (s->loads == SCENARIO_LINES_MAX || l->words != 2 ||
        !parse_u32(bytes_of(l, 0), &load->offset) ||
        load->offset >= BOARD_FLASH_BYTES)
        return false;
    load->file = bytes_of(l, 1);
    s->loads++;
    return true;
}

static bool key_seed(struct scenario *s, const struct line *l)
{
    return l->words == 1 && parse_u64(bytes_of(l, 0), UINT64_MAX, &s->seed);
}

static bool key_limit(struct scenario *s, const struct line *l)
{
    return l->words == 1 && parse_seconds(bytes_of(l, 0), &s->limit_cycles) &&
           s->limit_cycles > 0;
}

static bool key_boots(struct scenario *s, const struct line *l)
{
    return l->words == 1 && parse_u32(bytes_of(l, 0), &s->boots) &&
           s->boots > 0;
}

static bool key_send(struct scenario *s, const struct line *l)
{
    struct scenario_send *send = &s->send[s->sends];

    if (s->sends == SCENARIO_LINES_MAX || l->words != 3)
        return false;
    *send = (struct scenario_send){.text = l->word[0].text};
    s->sends++;
    if (is_bare(l, 1, "at"))
        return parse_seconds(bytes_of(l, 2), &send->at_cycles);
    send->after = l->word[2].text;
    return is_bare(l, 1, "after") && send->after.len > 0;
}

static bool any_texts(struct scenario_any *a, const struct line *l)
{
    for (size_t i = 0; i < l->words; i++) {
        if (a->words == SCENARIO_WORDS_MAX || l->word[i].text.len == 0)
            return false;
        a->word[a->words++] = l->word[i].text;
    }
    return l->words > 0;
}

static bool end_of_run(struct scenario_end *e, const struct line *l)
{
    if (l->words == 1 && is_bare(l, 0, "exit")) {
        e->exit = true;
        return true;
    }
    return any_texts(&e->text, l);
}

static bool key_end(struct scenario *s, const struct line *l)
{
    return end_of_run(&s->end, l);
}

static bool key_recovered(struct scenario *s, const struct line *l)
{
    return end_of_run(&s->recovered, l);
}

static bool key_console(struct scenario *s, const struct line *l)
{
    return s->consoles < SCENARIO_LINES_MAX &&
           any_texts(&s->console[s->consoles++], l);
}

static bool key_never(struct scenario *s, const struct line *l)
{
    return any_texts(&s->never, l);
}

static bool key_region(struct scenario *s, const struct line *l)
{
    struct scenario_region *r = &s->region[s->regions];

    if (s->regions == SCENARIO_LINES_MAX || l->words < 2 ||
        !parse_u32(bytes_of(l, 0), &r->offset) ||
        r->offset >= BOARD_FLASH_BYTES)
        return false;
    for (size_t i = 1; i < l->words; i++)
        r->file[r->files++] = bytes_of(l, i);
    s->regions++;
    return true;
}

static bool key_exit(struct scenario *s, const struct line *l)
{
    uint64_t code;

    if (l->words != 1 || !parse_u64(bytes_of(l, 0), 255, &code))
        return false;
    s->checks_exit = true;
    s->exit_code = (int)code;
    return true;
}

static const struct key {
    const char *name;
    const char *value;
    bool (*set)(struct scenario *s, const struct line *l);
} KEYS[] = {
    {"flash", "FILE", key_flash},
    {"load", "OFFSET FILE", key_load},
    {"elf", "FILE", key_elf},
    {"raw", "ADDRESS FILE", key_raw},
    {"seed", "NUMBER", key_seed},
    {"limit", "SECONDS", key_limit},
    {"boots", "NUMBER", key_boots},
    {"send", "\"TEXT\" after \"TEXT\" | at SECONDS", key_send},
    {"end", "exit | \"TEXT\"...", key_end},
    {"recovered", "exit | \"TEXT\"...", key_recovered},
    {"console", "\"TEXT\"...", key_console},
    {"never", "\"TEXT\"...", key_never},
    {"region", "OFFSET FILE...", key_region},
    {"exit", "CODE", key_exit},
};

/* --- lines ---------------------------------------------------------------- */

static bool take_line(struct scenario *s, char *text, struct board_why *why)
{
    struct line l;
    char *name = text + strspn(text, " \t");
    size_t len = strcspn(name, " \t=#");
    char *value = name + len + strspn(name + len, " \t");

    if (*name == '\0' || *name == '#')
        return true;
    if (len == 0 || *value != '=')
        return why_not(why, "a line is `key = value`");
    name[len] = '\0'; /* perhaps the '=' itself, so value is behind it */
    if (!take_words(&l, value + 1, why))
        return false;
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        if (strcmp(KEYS[i].name, name) != 0)
            continue;
        return KEYS[i].set(s, &l) ||
               why_not(why, "%s wants %s", name, KEYS[i].value);
    }
    return why_not(why, "there is no key '%.40s'", name);
}

static bool whole(struct scenario *s, struct board_why *why)
{
    if (!s->flash && s->loads == 0 && !s->elf && !s->raw)
        return why_not(why, "nothing to start: give flash, load, elf or raw");
    if (s->elf && s->raw)
        return why_not(why, "elf and raw both say what to start: give one");
    if (!s->end.exit && s->end.text.words == 0)
        s->end.exit = true;
    if (!s->recovered.exit && s->recovered.text.words == 0)
        s->recovered = s->end;
    if (s->checks_exit && !s->recovered.exit)
        return why_not(why, "`exit = CODE` checks how a recovered run ends: it "
                            "needs `recovered = exit`");
    return true;
}

bool scenario_parse(struct scenario *s, char *text, size_t len,
                    struct board_why *why)
{
    struct board_why line_why = {""};
    unsigned number = 1;

    *s = (struct scenario){
        .limit_cycles = (uint64_t)DEFAULT_LIMIT_SECONDS * BOARD_HZ,
        .boots = DEFAULT_BOOTS,
        .text = text,
    };
    if (strlen(text) != len)
        return why_not(why, "there is a NUL byte in it");
    for (char *at = text, *next; at; at = next, number++) {
        size_t line = strcspn(at, "\r\n");
        next = at[line] ? at + line + 1 : NULL;
        if (at[line] == '\r' && at[line + 1] == '\n')
            next++;
        at[line] = '\0';
        if (!take_line(s, at, &line_why))
            return why_not(why, "line %u: %.200s", number, line_why.text);
    }
    return whole(s, why);
}

static char *read_text(const char *file, size_t *len)
{
    FILE *from = fopen(file, "re");
    char *text = malloc(FILE_BYTES_MAX + 1);

    *len = 0;
    if (from && text)
        *len = fread(text, 1, FILE_BYTES_MAX, from);
    if (!from || !text || ferror(from)) {
        free(text);
        text = NULL;
    } else {
        text[*len] = '\0';
    }
    if (from)
        (void)fclose(from);
    return text;
}

bool scenario_read(struct scenario *s, const char *file, struct board_why *why)
{
    struct board_why inner = {""};
    char folder[SCENARIO_PATH_MAX];
    size_t len;
    char *text = read_text(file, &len);

    *s = (struct scenario){0};
    if (!text)
        return why_not(why, "cannot read %s: %s", file, strerror(errno));
    if (!scenario_parse(s, text, len, &inner)) {
        scenario_free(s);
        return why_not(why, "%s: %.200s", file, inner.text);
    }
    (void)snprintf(folder, sizeof folder, "%s", file);
    (void)snprintf(s->folder, sizeof s->folder, "%s", dirname(folder));
    return true;
}

void scenario_free(struct scenario *s)
{
    free(s->text);
    s->text = NULL;
}

bool scenario_path(const struct scenario *s, const char *name,
                   char path[SCENARIO_PATH_MAX])
{
    int len = name[0] == '/' || !s->folder[0]
                  ? snprintf(path, SCENARIO_PATH_MAX, "%s", name)
                  : snprintf(path, SCENARIO_PATH_MAX, "%s/%s", s->folder, name);

    return len > 0 && len < SCENARIO_PATH_MAX;
}
