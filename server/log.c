/* log.c - one JSON object per line on stderr.
 *
 * Start at log_event(). Tests: test/system/test_http_api.py reads the lines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/log.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_WARN:
        return "warn";
    case LOG_LEVEL_ERROR:
        return "error";
    }
    return "error";
}

static json_t *now_text(void)
{
    char seconds[32], text[48];
    struct timespec now;
    struct tm utc;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, sizeof text, "%s.%03dZ", seconds,
             (int)(now.tv_nsec / 1000000));
    return json_string(text);
}

static void line_write(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);

    if (!text)
        return;
    size_t len = strlen(text);
    text[len] = '\n'; /* one write: the NUL gives its place to the line feed */
    if (write(STDERR_FILENO, text, len + 1) < 0) {
        /* nobody is left to tell */
    }
    free(text);
}

void log_event(enum log_level level, const char *msg, const char *fields, ...)
{
    json_t *line = json_object();
    char format[160];
    va_list values;

    if (!line)
        return;
    json_object_set_new(line, "time", now_text());
    json_object_set_new(line, "level", json_string(level_name(level)));
    json_object_set_new(line, "msg", json_string(msg));
    if (fields) {
        snprintf(format, sizeof format, "{%s}", fields);
        va_start(values, fields);
        /* A value that is not UTF-8 makes this NULL: the line then goes out
         * without fields rather than not at all. */
        json_t *more = json_vpack_ex(NULL, 0, format, values);
        va_end(values);
        if (more)
            json_object_update_missing(line, more);
        json_decref(more);
    }
    line_write(line);
    json_decref(line);
}
