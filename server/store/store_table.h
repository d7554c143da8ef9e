/* store_table.h - rows to structs and back by a table of fields, so that each
 * noun's file is a list of its columns and a few conditions. Private to
 * server/store.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_STORE_TABLE_H
#define TERN_SERVER_STORE_TABLE_H

#include <stddef.h>

#include "server/store/store.h"

enum field_kind {
    FIELD_I64,
    FIELD_I32,
    FIELD_U32,
    FIELD_BOOL,
    FIELD_ENUM,
    FIELD_TEXT,
};

struct field {
    const char *column;
    enum field_kind kind;
    size_t offset;
    size_t limit; /* TEXT: bytes with NUL; ENUM: number of values */
};

/* A field list of a versioned table ends with row_version; a list of a table
 * whose rows are found by id begins with id. */
struct table {
    const char *name; /* of the table, and of the thing in messages */
    const struct field *fields;
    size_t count;
    size_t row_bytes;
};

#define FIELD_OF(type, member, k)                                              \
    {                                                                          \
#member, k, offsetof(struct type, member), 0                           \
    }
#define FIELD_TEXT_OF(type, member)                                            \
    {                                                                          \
#member, FIELD_TEXT, offsetof(struct type, member),                    \
            sizeof(((struct type *)0)->member)                                 \
    }
#define FIELD_ENUM_OF(type, member, values)                                    \
    {                                                                          \
#member, FIELD_ENUM, offsetof(struct type, member), values             \
    }
#define TABLE_OF(type, list)                                                   \
    {                                                                          \
#type, list, sizeof(list) / sizeof((list)[0]), sizeof(struct type)     \
    }

struct value {
    const char *text; /* NULL: number */
    int64_t number;
};

/* Conditions and their parameters, added one by one. */
enum { QUERY_VALUES_MAX = 10, QUERY_TEXT_MAX = 512 };
struct query {
    char where[QUERY_TEXT_MAX];
    struct value values[QUERY_VALUES_MAX];
    size_t count;
};

/* " AND (condition)"; condition names its parameter $? once. */
void query_number(struct query *q, const char *condition, int64_t value);
void query_text(struct query *q, const char *condition, const char *value);
/* The same, left out when the value is a filter's "any": 0, NULL or "". */
void filter_number(struct query *q, const char *condition, int64_t value);
void filter_text(struct query *q, const char *condition, const char *value);

/* Insert; the new row's id to *id if that is not NULL. */
ota_err table_add(struct store *s, const struct table *t, const void *row,
                  int64_t *id, struct diag *why);
/* Update by id if row_version still is what was loaded, and count it up, in
 * the row too. OTA_ERR_STATE: it is not. */
ota_err table_save(struct store *s, const struct table *t, void *row,
                   struct diag *why);
/* The first row; `tail` is the text after the conditions, e.g. ORDER BY. */
ota_err table_find(struct store *s, const struct table *t,
                   const struct query *q, const char *tail, void *row,
                   struct diag *why);
/* Rows in f's range and order. They are all read before the first `each`,
 * so that no statement is open while a caller does its work. */
typedef bool (*table_each)(void *ctx, const void *row);
ota_err table_list(struct store *s, const struct table *t, struct query *q,
                   const struct store_filter *f, table_each each, void *ctx,
                   struct diag *why);
/* Run a statement that gives no rows, or only asks whether there is one. */
ota_err table_run(struct store *s, const char *sql, const struct value *values,
                  size_t count, bool *row, struct diag *why);

#endif
