/* schema_sqlite.c - the tables and indexes.
 *
 * Enumerations are stored by their number in model.h, so values there are
 * only ever added at the end. A task is unfinished while its state is < 4
 * (before SUCCEEDED).
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/store/schema_sqlite.h"

#include "server/core/model.h"

_Static_assert(TASK_SUCCEEDED == 4, "the indexes below say state < 4");

static const char VERSION_1[] =
    "CREATE TABLE product ("
    " id INTEGER PRIMARY KEY,"
    " key TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL) STRICT;"

    "CREATE TABLE device ("
    " id INTEGER PRIMARY KEY,"
    " product_key TEXT NOT NULL REFERENCES product(key),"
    " name TEXT NOT NULL,"
    " secret TEXT NOT NULL,"
    " enabled INTEGER NOT NULL,"
    " version TEXT NOT NULL,"
    " agent TEXT NOT NULL,"
    " online INTEGER NOT NULL,"
    " epoch TEXT NOT NULL,"
    " boot_epoch TEXT NOT NULL,"
    " begun INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL,"
    " seen_ms INTEGER NOT NULL,"
    " informed_ms INTEGER NOT NULL,"
    " row_version INTEGER NOT NULL,"
    " UNIQUE (product_key, name)) STRICT;"

    "CREATE TABLE package ("
    " id INTEGER PRIMARY KEY,"
    " product_key TEXT NOT NULL REFERENCES product(key),"
    " name TEXT NOT NULL,"
    " module TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " state INTEGER NOT NULL,"
    " sign_method INTEGER NOT NULL,"
    " size_bytes INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL,"
    " md5 TEXT NOT NULL,"
    " image TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL,"
    " row_version INTEGER NOT NULL,"
    " blob_id TEXT NOT NULL) STRICT;"
    "CREATE INDEX package_by_blob ON package (blob_id);"
    "CREATE INDEX package_by_product ON package (product_key, id);"

    "CREATE TABLE job ("
    " id INTEGER PRIMARY KEY,"
    " package_id INTEGER NOT NULL REFERENCES package(id),"
    " type INTEGER NOT NULL,"
    " state INTEGER NOT NULL,"
    " timeout_minutes INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL,"
    " row_version INTEGER NOT NULL,"
    " sources TEXT NOT NULL) STRICT;"
    "CREATE INDEX job_by_package ON job (package_id, id);"

    "CREATE TABLE task ("
    " id INTEGER PRIMARY KEY,"
    " job_id INTEGER NOT NULL REFERENCES job(id),"
    " package_id INTEGER NOT NULL REFERENCES package(id),"
    " device_id INTEGER NOT NULL REFERENCES device(id),"
    " state INTEGER NOT NULL,"
    " step INTEGER NOT NULL,"
    " pushes INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL,"
    " epoch TEXT NOT NULL,"
    " reason TEXT NOT NULL,"
    " source_version TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL,"
    " changed_ms INTEGER NOT NULL,"
    " deadline_ms INTEGER NOT NULL,"
    " row_version INTEGER NOT NULL) STRICT;"
    /* The rule itself: a device has at most one task that is not over. */
    "CREATE UNIQUE INDEX task_unfinished ON task (device_id)"
    " WHERE state < 4;"
    "CREATE INDEX task_due ON task (deadline_ms)"
    " WHERE state < 4 AND deadline_ms > 0;"
    "CREATE INDEX task_open_by_job ON task (job_id) WHERE state < 4;"
    "CREATE INDEX task_open_by_package ON task (package_id) WHERE state < 4;"
    "CREATE INDEX task_by_device ON task (device_id, id);"
    "CREATE INDEX task_by_job ON task (job_id, id);"
    "CREATE INDEX task_by_package ON task (package_id, id);"

    "CREATE TABLE event ("
    " id INTEGER PRIMARY KEY,"
    " at_ms INTEGER NOT NULL,"
    " actor TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " product_key TEXT NOT NULL,"
    " device_name TEXT NOT NULL,"
    " package_id INTEGER NOT NULL,"
    " job_id INTEGER NOT NULL,"
    " task_id INTEGER NOT NULL,"
    " text TEXT NOT NULL) STRICT;"
    "CREATE INDEX event_by_task ON event (task_id, id) WHERE task_id > 0;"
    "CREATE INDEX event_by_job ON event (job_id, id) WHERE job_id > 0;"
    "CREATE INDEX event_by_package ON event (package_id, id)"
    " WHERE package_id > 0;"
    "CREATE INDEX event_by_device ON event (product_key, device_name, id);"

    "CREATE TABLE token ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " role INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL UNIQUE,"
    " created_ms INTEGER NOT NULL) STRICT;";

/* For the console: what a product's devices take, what was checked of a
 * package, events that a program can read, and people who signed in. */
static const char VERSION_2[] =
    "ALTER TABLE product ADD COLUMN"
    " slot_bytes INTEGER NOT NULL DEFAULT 1048576;"
    "ALTER TABLE product ADD COLUMN points TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE product ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE package ADD COLUMN checks TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX package_by_state ON package (state, id);"
    "ALTER TABLE event ADD COLUMN state TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE event ADD COLUMN step INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE event ADD COLUMN version TEXT NOT NULL DEFAULT '';"

    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY,"
    " token_id INTEGER NOT NULL REFERENCES token(id),"
    " sha256 TEXT NOT NULL UNIQUE,"
    " created_ms INTEGER NOT NULL,"
    " expires_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX session_by_token ON session (token_id);"
    "CREATE INDEX session_due ON session (expires_ms);";

/* They may be RSA keys as well. */
static const char VERSION_3[] =
    "ALTER TABLE product RENAME COLUMN points TO release_keys;";

const char *const SCHEMA_SQLITE[SCHEMA_SQLITE_VERSION] = {VERSION_1, VERSION_2,
                                                          VERSION_3};
