/* db.h - what a database must be able to do for the store; one file per
 * database (db_sqlite.c), chosen by the scheme of the URL.
 *
 * SQL that comes through here is understood by SQLite and PostgreSQL alike:
 * parameters are $1, $2, ...; RETURNING instead of a "last id" call; no
 * dialect. Only the schema is written per database.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_DB_H
#define TERN_SERVER_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "server/core/core.h"

struct db;
struct db_stmt;

enum { DB_PARAMS_MAX = 32 };

/* Errors as in store.h. A text that is bound is borrowed until reset(); one
 * that is read is valid until the next step() or reset(). */
struct db_driver {
    const char *scheme; /* "sqlite" */
    const char *begin;  /* SQL that begins a transaction which will write */

    /* writer: creates or migrates the schema. NULL: why says what to do. */
    struct db *(*open)(const char *address, bool writer, struct diag *why);
    void (*close)(struct db *);

    struct db_stmt *(*prepare)(struct db *, const char *sql, struct diag *why);
    void (*finish)(struct db_stmt *);
    ota_err (*bind_number)(struct db_stmt *, int param, int64_t value);
    ota_err (*bind_text)(struct db_stmt *, int param, const char *value);
    /* Run on to the next row; *row false: there is none. */
    ota_err (*step)(struct db_stmt *, bool *row, struct diag *why);
    int64_t (*number)(struct db_stmt *, int column); /* from 0 */
    const char *(*text)(struct db_stmt *, int column);
    void (*reset)(struct db_stmt *);

    /* A database may end a transaction by itself when the disk fails. */
    bool (*in_transaction)(struct db *);
};

extern const struct db_driver db_sqlite;

#endif
