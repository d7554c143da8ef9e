/* names.c - checks on names, and random ones.
 *
 * Tests: test/unit/server_core/test_names.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/names.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "server/core/model.h"

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789";

/* Bytes of the UTF-8 character at s, 0 if it is none (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF) or a control character. */
static size_t character(const unsigned char *s)
{
    static const struct {
        unsigned char low, high;           /* first byte */
        unsigned char next_low, next_high; /* second byte */
        size_t bytes;
    } FORMS[] = {
        {0x20, 0x7e, 0, 0, 1},       {0xc2, 0xc2, 0xa0, 0xbf, 2},
        {0xc3, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
        {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        if (s[0] < FORMS[i].low || s[0] > FORMS[i].high)
            continue;
        if (FORMS[i].bytes == 1)
            return 1;
        if (s[1] < FORMS[i].next_low || s[1] > FORMS[i].next_high)
            return 0;
        for (size_t k = 2; k < FORMS[i].bytes; k++) {
            if (s[k] < 0x80 || s[k] > 0xbf)
                return 0;
        }
        return FORMS[i].bytes;
    }
    return 0;
}

bool name_is_ok(const char *s)
{
    const unsigned char *at = (const unsigned char *)s;

    if (*at == '\0' || strlen(s) >= MODEL_NAME_MAX)
        return false;
    while (*at) {
        size_t bytes = character(at);

        if (bytes == 0)
            return false;
        at += bytes;
    }
    return true;
}

void text_clean(char *out, size_t cap, const char *in)
{
    size_t have = 0;

    while (*in) {
        size_t bytes = character((const unsigned char *)in);
        size_t take = bytes > 0 ? bytes : 1;

        if (have + take >= cap)
            break;
        memcpy(out + have, bytes > 0 ? in : "?", take);
        have += take;
        in += take;
    }
    out[have] = '\0';
}

bool module_is_ok(const char *s)
{
    size_t len = strlen(s);

    return len > 0 && len < MODEL_MODULE_MAX &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789_-") == len;
}

bool is_push_word(const char *s)
{
    static const char *const WORDS[] = {
        "code",   "data",    "size",   "version", "url",
        "md5",    "sign",    "id",     "message", "signMethod",
        "module", "extData", "params", "files",
    };

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strcmp(s, WORDS[i]) == 0)
            return true;
    }
    return false;
}

bool is_hex(const char *s, size_t digits)
{
    return strlen(s) == digits && strspn(s, "0123456789abcdef") == digits;
}

bool random_name(char *out, size_t cap)
{
    enum { KINDS = sizeof LETTERS - 1 };
    /* Bytes at or above the last multiple of KINDS would favour some. */
    const uint8_t fair = (uint8_t)(256 / KINDS * KINDS);
    size_t have = 0;

    while (have + 1 < cap) {
        uint8_t byte = 0;

        if (getrandom(&byte, 1, 0) != 1) {
            out[0] = '\0';
            return false;
        }
        if (byte < fair)
            out[have++] = LETTERS[byte % KINDS];
    }
    out[have] = '\0';
    return true;
}
