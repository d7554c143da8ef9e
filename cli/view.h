/* view.h - JSON objects as tables for people: which members, in which order,
 * written how.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_VIEW_H
#define TERN_CLI_VIEW_H

#include <jansson.h>

struct view_column {
    const char *head;
    const char *key; /* the member; "a.b" is one of a member */
    enum {
        VIEW_TEXT, /* a string, number or true/false as it is; lists joined */
        VIEW_NUMBER,
        VIEW_SIZE, /* bytes, with separators */
        VIEW_TIME, /* milliseconds since 1970 */
        VIEW_YES,  /* a truth as yes or no */
    } kind;
};

/* Columns end with a row of NULLs. A member that is absent, null or "" is
 * shown as "-". Both print on stdout. */
void view_list(const json_t *items, const struct view_column *columns);
void view_one(const json_t *object, const struct view_column *columns);

/* Every member of an object that is no list and no object, in its order. */
void view_members(const json_t *object);

/* The document, indented, on stdout. */
void view_json(const json_t *document);

#endif
