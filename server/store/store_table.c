/* store_table.c - SQL made from a table of fields.
 *
 * The text is made anew for each call (about a microsecond) and looked up in
 * the cache of prepared statements, so it is parsed once per connection.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store_table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/store/store_private.h"

enum { SQL_MAX = 2048, LIST_LIMIT_MAX = 1000 };

/* SQL is built from constants of this folder, so it fits; what did not fit
 * would be refused by the database as bad SQL, not run cut short. */
struct sql {
    char text[SQL_MAX];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct sql *q,
                                                      const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(q->text + q->len, sizeof q->text - q->len, format, args);
    va_end(args);
    if (n > 0)
        q->len += (size_t)n;
    if (q->len >= sizeof q->text) {
        q->len = sizeof q->text - 1;
        q->text[0] = '!';
    }
}

/* --- conditions ----------------------------------------------------------- */

static void query_add(struct query *q, const char *condition, struct value v)
{
    size_t len = strlen(q->where);
    const char *mark = strchr(condition, '?');

    /* Conditions are constants of this folder, fewer than fit. */
    assert(mark && q->count < QUERY_VALUES_MAX);
    q->values[q->count++] = v;
    (void)snprintf(q->where + len, sizeof q->where - len, " AND (%.*s%zu%s)",
                   (int)(mark - condition), condition, q->count, mark + 1);
}

void query_number(struct query *q, const char *condition, int64_t value)
{
    query_add(q, condition, (struct value){NULL, value});
}

void query_text(struct query *q, const char *condition, const char *value)
{
    query_add(q, condition, (struct value){value, 0});
}

void filter_number(struct query *q, const char *condition, int64_t value)
{
    if (value != 0)
        query_number(q, condition, value);
}

void filter_text(struct query *q, const char *condition, const char *value)
{
    if (value && value[0] != '\0')
        query_text(q, condition, value);
}

/* --- fields --------------------------------------------------------------- */

static const char *field_text(const struct field *f, const void *row)
{
    return (const char *)row + f->offset;
}

static int64_t field_number(const struct field *f, const void *row)
{
    const char *at = field_text(f, row);
    int64_t i64 = 0;
    int32_t i32 = 0;
    uint32_t u32 = 0;
    bool flag = false;

    switch (f->kind) {
    case FIELD_I64:
        memcpy(&i64, at, sizeof i64);
        return i64;
    case FIELD_I32:
        memcpy(&i32, at, sizeof i32);
        return i32;
    case FIELD_U32:
    case FIELD_ENUM:
        memcpy(&u32, at, sizeof u32);
        return u32;
    case FIELD_BOOL:
        memcpy(&flag, at, sizeof flag);
        return flag;
    case FIELD_TEXT:
        break;
    }
    return 0;
}

_Static_assert(sizeof(enum task_state) == sizeof(uint32_t),
               "enumerations are stored through 32 bits");

static bool field_set_number(const struct field *f, void *row, int64_t v)
{
    char *at = (char *)row + f->offset;
    uint32_t u32 = (uint32_t)v;
    int32_t i32 = (int32_t)v;
    bool flag = v != 0;

    switch (f->kind) {
    case FIELD_I64:
        memcpy(at, &v, sizeof v);
        return true;
    case FIELD_I32:
        memcpy(at, &i32, sizeof i32);
        return v >= INT32_MIN && v <= INT32_MAX;
    case FIELD_U32:
        memcpy(at, &u32, sizeof u32);
        return v >= 0 && v <= UINT32_MAX;
    case FIELD_ENUM:
        memcpy(at, &u32, sizeof u32);
        return v >= 0 && (uint64_t)v < f->limit;
    case FIELD_BOOL:
        memcpy(at, &flag, sizeof flag);
        return true;
    case FIELD_TEXT:
        break;
    }
    return false;
}

static bool field_set_text(const struct field *f, void *row, const char *v)
{
    size_t len = v ? strlen(v) : f->limit;

    if (len >= f->limit)
        return false;
    memcpy((char *)row + f->offset, v, len + 1);
    return true;
}

/* A value that does not fit its member was not written by this program. */
static ota_err row_read(const struct db_driver *d, struct db_stmt *q,
                        const struct table *t, void *row, struct diag *why)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        bool ok = f->kind == FIELD_TEXT
                      ? field_set_text(f, row, d->text(q, (int)i))
                      : field_set_number(f, row, d->number(q, (int)i));

        if (!ok) {
            diag_set(why,
                     "the database holds a %s whose %s is out of range: was "
                     "it changed by hand? Restore a backup",
                     t->name, f->column);
            return OTA_ERR_CORRUPT;
        }
    }
    return OTA_OK;
}

static ota_err bind_field(const struct db_driver *d, struct db_stmt *q,
                          int param, const struct field *f, const void *row)
{
    if (f->kind == FIELD_TEXT)
        return d->bind_text(q, param, field_text(f, row));
    return d->bind_number(q, param, field_number(f, row));
}

static ota_err bind_values(const struct db_driver *d, struct db_stmt *q,
                           const struct value *v, size_t count)
{
    ota_err e = OTA_OK;

    for (size_t i = 0; e == OTA_OK && i < count; i++) {
        int param = (int)i + 1;

        e = v[i].text ? d->bind_text(q, param, v[i].text)
                      : d->bind_number(q, param, v[i].number);
    }
    return e;
}

static bool is_id(const struct field *f)
{
    return strcmp(f->column, "id") == 0;
}

static void add_columns(struct sql *q, const struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        add(q, "%s%s", i ? ", " : "", t->fields[i].column);
}

/* --- add, save, find, list ------------------------------------------------ */

static void add_sql(struct sql *q, const struct table *t)
{
    size_t first = is_id(&t->fields[0]) ? 1 : 0;

    add(q, "INSERT INTO %s (", t->name);
    for (size_t i = first; i < t->count; i++)
        add(q, "%s%s", i > first ? ", " : "", t->fields[i].column);
    add(q, ") VALUES (");
    for (size_t i = first; i < t->count; i++)
        add(q, "%s$%zu", i > first ? ", " : "", i + 1);
    add(q, ") RETURNING id");
}

/* One row comes back; the statement is then run to its end, because only the
 * end says that every constraint held. */
static ota_err one_row(const struct db_driver *d, struct db_stmt *q,
                       int64_t *number, bool *found, struct diag *why)
{
    bool more = false;

    ota_err e = d->step(q, found, why);
    if (e != OTA_OK || !*found)
        return e;
    *number = d->number(q, 0);
    return d->step(q, &more, why);
}

ota_err table_add(struct store *s, const struct table *t, const void *row,
                  int64_t *id, struct diag *why)
{
    const struct db_driver *d = s->driver;
    struct sql sql = {.len = 0};
    int64_t made = 0;
    bool found = false;

    add_sql(&sql, t);
    struct db_stmt *q = store_prepare(s, sql.text, why);
    if (!q)
        return OTA_ERR_IO;
    ota_err e = OTA_OK;
    for (size_t i = 0; e == OTA_OK && i < t->count; i++) {
        if (!is_id(&t->fields[i]))
            e = bind_field(d, q, (int)i + 1, &t->fields[i], row);
    }
    if (e == OTA_OK)
        e = one_row(d, q, &made, &found, why);
    d->reset(q);
    if (e == OTA_ERR_EXISTS)
        diag_set(why, "there is already a %s like that", t->name);
    if (e == OTA_ERR_NOT_FOUND)
        diag_set(why, "the %s names something that does not exist", t->name);
    if (e == OTA_OK && id)
        *id = made;
    return e;
}

static void save_sql(struct sql *q, const struct table *t)
{
    add(q, "UPDATE %s SET ", t->name);
    for (size_t i = 1; i + 1 < t->count; i++)
        add(q, "%s = $%zu, ", t->fields[i].column, i + 1);
    add(q,
        "row_version = row_version + 1 WHERE id = $1 AND row_version = $%zu"
        " RETURNING row_version",
        t->count);
}

ota_err table_save(struct store *s, const struct table *t, void *row,
                   struct diag *why)
{
    const struct db_driver *d = s->driver;
    const struct field *version = &t->fields[t->count - 1];
    struct sql sql = {.len = 0};
    int64_t next = 0;
    bool found = false;

    save_sql(&sql, t);
    struct db_stmt *q = store_prepare(s, sql.text, why);
    if (!q)
        return OTA_ERR_IO;
    ota_err e = OTA_OK;
    for (size_t i = 0; e == OTA_OK && i < t->count; i++)
        e = bind_field(d, q, (int)i + 1, &t->fields[i], row);
    if (e == OTA_OK)
        e = one_row(d, q, &next, &found, why);
    d->reset(q);
    if (e != OTA_OK)
        return e;
    if (!found) {
        diag_set(why, "the %s was changed by somebody else: load it again",
                 t->name);
        return OTA_ERR_STATE;
    }
    (void)field_set_number(version, row, next);
    return OTA_OK;
}

ota_err table_find(struct store *s, const struct table *t,
                   const struct query *q, const char *tail, void *row,
                   struct diag *why)
{
    const struct db_driver *d = s->driver;
    struct sql sql = {.len = 0};
    bool found = false;

    add(&sql, "SELECT ");
    add_columns(&sql, t);
    add(&sql, " FROM %s WHERE 1 = 1%s %s LIMIT 1", t->name, q->where, tail);
    struct db_stmt *stmt = store_prepare(s, sql.text, why);
    if (!stmt)
        return OTA_ERR_IO;
    ota_err e = bind_values(d, stmt, q->values, q->count);
    if (e == OTA_OK)
        e = d->step(stmt, &found, why);
    if (e == OTA_OK && found)
        e = row_read(d, stmt, t, row, why);
    d->reset(stmt);
    if (e == OTA_OK && !found) {
        diag_set(why, "there is no such %s", t->name);
        return OTA_ERR_NOT_FOUND;
    }
    return e;
}

static ota_err rows_read(struct store *s, struct db_stmt *stmt,
                         const struct table *t, char *rows, size_t *count,
                         struct diag *why)
{
    for (;;) {
        bool found = false;

        ota_err e = s->driver->step(stmt, &found, why);
        if (e != OTA_OK || !found)
            return e;
        e = row_read(s->driver, stmt, t, rows + *count * t->row_bytes, why);
        if (e != OTA_OK)
            return e;
        (*count)++;
    }
}

ota_err table_list(struct store *s, const struct table *t, struct query *q,
                   const struct store_filter *f, table_each each, void *ctx,
                   struct diag *why)
{
    struct sql sql = {.len = 0};
    size_t count = 0;
    uint32_t limit = f->limit;

    if (limit == 0 || limit > LIST_LIMIT_MAX)
        limit = LIST_LIMIT_MAX;
    filter_number(q, "id > $?", f->after);
    filter_number(q, "id < $?", f->before);
    add(&sql, "SELECT ");
    add_columns(&sql, t);
    add(&sql, " FROM %s WHERE 1 = 1%s ORDER BY id%s LIMIT $%zu", t->name,
        q->where, f->newest_first ? " DESC" : "", q->count + 1);
    struct db_stmt *stmt = store_prepare(s, sql.text, why);
    char *rows = calloc(limit, t->row_bytes);
    if (!stmt || !rows) {
        if (stmt)
            diag_set(why, "out of memory");
        free(rows);
        return OTA_ERR_IO;
    }
    ota_err e = bind_values(s->driver, stmt, q->values, q->count);
    if (e == OTA_OK)
        e = s->driver->bind_number(stmt, (int)q->count + 1, limit);
    if (e == OTA_OK)
        e = rows_read(s, stmt, t, rows, &count, why);
    s->driver->reset(stmt);
    for (size_t i = 0; e == OTA_OK && i < count; i++) {
        if (!each(ctx, rows + i * t->row_bytes))
            break;
    }
    free(rows);
    return e;
}

ota_err table_run(struct store *s, const char *sql, const struct value *values,
                  size_t count, bool *row, struct diag *why)
{
    bool found = false;
    struct db_stmt *q = store_prepare(s, sql, why);

    if (!q)
        return OTA_ERR_IO;
    ota_err e = bind_values(s->driver, q, values, count);
    if (e == OTA_OK)
        e = s->driver->step(q, &found, why);
    s->driver->reset(q);
    if (row)
        *row = found;
    return e;
}
