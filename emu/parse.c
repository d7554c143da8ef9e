/* parse.c - see parse.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NS_DIGITS = 9, NS_PER_S = 1000000000 };

static const struct {
    const char *name;
    enum board_tear tear;
} TEARS[] = {
    {"nothing", BOARD_TEAR_NOTHING},  {"all", BOARD_TEAR_ALL},
    {"first", BOARD_TEAR_FIRST_HALF}, {"second", BOARD_TEAR_SECOND_HALF},
    {"bytes=", BOARD_TEAR_BYTES},     {"random=", BOARD_TEAR_RANDOM},
};
enum { TEAR_COUNT = sizeof TEARS / sizeof TEARS[0] };

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

bool parse_u64(const char *text, uint64_t max, uint64_t *out)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned base = hex ? 16 : 10;
    uint64_t value = 0;

    if (hex)
        text += 2;
    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned digit = digit_value(*text);
        if (digit >= base || value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

bool parse_u32(const char *text, uint32_t *out)
{
    uint64_t value;

    if (!parse_u64(text, UINT32_MAX, &value))
        return false;
    *out = (uint32_t)value;
    return true;
}

bool parse_seconds(const char *text, uint64_t *cycles)
{
    uint64_t whole = 0, ns = 0;
    unsigned decimals = 0;
    bool any = false;

    for (; *text >= '0' && *text <= '9'; text++, any = true) {
        whole = whole * 10 + (unsigned)(*text - '0');
        if (whole > UINT64_MAX / BOARD_HZ - 1)
            return false;
    }
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9'; text++, any = true) {
            if (++decimals > NS_DIGITS)
                return false;
            ns = ns * 10 + (unsigned)(*text - '0');
        }
    }
    if (!any || *text)
        return false;
    for (; decimals < NS_DIGITS; decimals++)
        ns *= 10;
    *cycles =
        whole * BOARD_HZ + ns * (BOARD_HZ / 1000000) / (NS_PER_S / 1000000);
    return true;
}

bool parse_tear(const char *text, struct board_cut *out)
{
    for (size_t i = 0; i < TEAR_COUNT; i++) {
        size_t len = strlen(TEARS[i].name);
        uint32_t number = 0;
        if (strncmp(text, TEARS[i].name, len) != 0)
            continue;
        bool numbered = TEARS[i].name[len - 1] == '=';
        if (numbered ? !parse_u32(text + len, &number) : text[len] != '\0')
            continue;
        out->tear = TEARS[i].tear;
        out->bytes = TEARS[i].tear == BOARD_TEAR_BYTES ? number : 0;
        out->seed = TEARS[i].tear == BOARD_TEAR_RANDOM ? number : 0;
        return true;
    }
    return false;
}

bool parse_cut(const char *text, struct board_cut *out)
{
    struct board_cut cut = {.tear = BOARD_TEAR_NOTHING};
    const char *colon = strchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : strlen(text);
    char number[24];

    if (len >= sizeof number)
        return false;
    memcpy(number, text, len);
    number[len] = '\0';
    if (!parse_u64(number, UINT64_MAX, &cut.at_op) || cut.at_op == 0)
        return false;
    if (colon && !parse_tear(colon + 1, &cut))
        return false;
    *out = cut;
    return true;
}

void parse_cut_text(const struct board_cut *c, char out[PARSE_CUT_TEXT_MAX])
{
    const char *name = "nothing";
    char number[12] = "";

    for (size_t i = 0; i < TEAR_COUNT; i++)
        if (TEARS[i].tear == c->tear)
            name = TEARS[i].name;
    if (c->tear == BOARD_TEAR_BYTES)
        (void)snprintf(number, sizeof number, "%" PRIu32, c->bytes);
    if (c->tear == BOARD_TEAR_RANDOM)
        (void)snprintf(number, sizeof number, "%" PRIu32, c->seed);
    (void)snprintf(out, PARSE_CUT_TEXT_MAX, "%" PRIu64 ":%s%s", c->at_op, name,
                   number);
}

char *parse_split(char *text, char at)
{
    char *mark = strrchr(text, at);

    if (!mark || mark == text || !mark[1])
        return NULL;
    *mark = '\0';
    return mark + 1;
}
