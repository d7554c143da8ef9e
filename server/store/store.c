/* store.c - connections, transactions and the cache of prepared statements.
 *
 * The nouns are in store_product.c, store_device.c, ... over store_table.c.
 * Tests: test/unit/server_store/test_store.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/store.h"

#include <stdlib.h>
#include <string.h>

#include "server/store/store_private.h"
#include "server/store/store_table.h"

static const struct db_driver *const DRIVERS[] = {&db_sqlite};

static const struct db_driver *driver_of(const char *url, const char **address,
                                         struct diag *why)
{
    for (size_t i = 0; i < sizeof DRIVERS / sizeof DRIVERS[0]; i++) {
        size_t len = strlen(DRIVERS[i]->scheme);

        if (strncmp(url, DRIVERS[i]->scheme, len) == 0 && url[len] == ':' &&
            url[len + 1] != '\0') {
            *address = url + len + 1;
            return DRIVERS[i];
        }
    }
    diag_set(why, "\"%.100s\" names no database: say sqlite:/path/to/file",
             url);
    return NULL;
}

static struct store *open_as(const char *url, bool writer, struct diag *why)
{
    const char *address = NULL;
    const struct db_driver *driver = driver_of(url, &address, why);

    if (!driver)
        return NULL;
    struct store *s = calloc(1, sizeof *s);
    if (!s) {
        diag_set(why, "out of memory");
        return NULL;
    }
    s->driver = driver;
    s->db = driver->open(address, writer, why);
    if (s->db)
        return s;
    free(s);
    return NULL;
}

struct store *store_open(const char *url, struct diag *why)
{
    return open_as(url, true, why);
}

struct store *store_open_reader(const char *url, struct diag *why)
{
    return open_as(url, false, why);
}

static void forget(struct store *s, struct store_statement *c)
{
    if (c->stmt)
        s->driver->finish(c->stmt);
    free(c->sql);
    *c = (struct store_statement){NULL, NULL};
}

void store_close(struct store *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->cached; i++)
        forget(s, &s->cache[i]);
    s->driver->close(s->db);
    free(s);
}

static struct store_statement *place_for(struct store *s)
{
    if (s->cached < STORE_STATEMENTS_MAX)
        return &s->cache[s->cached++];
    struct store_statement *c = &s->cache[s->oldest];
    s->oldest = (s->oldest + 1) % STORE_STATEMENTS_MAX;
    forget(s, c);
    return c;
}

struct db_stmt *store_prepare(struct store *s, const char *sql,
                              struct diag *why)
{
    for (size_t i = 0; i < s->cached; i++) {
        if (s->cache[i].sql && strcmp(s->cache[i].sql, sql) == 0)
            return s->cache[i].stmt;
    }
    char *copy = strdup(sql);
    struct db_stmt *stmt = copy ? s->driver->prepare(s->db, sql, why) : NULL;
    if (!stmt) {
        if (!copy)
            diag_set(why, "out of memory");
        free(copy);
        return NULL;
    }
    *place_for(s) = (struct store_statement){copy, stmt};
    return stmt;
}

static ota_err plain(struct store *s, const char *sql, struct diag *why)
{
    return table_run(s, sql, NULL, 0, NULL, why);
}

ota_err store_begin(struct store *s, struct diag *why)
{
    return plain(s, s->driver->begin, why);
}

ota_err store_commit(struct store *s, struct diag *why)
{
    if (!s->driver->in_transaction(s->db)) {
        diag_set(why, "the database gave up the transaction by itself");
        return OTA_ERR_IO;
    }
    return plain(s, "COMMIT", why);
}

void store_rollback(struct store *s)
{
    struct diag ignored;

    if (s->driver->in_transaction(s->db))
        (void)plain(s, "ROLLBACK", &ignored);
}

ota_err store_mark(struct store *s, struct diag *why)
{
    return plain(s, "SAVEPOINT command", why);
}

ota_err store_keep(struct store *s, struct diag *why)
{
    return plain(s, "RELEASE SAVEPOINT command", why);
}

ota_err store_undo(struct store *s, struct diag *why)
{
    ota_err e = plain(s, "ROLLBACK TO SAVEPOINT command", why);

    return e == OTA_OK ? store_keep(s, why) : e;
}
