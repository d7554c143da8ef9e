/* store_private.h - a connection and its prepared statements. Private to
 * server/store.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_STORE_PRIVATE_H
#define TERN_SERVER_STORE_PRIVATE_H

#include "server/store/db.h"
#include "server/store/store.h"

/* More than there are different statements; the oldest leaves when full. */
enum { STORE_STATEMENTS_MAX = 128 };

struct store_statement {
    char *sql;
    struct db_stmt *stmt;
};

struct store {
    const struct db_driver *driver;
    struct db *db;
    struct store_statement cache[STORE_STATEMENTS_MAX];
    size_t cached;
    size_t oldest;
};

/* The prepared statement of this text, ready to bind; the store keeps it. */
struct db_stmt *store_prepare(struct store *s, const char *sql,
                              struct diag *why);

#endif
