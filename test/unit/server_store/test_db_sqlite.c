/* test_db_sqlite.c - what is SQLite's own: settings that durability hangs on,
 * schema versions, files that are no database, values changed by hand, and
 * that the frequent questions use their indexes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "server/store/schema_sqlite.h"
#include "server/store/store.h"
#include "test/unit/server_store/store_url.h"

static sqlite3 *by_hand(const char *url)
{
    sqlite3 *h = NULL;

    assert_int_equal(sqlite3_open(url + strlen("sqlite:"), &h), SQLITE_OK);
    return h;
}

static void run(const char *url, const char *sql)
{
    sqlite3 *h = by_hand(url);

    assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(h);
}

static void sqlite_of_a_newer_schema_is_refused(void **state)
{
    char url[STORE_URL_MAX];
    struct diag why;

    (void)state;
    store_url_make(url);
    store_close(store_open(url, &why));
    run(url, "PRAGMA user_version = 99");
    assert_null(store_open(url, &why));
    assert_string_equal(why.text,
                        "the database has schema 99, this Tern knows up to 3: "
                        "use the newer Tern that made it, or restore a backup");
    store_url_drop(url);
}

/* Bring a file to schema 1 as the first release made it, by its own script. */
static void make_version_1(const char *url)
{
    run(url, SCHEMA_SQLITE[0]);
    run(url,
        "PRAGMA user_version = 1;"
        "INSERT INTO product VALUES (1, 'pk', 'lamp', 7);"
        "INSERT INTO package VALUES (1, 'pk', 'a', 'default', '1.4.0', 1, 1,"
        " 5, 'aa', 'bb', 'none', 4, 3, 'aa');"
        "INSERT INTO event VALUES (9, 4, 'ann', 'package.created', 'pk', '', 1,"
        " 0, 0, 'package a');"
        "INSERT INTO token VALUES (3, 'admin', 2, 'cc', 1)");
}

static void sqlite_release_keys_of_the_second_schema_stay(void **state)
{
    char url[STORE_URL_MAX];
    struct diag why;
    struct product p;

    (void)state;
    store_url_make(url);
    make_version_1(url);
    run(url, SCHEMA_SQLITE[1]);
    run(url,
        "PRAGMA user_version = 2; UPDATE product SET points = '04aa 04bb'");
    struct store *s = store_open(url, &why);
    assert_non_null(s);

    assert_int_equal(store_product_get(s, "pk", &p, &why), OTA_OK);
    assert_string_equal(p.release_keys, "04aa 04bb");
    store_close(s);
    store_url_drop(url);
}

static bool note_event(void *ctx, const struct event *ev)
{
    *(struct event *)ctx = *ev;
    return true;
}

static void sqlite_database_of_the_first_schema_opens(void **state)
{
    char url[STORE_URL_MAX];
    struct diag why;
    struct product p;
    struct package g;
    struct token t;
    struct event ev = {.id = 0};
    struct store_filter any = {.limit = 10};
    struct session n = {.token_id = 3, .sha256 = "dd", .expires_ms = 5};

    (void)state;
    store_url_make(url);
    make_version_1(url);
    assert_null(store_open_reader(url, &why)); /* it may not change it */
    struct store *s = store_open(url, &why);
    assert_non_null(s);

    assert_int_equal(store_product_get(s, "pk", &p, &why), OTA_OK);
    assert_string_equal(p.name, "lamp");
    assert_int_equal(p.slot_bytes, MODEL_SLOT_DEFAULT);
    assert_string_equal(p.release_keys, "");
    assert_int_equal(store_product_save(s, &p, &why), OTA_OK);
    assert_int_equal(store_package_get(s, 1, &g, &why), OTA_OK);
    assert_string_equal(g.checks, "");
    assert_int_equal(g.row_version, 3);
    assert_int_equal(store_package_save(s, &g, &why), OTA_OK);
    assert_int_equal(store_events(s, &any, note_event, &ev, &why), OTA_OK);
    assert_int_equal(ev.id, 9);
    assert_string_equal(ev.state, "");
    assert_int_equal(store_token_by_hash(s, "cc", &t, &why), OTA_OK);
    assert_int_equal(t.id, 3);
    assert_int_equal(store_session_add(s, &n, &why), OTA_OK);
    store_close(s);
    store_close(store_open(url, &why)); /* nothing is left to do */
    store_url_drop(url);
}

static void sqlite_reader_does_not_make_a_database(void **state)
{
    char url[STORE_URL_MAX];
    struct diag why;

    (void)state;
    store_url_make(url);
    assert_null(store_open_reader(url, &why));
    run(url, "PRAGMA user_version = 0");
    assert_null(store_open_reader(url, &why));
    assert_string_equal(why.text,
                        "the database has schema 0, not 3: start "
                        "ternd once, it brings the schema up to date");
    store_url_drop(url);
}

static void sqlite_file_that_is_no_database_is_refused(void **state)
{
    char url[STORE_URL_MAX];
    struct diag why;

    (void)state;
    store_url_make(url);
    FILE *f = fopen(url + strlen("sqlite:"), "w");
    assert_non_null(f);
    for (int i = 0; i < 1000; i++)
        (void)fputs("this is a text, not a database\n", f);
    (void)fclose(f);
    assert_null(store_open(url, &why));
    assert_non_null(strstr(why.text, "file is not a database"));
    assert_null(store_open("sqlite:/nowhere/at/all/tern.db", &why));
    assert_non_null(strstr(why.text, "/nowhere/at/all/tern.db"));
    store_url_drop(url);
}

static void sqlite_value_out_of_range_is_corrupt_not_believed(void **state)
{
    char url[STORE_URL_MAX];
    struct diag why;
    struct device d;
    struct package p;

    (void)state;
    store_url_make(url);
    struct store *s = store_open(url, &why);
    run(url, "INSERT INTO product VALUES (1, 'pk', 'n', 0, 4096, '', 0);"
             "INSERT INTO device VALUES (1, 'pk', 'd', printf('%0100d', 0), 1,"
             " '', '', 0, '', '', 0, 0, 0, 0, 0);"
             "INSERT INTO package VALUES (1, 'pk', 'n', 'm', 'v', 5, 0, 1, '',"
             " '', '', 0, 0, '', '')");
    assert_int_equal(store_device_get(s, "pk", "d", &d, &why), OTA_ERR_CORRUPT);
    assert_string_equal(why.text,
                        "the database holds a device whose secret is out of "
                        "range: was it changed by hand? Restore a backup");
    assert_int_equal(store_package_get(s, 1, &p, &why), OTA_ERR_CORRUPT);
    store_close(s);
    store_url_drop(url);
}

static int note_text(void *ctx, int columns, char **values, char **names)
{
    (void)names;
    assert_int_equal(columns, 1);
    (void)snprintf(ctx, 64, "%s", values[0]);
    return 0;
}

static void sqlite_file_is_in_wal_mode(void **state)
{
    char url[STORE_URL_MAX], mode[64] = "";
    struct diag why;

    (void)state;
    store_url_make(url);
    struct store *s = store_open(url, &why);
    sqlite3 *h = by_hand(url);
    assert_int_equal(
        sqlite3_exec(h, "PRAGMA journal_mode", note_text, mode, NULL),
        SQLITE_OK);
    assert_string_equal(mode, "wal");
    (void)sqlite3_close(h);
    store_close(s);
    store_url_drop(url);
}

static int note_scan(void *ctx, int columns, char **values, char **names)
{
    (void)names;
    assert_int_equal(columns, 4);
    if (strstr(values[3], "SCAN"))
        fail_msg("%s: %s", (const char *)ctx, values[3]);
    return 0;
}

/* As store_task.c and store_package.c ask them. A scan of the whole table per
 * message would stop a fleet (tasks are never deleted). */
static void sqlite_frequent_questions_use_an_index(void **state)
{
    static const char *const QUESTIONS[] = {
        "SELECT * FROM task WHERE 1 = 1 AND (device_id = $1) AND state < 4",
        "SELECT * FROM task WHERE 1 = 1 AND (deadline_ms <= $1) AND "
        "deadline_ms > 0 AND state < 4 ORDER BY deadline_ms LIMIT 1",
        "SELECT 1 FROM task WHERE job_id = $1 AND state < 4 LIMIT 1",
        "SELECT 1 FROM task WHERE package_id = $1 AND state < 4 LIMIT 1",
        "SELECT * FROM package WHERE 1 = 1 AND (blob_id = $1) ORDER BY id",
        "SELECT * FROM device WHERE (product_key = $1) AND (name = $2)",
        "SELECT * FROM event WHERE (task_id > 0 AND task_id = $1) AND "
        "(id > $2) ORDER BY id LIMIT $3",
        "SELECT * FROM event WHERE (product_key = $1) AND (device_name = $2) "
        "AND (id > $3) ORDER BY id LIMIT $4",
        "SELECT * FROM event WHERE (package_id > 0 AND package_id = $1) AND "
        "(id < $2) ORDER BY id DESC LIMIT $3",
        "SELECT * FROM task WHERE (device_id = $1) ORDER BY id DESC LIMIT 1",
        "SELECT * FROM job WHERE (package_id = $1) AND (type = $2) ORDER BY id "
        "DESC LIMIT 1",
        "SELECT * FROM session WHERE (sha256 = $1)",
        "SELECT * FROM session WHERE (expires_ms <= $1) ORDER BY expires_ms "
        "LIMIT 1",
        "DELETE FROM session WHERE token_id = $1",
    };
    char url[STORE_URL_MAX], sql[512];
    struct diag why;

    (void)state;
    store_url_make(url);
    store_close(store_open(url, &why));
    sqlite3 *h = by_hand(url);
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof QUESTIONS[0]; i++) {
        (void)snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", QUESTIONS[i]);
        assert_int_equal(sqlite3_exec(h, sql, note_scan, sql, NULL), SQLITE_OK);
    }
    (void)sqlite3_close(h);
    store_url_drop(url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlite_of_a_newer_schema_is_refused),
        cmocka_unit_test(sqlite_database_of_the_first_schema_opens),
        cmocka_unit_test(sqlite_release_keys_of_the_second_schema_stay),
        cmocka_unit_test(sqlite_reader_does_not_make_a_database),
        cmocka_unit_test(sqlite_file_that_is_no_database_is_refused),
        cmocka_unit_test(sqlite_value_out_of_range_is_corrupt_not_believed),
        cmocka_unit_test(sqlite_file_is_in_wal_mode),
        cmocka_unit_test(sqlite_frequent_questions_use_an_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
