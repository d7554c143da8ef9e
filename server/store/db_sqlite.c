/* db_sqlite.c - the database driver for SQLite.
 *
 * WAL with synchronous=FULL: a commit that returned survives a power cut.
 *
 * Tests: test/unit/server_store/test_store.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/store/db.h"
#include "server/store/schema_sqlite.h"

enum {
    /* Another writer is somebody with a database tool; give them time. */
    BUSY_MS = 5000,
};

struct db {
    sqlite3 *handle;
};

struct db_stmt {
    sqlite3 *handle;
    sqlite3_stmt *stmt;
    /* SQLite numbers $2 by where it first stands in the text, not by its
     * name; this maps the name to that place. 0: not in the text. */
    int place[DB_PARAMS_MAX + 1];
};

static ota_err error_of(int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return OTA_ERR_EXISTS;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return OTA_ERR_NOT_FOUND;
    default:
        return (rc & 0xff) == SQLITE_FULL ? OTA_ERR_FULL : OTA_ERR_IO;
    }
}

static bool run(sqlite3 *h, const char *sql, struct diag *why)
{
    if (sqlite3_exec(h, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    diag_set(why, "database: %s (in: %.60s)", sqlite3_errmsg(h), sql);
    return false;
}

static bool schema_version(sqlite3 *h, int *version, struct diag *why)
{
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_prepare_v2(h, "PRAGMA user_version", -1, &q, NULL) ==
                  SQLITE_OK &&
              sqlite3_step(q) == SQLITE_ROW;

    if (ok)
        *version = sqlite3_column_int(q, 0);
    else
        diag_set(why, "cannot read the database: %s. Is it a Tern database?",
                 sqlite3_errmsg(h));
    sqlite3_finalize(q);
    return ok;
}

static bool migrate_step(sqlite3 *h, int from, struct diag *why)
{
    char mark[48];

    (void)snprintf(mark, sizeof mark, "PRAGMA user_version = %d", from + 1);
    return run(h, SCHEMA_SQLITE[from], why) && run(h, mark, why);
}

/* The version is read again inside the transaction: two programs may open a
 * new database at the same time. */
static bool migrate(sqlite3 *h, struct diag *why)
{
    int version = 0;

    if (!run(h, "BEGIN IMMEDIATE", why))
        return false;
    bool ok = schema_version(h, &version, why);
    for (int v = version; ok && v < SCHEMA_SQLITE_VERSION; v++)
        ok = migrate_step(h, v, why);
    if (ok)
        return run(h, "COMMIT", why);
    (void)run(h, "ROLLBACK", NULL);
    return false;
}

static bool schema_ready(sqlite3 *h, bool writer, struct diag *why)
{
    int version = 0;

    if (!schema_version(h, &version, why))
        return false;
    if (version < 0 || version > SCHEMA_SQLITE_VERSION) {
        diag_set(why,
                 "the database has schema %d, this Tern knows up to %d: use "
                 "the newer Tern that made it, or restore a backup",
                 version, SCHEMA_SQLITE_VERSION);
        return false;
    }
    if (version == SCHEMA_SQLITE_VERSION)
        return true;
    if (writer)
        return migrate(h, why);
    diag_set(why,
             "the database has schema %d, not %d: start ternd once, it "
             "brings the schema up to date",
             version, SCHEMA_SQLITE_VERSION);
    return false;
}

static bool configure(sqlite3 *h, bool writer, struct diag *why)
{
    (void)sqlite3_extended_result_codes(h, 1);
    (void)sqlite3_busy_timeout(h, BUSY_MS);
    if (writer && !run(h, "PRAGMA journal_mode = WAL", why))
        return false;
    return run(h, "PRAGMA synchronous = FULL", why) &&
           run(h, "PRAGMA foreign_keys = ON", why) &&
           schema_ready(h, writer, why) &&
           (writer || run(h, "PRAGMA query_only = ON", why));
}

static struct db *db_open(const char *address, bool writer, struct diag *why)
{
    struct db *db = calloc(1, sizeof *db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                (writer ? SQLITE_OPEN_CREATE : 0);

    if (!db) {
        diag_set(why, "out of memory");
        return NULL;
    }
    if (sqlite3_open_v2(address, &db->handle, flags, NULL) != SQLITE_OK) {
        diag_set(why, "cannot open the database %s: %s", address,
                 db->handle ? sqlite3_errmsg(db->handle) : "out of memory");
    } else if (configure(db->handle, writer, why)) {
        return db;
    }
    (void)sqlite3_close(db->handle);
    free(db);
    return NULL;
}

static void db_close(struct db *db)
{
    (void)sqlite3_close(db->handle);
    free(db);
}

static struct db_stmt *prepare(struct db *db, const char *sql, struct diag *why)
{
    struct db_stmt *q = calloc(1, sizeof *q);

    if (!q) {
        diag_set(why, "out of memory");
        return NULL;
    }
    q->handle = db->handle;
    if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &q->stmt, NULL) != SQLITE_OK) {
        diag_set(why, "database: %s (in: %.60s)", sqlite3_errmsg(db->handle),
                 sql);
        free(q);
        return NULL;
    }
    for (int i = 1; i <= DB_PARAMS_MAX; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "$%d", i);
        q->place[i] = sqlite3_bind_parameter_index(q->stmt, name);
    }
    return q;
}

static void finish(struct db_stmt *q)
{
    (void)sqlite3_finalize(q->stmt);
    free(q);
}

static ota_err bind_number(struct db_stmt *q, int param, int64_t value)
{
    return sqlite3_bind_int64(q->stmt, q->place[param], value) == SQLITE_OK
               ? OTA_OK
               : OTA_ERR_IO;
}

static ota_err bind_text(struct db_stmt *q, int param, const char *value)
{
    return sqlite3_bind_text(q->stmt, q->place[param], value, -1,
                             SQLITE_STATIC) == SQLITE_OK
               ? OTA_OK
               : OTA_ERR_IO;
}

static ota_err step(struct db_stmt *q, bool *row, struct diag *why)
{
    int rc = sqlite3_step(q->stmt);

    *row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return OTA_OK;
    diag_set(why, "database: %s", sqlite3_errmsg(q->handle));
    return error_of(sqlite3_extended_errcode(q->handle));
}

static int64_t number(struct db_stmt *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

static const char *text(struct db_stmt *q, int column)
{
    return (const char *)sqlite3_column_text(q->stmt, column);
}

static void reset(struct db_stmt *q)
{
    (void)sqlite3_reset(q->stmt);
    (void)sqlite3_clear_bindings(q->stmt);
}

static bool in_transaction(struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

const struct db_driver db_sqlite = {
    .scheme = "sqlite",
    .begin = "BEGIN IMMEDIATE",
    .open = db_open,
    .close = db_close,
    .prepare = prepare,
    .finish = finish,
    .bind_number = bind_number,
    .bind_text = bind_text,
    .step = step,
    .number = number,
    .text = text,
    .reset = reset,
    .in_transaction = in_transaction,
};
