/* http_range.h - which bytes of a file a Range header asks for.
 *
 * Pure. Source: RFC 9110 section 14. Tests: test/unit/server_http/
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_HTTP_RANGE_H
#define TERN_SERVER_HTTP_RANGE_H

#include <stdint.h>

enum http_range_verdict {
    RANGE_WHOLE,  /* no Range, or one to be ignored: 200 */
    RANGE_PART,   /* 206 */
    RANGE_BEYOND, /* 416 */
};

struct http_range {
    enum http_range_verdict verdict;
    uint64_t first, last; /* inclusive; PART only */
};

/* header  the value of Range, or NULL
 * size    bytes of the file, at least 1
 *
 * bytes=N-, bytes=N-M and bytes=-K are understood. Another unit, several
 * ranges or bad syntax is ignored, as section 14.2 allows. */
struct http_range http_range_parse(const char *header, uint64_t size);

#endif
