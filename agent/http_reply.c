/* http_reply.c - the head of an HTTP reply, fed in portions of any size; start
 * at http_reply_feed().
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "agent/agent_log.h"
#include "agent/http_client.h"
#include "base/text.h"

void http_reply_begin(struct http_reply *r, const struct port_log *log)
{
    memset(r, 0, sizeof *r);
    r->log = log;
}

/* lower_case holds letters and hyphens only. */
static bool is_same_letter(char c, char lower_case)
{
    bool is_upper = c >= 'A' && c <= 'Z';
    return (is_upper ? c + ('a' - 'A') : c) == lower_case;
}

/* The value behind "name:", or NULL if the line has another name. */
static const char *value_of(const char *line, const char *name)
{
    for (; *name; name++, line++)
        if (!is_same_letter(*line, *name))
            return NULL;
    if (*line++ != ':')
        return NULL;
    while (*line == ' ' || *line == '\t')
        line++;
    return line;
}

/* The number at *s, which is in r->line. */
static bool read_u32(const struct http_reply *r, const char **s, uint32_t *out)
{
    return text_read_u32(s, r->line + r->line_len, out);
}

static bool is_end(const char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    return *s == '\0';
}

static const char *take_length(struct http_reply *r, const char *s)
{
    if (r->has_length)
        return "Content-Length is given twice";
    if (!read_u32(r, &s, &r->length_bytes) || !is_end(s))
        return "Content-Length is no number";
    r->has_length = true;
    return NULL;
}

/* "bytes 0-99/100"; the form of a 416, with a star for the range, is skipped.
 */
static const char *take_range(struct http_reply *r, const char *s)
{
    static const char BAD[] = "Content-Range is malformed";

    if (r->has_range)
        return "Content-Range is given twice";
    if (strncmp(s, "bytes ", 6) != 0)
        return BAD;
    s += 6;
    if (*s == '*')
        return NULL;
    if (!read_u32(r, &s, &r->range_first) || *s++ != '-' ||
        !read_u32(r, &s, &r->range_last) || *s++ != '/' ||
        !read_u32(r, &s, &r->range_total) || !is_end(s))
        return BAD;
    if (r->range_first > r->range_last || r->range_last >= r->range_total)
        return BAD;
    r->has_range = true;
    return NULL;
}

static const char *take_status(struct http_reply *r, const char *line)
{
    uint32_t status = 0;
    const char *s = line + sizeof "HTTP/1.x " - 1;

    if (strncmp(line, "HTTP/1.", 7) != 0 || line[7] == '\0' || line[8] != ' ')
        return "the server does not speak HTTP/1.1";
    if (!read_u32(r, &s, &status) || status < 100 || status > 599 ||
        (*s != ' ' && *s != '\0'))
        return "status line is malformed";
    r->status = (uint16_t)status;
    return NULL;
}

static const char *take_header(struct http_reply *r, const char *line)
{
    static const char CUT[] = "a header that matters is too long";
    const char *v;

    if (*line == ' ' || *line == '\t')
        return "folded header line";
    if ((v = value_of(line, "content-length")) != NULL)
        return r->line_cut ? CUT : take_length(r, v);
    if ((v = value_of(line, "content-range")) != NULL)
        return r->line_cut ? CUT : take_range(r, v);
    if (value_of(line, "transfer-encoding"))
        return "Transfer-Encoding is not supported";
    if ((v = value_of(line, "content-encoding")) != NULL &&
        strncmp(v, "identity", 8) != 0)
        return "Content-Encoding is not supported";
    return NULL;
}

/* A complete line is in r->line. */
static ota_err take_line(struct http_reply *r)
{
    if (r->line_len > 0 && r->line[r->line_len - 1] == '\r')
        r->line_len--;
    r->line[r->line_len] = '\0';
    if (r->line_len == 0 && r->status != 0)
        return OTA_OK;

    agent_log_text(r->log, LINE_REPLY, r->line, r->line_len);
    r->why = r->status == 0 ? take_status(r, r->line) : take_header(r, r->line);
    r->line_len = 0;
    r->line_cut = false;
    return r->why ? OTA_ERR_PROTOCOL : OTA_ERR_AGAIN;
}

static ota_err take_byte(struct http_reply *r, char c)
{
    if (++r->head_bytes > AGENT_HEADER_BYTES_MAX) {
        r->why = "head of the reply is too long";
        return OTA_ERR_PROTOCOL;
    }
    if (c == '\n')
        return take_line(r);
    if (c == '\0') {
        r->why = "a NUL byte in the head";
        return OTA_ERR_PROTOCOL;
    }
    if (r->line_len < sizeof r->line - 1u)
        r->line[r->line_len++] = c;
    else
        r->line_cut = true;
    return OTA_ERR_AGAIN;
}

ota_err http_reply_feed(struct http_reply *r, const char *bytes, size_t len,
                        size_t *used)
{
    ota_err e = OTA_ERR_AGAIN;
    size_t n = 0;

    while (n < len && e == OTA_ERR_AGAIN)
        e = take_byte(r, bytes[n++]);
    *used = n;
    return e;
}
