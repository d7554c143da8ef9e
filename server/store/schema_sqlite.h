/* schema_sqlite.h - the tables, for SQLite: one script per schema version.
 *
 * A script that has been released is never changed; the next one goes after it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_SCHEMA_SQLITE_H
#define TERN_SERVER_SCHEMA_SQLITE_H

enum { SCHEMA_SQLITE_VERSION = 3 };

/* SCHEMA_SQLITE[n] brings version n to n + 1. */
extern const char *const SCHEMA_SQLITE[SCHEMA_SQLITE_VERSION];

#endif
