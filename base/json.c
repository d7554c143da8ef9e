/* json.c - check and read JSON without heap, recursion or copy.
 *
 * Start at json_check(): a loop over a small stack of open brackets. Below it
 * lie the grammar's terminals, each a function from the first byte of a thing
 * to one past its end, or NULL. Everything that looks into strings goes
 * through char_next(), so an escape can hide nothing.
 *
 * Tests: test/unit/base/test_json.c, test/fuzz/fuzz_json.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/json.h"

#include <string.h>

#include "base/hex.h"

#define CHAR_BAD 0xffffffffu /* no code point */

static const struct json NONE = {JSON_NONE, NULL, 0};

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- characters ---- */

/* One raw UTF-8 character (RFC 3629): shortest form, no surrogate, at most
 * U+10FFFF. */
static uint32_t utf8_next(const char **at, const char *end)
{
    static const uint32_t LEAST[] = {0, 0x80, 0x800, 0x10000};
    uint8_t lead = (uint8_t)(*at)[0];
    size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    uint32_t c = more == 0 ? lead : lead & (0x3fu >> more);

    if ((lead >= 0x80 && lead < 0xc0) || lead >= 0xf8 ||
        (size_t)(end - *at) <= more)
        return CHAR_BAD;
    for (size_t i = 1; i <= more; i++) {
        uint8_t b = (uint8_t)(*at)[i];

        if ((b & 0xc0) != 0x80)
            return CHAR_BAD;
        c = c << 6 | (b & 0x3fu);
    }
    if (c < LEAST[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return CHAR_BAD;
    *at += more + 1;
    return c;
}

/* The four digits after "\u". */
static uint32_t hex4_next(const char **at, const char *end)
{
    uint32_t value = 0;

    if (end - *at < 4)
        return CHAR_BAD;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit((*at)[i]);

        if (digit < 0)
            return CHAR_BAD;
        value = value << 4 | (uint32_t)digit;
    }
    *at += 4;
    return value;
}

/* What follows "\u"; surrogates only as a whole pair. */
static uint32_t unicode_escape_next(const char **at, const char *end)
{
    uint32_t high = hex4_next(at, end);
    uint32_t low;

    if (high == CHAR_BAD || high < 0xd800 || high > 0xdfff)
        return high;
    if (high > 0xdbff || end - *at < 2 || (*at)[0] != '\\' || (*at)[1] != 'u')
        return CHAR_BAD;
    *at += 2;
    low = hex4_next(at, end);
    if (low < 0xdc00 || low > 0xdfff)
        return CHAR_BAD;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* What follows a backslash. */
static uint32_t escape_next(const char **at, const char *end)
{
    static const char NAMES[] = "\"\\/bfnrt";
    static const char VALUES[] = "\"\\/\b\f\n\r\t";
    char c;
    const char *found;

    if (*at == end)
        return CHAR_BAD;
    c = *(*at)++;
    if (c == 'u')
        return unicode_escape_next(at, end);
    found = memchr(NAMES, c, sizeof NAMES - 1);
    return found ? (uint8_t)VALUES[found - NAMES] : CHAR_BAD;
}

/* One character inside a string, escape resolved; at < end. */
static uint32_t char_next(const char **at, const char *end)
{
    if ((uint8_t)(*at)[0] < 0x20)
        return CHAR_BAD;
    if (**at != '\\')
        return utf8_next(at, end);
    (*at)++;
    return escape_next(at, end);
}

/* ---- terminals ---- */

static const char *string_end(const char *p, const char *end)
{
    p++; /* the opening quote */
    while (p < end && *p != '"') {
        if (char_next(&p, end) == CHAR_BAD)
            return NULL;
    }
    return p < end ? p + 1 : NULL;
}

static const char *digits_end(const char *p, const char *end)
{
    const char *first = p;

    while (p < end && is_digit(*p))
        p++;
    return p > first ? p : NULL;
}

static const char *number_end(const char *p, const char *end)
{
    if (p < end && *p == '-')
        p++;
    p = p < end && *p == '0' ? p + 1 : digits_end(p, end);
    if (p && p < end && *p == '.')
        p = digits_end(p + 1, end);
    if (p && p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        p = digits_end(p, end);
    }
    return p;
}

static const char *word_end(const char *p, const char *end, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(end - p) < len || memcmp(p, word, len) != 0)
        return NULL;
    return p + len;
}

/* The end of an array or object whose inside has been checked. */
static const char *brackets_end(const char *p, const char *end)
{
    size_t open = 0;

    while (p && p < end) {
        if (*p == '"') {
            p = string_end(p, end);
            continue;
        }
        if (*p == '{' || *p == '[')
            open++;
        if (*p == '}' || *p == ']')
            open--;
        p++;
        if (open == 0)
            return p;
    }
    return NULL;
}

static enum json_type type_at(char first)
{
    switch (first) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
    case 'f':
        return JSON_BOOL;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_NUMBER;
    }
}

/* The end of a value that is neither array nor object. */
static const char *scalar_end(const char *p, const char *end)
{
    switch (*p) {
    case '"':
        return string_end(p, end);
    case 't':
        return word_end(p, end, "true");
    case 'f':
        return word_end(p, end, "false");
    case 'n':
        return word_end(p, end, "null");
    default:
        return number_end(p, end);
    }
}

/* ---- values of a checked document ---- */

/* One past the value that begins at p, or NULL. */
static const char *value_end(const char *p, const char *end)
{
    return *p == '{' || *p == '[' ? brackets_end(p, end) : scalar_end(p, end);
}

struct member {
    const char *name; /* its opening quote */
    const char *name_end;
    const char *value;
};

/* From the opening quote at p past the colon; where the value begins, or NULL.
 */
static const char *name_next(const char *p, const char *end, struct member *m)
{
    if (p == end || *p != '"')
        return NULL;
    m->name = p;
    m->name_end = string_end(p, end);
    if (!m->name_end)
        return NULL;
    p = skip_space(m->name_end, end);
    if (p == end || *p != ':')
        return NULL;
    m->value = skip_space(p + 1, end);
    return m->value;
}

/* The next member of an object. *at begins one past its bracket and moves past
 * the member; the walk ends at the object's end or at `end`. */
static bool member_next(const char **at, const char *end, struct member *m)
{
    const char *p = skip_space(*at, end);

    if (p < end && *p == ',')
        p = skip_space(p + 1, end);
    p = name_next(p, end, m);
    if (!p || p == end)
        return false;
    *at = value_end(p, end);
    return *at != NULL;
}

/* Is the name `text` up to `end`, once escapes are resolved on both sides? */
static bool name_is(const struct member *m, const char *text, const char *end)
{
    const char *name = m->name + 1, *name_end = m->name_end - 1;

    while (name < name_end && text < end) {
        uint32_t c = char_next(&name, name_end);

        if (c == CHAR_BAD || c != char_next(&text, end))
            return false;
    }
    return name == name_end && text == end;
}

/* ---- the check ---- */

/* What may come next. */
enum want {
    WANT_VALUE,
    WANT_NAME,
    WANT_NEXT, /* a comma or the closing bracket */
};

struct check {
    const char *at;
    const char *end;
    enum want want;
    bool empty;                       /* just after an opening bracket */
    unsigned depth;                   /* open brackets */
    const char *open[JSON_DEPTH_MAX]; /* where each of them is */
};

static char innermost(const struct check *c)
{
    return *c->open[c->depth - 1];
}

static ota_err bracket_open(struct check *c)
{
    if (c->depth == JSON_DEPTH_MAX)
        return OTA_ERR_RANGE;
    c->open[c->depth++] = c->at;
    c->want = *c->at == '{' ? WANT_NAME : WANT_VALUE;
    c->empty = true;
    c->at++;
    return OTA_OK;
}

static ota_err bracket_close(struct check *c)
{
    /* In ASCII each closing bracket is its opening one plus two. */
    if (*c->at != innermost(c) + 2)
        return OTA_ERR_SYNTAX;
    c->depth--;
    c->want = WANT_NEXT;
    c->at++;
    return OTA_OK;
}

static ota_err check_value(struct check *c)
{
    const char *past;

    if (*c->at == '{' || *c->at == '[')
        return bracket_open(c);
    past = scalar_end(c->at, c->end);
    if (!past)
        return OTA_ERR_SYNTAX;
    c->at = past;
    c->want = WANT_NEXT;
    return OTA_OK;
}

/* Has the innermost object a member of this name already? */
static bool name_is_taken(const struct check *c, const struct member *m)
{
    const char *at = c->open[c->depth - 1] + 1;
    struct member earlier;

    while (member_next(&at, m->name, &earlier)) {
        if (name_is(&earlier, m->name + 1, m->name_end - 1))
            return true;
    }
    return false;
}

static ota_err check_name(struct check *c)
{
    struct member m;

    if (!name_next(c->at, c->end, &m) || name_is_taken(c, &m))
        return OTA_ERR_SYNTAX;
    c->at = m.value;
    c->want = WANT_VALUE;
    return OTA_OK;
}

static ota_err check_next(struct check *c)
{
    if (*c->at != ',')
        return bracket_close(c);
    c->at++;
    c->want = innermost(c) == '{' ? WANT_NAME : WANT_VALUE;
    return OTA_OK;
}

/* One token (a name with its colon counts as one). */
static ota_err check_step(struct check *c)
{
    bool empty = c->empty;

    c->empty = false;
    if (empty && (*c->at == ']' || *c->at == '}'))
        return bracket_close(c);
    switch (c->want) {
    case WANT_VALUE:
        return check_value(c);
    case WANT_NAME:
        return check_name(c);
    case WANT_NEXT:
        return check_next(c);
    }
    return OTA_ERR_SYNTAX;
}

ota_err json_check(struct json *root, const char *text, size_t len)
{
    struct check c = {.at = text, .want = WANT_VALUE};
    const char *first;

    if (len == 0)
        return OTA_ERR_SYNTAX; /* text may be NULL, and NULL + 0 undefined */
    c.end = text + len;
    c.at = skip_space(c.at, c.end);
    first = c.at;
    do {
        ota_err e;

        if (c.at == c.end)
            return OTA_ERR_SYNTAX;
        e = check_step(&c);
        if (e != OTA_OK)
            return e;
        if (c.depth == 0 && c.want == WANT_NEXT)
            break;
        c.at = skip_space(c.at, c.end);
    } while (true);
    *root = (struct json){type_at(*first), first, (size_t)(c.at - first)};
    return skip_space(c.at, c.end) == c.end ? OTA_OK : OTA_ERR_SYNTAX;
}

/* ---- reading ---- */

struct json json_get(struct json object, const char *name)
{
    const char *at;
    struct member m;

    if (object.type != JSON_OBJECT)
        return NONE;
    at = object.at + 1;
    while (member_next(&at, object.at + object.len, &m)) {
        if (name_is(&m, name, name + strlen(name)))
            return (struct json){type_at(*m.value), m.value,
                                 (size_t)(at - m.value)};
    }
    return NONE;
}

bool json_u32(struct json v, uint32_t *out)
{
    const char *p, *end;
    uint64_t value = 0;

    if (v.type != JSON_NUMBER && v.type != JSON_STRING)
        return false;
    p = v.at;
    end = v.at + v.len;
    if (v.type == JSON_STRING) {
        p++;
        end--;
    }
    if (p == end)
        return false;
    while (p < end) {
        uint32_t c = char_next(&p, end);

        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* UTF-8 of a code point; returns its bytes. */
static size_t utf8_put(char out[4], uint32_t c)
{
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t LEAD[] = {0, 0xc0, 0xe0, 0xf0};

    for (size_t i = more; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)(LEAD[more] | c);
    return more + 1;
}

ota_err json_text(struct json v, char *out, size_t cap)
{
    const char *p, *end;
    size_t len = 0;

    if (cap == 0)
        return OTA_ERR_FULL;
    out[0] = '\0';
    if (v.type != JSON_STRING)
        return OTA_ERR_SYNTAX;
    p = v.at + 1;
    end = v.at + v.len - 1;
    while (p < end) {
        char bytes[4];
        uint32_t c = char_next(&p, end);
        size_t n = c == 0 || c == CHAR_BAD ? 0 : utf8_put(bytes, c);

        if (n == 0 || n > cap - 1 - len) {
            out[0] = '\0';
            return n == 0 ? OTA_ERR_SYNTAX : OTA_ERR_FULL;
        }
        memcpy(out + len, bytes, n);
        len += n;
    }
    out[len] = '\0';
    return OTA_OK;
}
