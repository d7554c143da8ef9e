/* view.c - JSON objects as tables for people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/say.h"
#include "cli/table.h"

enum { CELL_MAX = 1024 };

static void cell_list(char out[CELL_MAX], const json_t *list)
{
    size_t i, at = 0;
    json_t *v;

    out[0] = 0;
    json_array_foreach(list, i, v)
    {
        int n = snprintf(out + at, CELL_MAX - at, "%s%s", i ? ", " : "",
                         json_is_string(v) ? json_string_value(v) : "?");
        if (n < 0 || (size_t)n >= CELL_MAX - at)
            return;
        at += (size_t)n;
    }
}

static void cell_text(char out[CELL_MAX], const json_t *v)
{
    if (json_is_array(v))
        cell_list(out, v);
    else if (json_is_string(v))
        (void)snprintf(out, CELL_MAX, "%s", json_string_value(v));
    else if (json_is_integer(v))
        (void)snprintf(out, CELL_MAX, "%" JSON_INTEGER_FORMAT,
                       json_integer_value(v));
    else if (json_is_real(v))
        (void)snprintf(out, CELL_MAX, "%g", json_real_value(v));
    else if (json_is_boolean(v))
        (void)snprintf(out, CELL_MAX, "%s", json_is_true(v) ? "true" : "false");
    else
        out[0] = 0;
    if (out[0] == 0)
        (void)snprintf(out, CELL_MAX, "-");
}

/* "task.state": a member of a member, which may be null. */
static const json_t *member(const json_t *object, const char *key)
{
    const char *dot = strchr(key, '.');
    char outer[32];

    if (!dot)
        return json_object_get(object, key);
    (void)snprintf(outer, sizeof outer, "%.*s", (int)(dot - key), key);
    return json_object_get(json_object_get(object, outer), dot + 1);
}

static void cell(char out[CELL_MAX], const json_t *object,
                 const struct view_column *c)
{
    const json_t *v = member(object, c->key);

    if (c->kind == VIEW_TIME && json_is_integer(v))
        say_time(out, json_integer_value(v));
    else if (c->kind == VIEW_SIZE && json_is_integer(v) &&
             json_integer_value(v) >= 0)
        say_size(out, (uint64_t)json_integer_value(v));
    else if (c->kind == VIEW_YES && json_is_boolean(v))
        (void)snprintf(out, CELL_MAX, "%s", json_is_true(v) ? "yes" : "no");
    else
        cell_text(out, v);
}

void view_list(const json_t *items, const struct view_column *columns)
{
    struct table t;
    size_t i, count = 0;
    json_t *item;
    char text[CELL_MAX];

    while (columns[count].head)
        count++;
    table_begin(&t, count);
    for (size_t k = 0; k < count; k++) {
        t.right[k] =
            columns[k].kind == VIEW_NUMBER || columns[k].kind == VIEW_SIZE;
        table_add(&t, columns[k].head);
    }
    json_array_foreach(items, i, item)
    {
        for (size_t k = 0; k < count; k++) {
            cell(text, item, &columns[k]);
            table_add(&t, text);
        }
    }
    table_print(&t, stdout);
    table_end(&t);
}

void view_one(const json_t *object, const struct view_column *columns)
{
    struct table t;
    char text[CELL_MAX];

    table_begin(&t, 2);
    for (; columns->head; columns++) {
        cell(text, object, columns);
        table_add(&t, columns->head);
        table_add(&t, text);
    }
    table_print(&t, stdout);
    table_end(&t);
}

void view_members(const json_t *object)
{
    struct table t;
    const char *name;
    json_t *v;
    char text[CELL_MAX];

    table_begin(&t, 2);
    json_object_foreach((json_t *)object, name, v)
    {
        if (json_is_object(v) || json_is_array(v))
            continue;
        struct view_column c = {name, name, VIEW_TEXT};
        size_t len = strlen(name);
        if (len > 3 && strcmp(name + len - 3, "_ms") == 0)
            c.kind = VIEW_TIME;
        if (len > 6 && strcmp(name + len - 6, "_bytes") == 0)
            c.kind = VIEW_SIZE;
        cell(text, object, &c);
        table_add(&t, name);
        table_add(&t, text);
    }
    table_print(&t, stdout);
    table_end(&t);
}

void view_json(const json_t *document)
{
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    (void)fputc('\n', stdout);
}
