/* hex.c - hex text to bytes.
 *
 * Tests: test/unit/base/test_hex.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/hex.h"

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(uint8_t *out, size_t len, const char *text, size_t text_len)
{
    /* Not text_len != 2 * len: that product may wrap. */
    if (text_len % 2 != 0 || text_len / 2 != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}
