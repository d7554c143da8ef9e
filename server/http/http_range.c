/* http_range.c - which bytes of a file a Range header asks for.
 *
 * Start at http_range_parse(). Tests: test/unit/server_http/test_http_range.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_range.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Digits to a number that stays at the greatest instead of wrapping: a
 * position beyond every file is still a position. */
static const char *number_read(const char *p, uint64_t *out, bool *found)
{
    *out = 0;
    *found = *p >= '0' && *p <= '9';
    for (; *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        *out =
            *out > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *out * 10 + digit;
    }
    return p;
}

static struct http_range suffix(uint64_t count, uint64_t size)
{
    if (count == 0)
        return (struct http_range){RANGE_BEYOND, 0, 0};
    if (count > size)
        count = size;
    return (struct http_range){RANGE_PART, size - count, size - 1};
}

struct http_range http_range_parse(const char *header, uint64_t size)
{
    const struct http_range whole = {RANGE_WHOLE, 0, 0};
    bool has_first, has_last;
    uint64_t first, last;

    if (!header || strncasecmp(header, "bytes=", 6) != 0)
        return whole;
    const char *p = number_read(header + 6, &first, &has_first);
    if (*p++ != '-')
        return whole;
    p = number_read(p, &last, &has_last);
    if (*p != '\0' || (!has_first && !has_last))
        return whole;
    if (!has_first)
        return suffix(last, size);
    if (has_last && last < first)
        return whole;
    if (first >= size)
        return (struct http_range){RANGE_BEYOND, 0, 0};
    if (!has_last || last >= size)
        last = size - 1;
    return (struct http_range){RANGE_PART, first, last};
}
