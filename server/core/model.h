/* model.h - the nouns of the server: product, device, package, job, task.
 *
 * Plain values, no pointers: they may be copied and kept. Texts end in NUL and
 * are checked (server/core/identity.h) before they get into a struct.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_MODEL_H
#define TERN_SERVER_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "server/core/identity.h"

enum {
    MODEL_NAME_MAX = 81,    /* names people give, bytes with NUL */
    MODEL_VERSION_MAX = 65, /* [A-Za-z0-9._+-]{1,64} and NUL */
    MODEL_MODULE_MAX = 33,
    MODEL_DESC_MAX = 257,
    MODEL_SOURCES_MAX = 16,   /* source versions of one job */
    MODEL_TARGETS_MAX = 200,  /* devices named in one request */
    MODEL_KEYS_MAX = 4,       /* that may sign a product's packages */
    MODEL_KEY_TEXT_MAX = 513, /* the longest public key in hex, and NUL */
    MODEL_KEYS_TEXT_MAX = MODEL_KEYS_MAX * MODEL_KEY_TEXT_MAX,
    MODEL_CHECKS_MAX = 2048, /* checks.h */
    MODEL_SLOT_MIN = 4096,   /* bytes of a slot */
    MODEL_SLOT_MAX = 1000000000,
    MODEL_SLOT_DEFAULT = 1024 * 1024,
};

/* Times are milliseconds since 1970, UTC; 0 is "never" or "none". */
typedef int64_t model_ms;

struct product {
    int64_t id;
    char key[IDENTITY_PRODUCT_KEY_MAX];
    char name[MODEL_NAME_MAX];
    uint32_t slot_bytes; /* the largest image its devices can take */
    char release_keys[MODEL_KEYS_TEXT_MAX]; /* release_keys.h */
    model_ms created_ms;
    int64_t row_version;
};

struct device {
    int64_t id;
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char name[IDENTITY_DEVICE_NAME_MAX];
    char secret[IDENTITY_SECRET_MAX];
    bool enabled;
    char version[MODEL_VERSION_MAX]; /* last informed; "" if never */
    char agent[MODEL_NAME_MAX];      /* the client's _v=; "" if never seen */
    bool online;
    char epoch[IDENTITY_EPOCH_MAX];      /* of the present or last connection */
    char boot_epoch[IDENTITY_EPOCH_MAX]; /* in which it last informed: a new
                                            one means that it started anew */
    bool begun; /* it began an update since it started */
    model_ms created_ms, seen_ms, informed_ms;
    int64_t row_version; /* for the save with a version check */
};

enum package_state {
    PACKAGE_NOT_NEEDED, /* verification not needed */
    PACKAGE_UNVERIFIED,
    PACKAGE_VERIFYING,
    PACKAGE_VERIFIED,
    PACKAGE_VERIFY_FAILED,
};

enum sign_method { SIGN_MD5, SIGN_SHA256 };

struct package {
    int64_t id;
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char name[MODEL_NAME_MAX];
    char module[MODEL_MODULE_MAX]; /* "default" */
    char version[MODEL_VERSION_MAX];
    enum package_state state;
    enum sign_method sign_method;
    uint32_t size_bytes;
    char sha256[65]; /* lower-case hex; also names the blob */
    char md5[33];
    char image[MODEL_DESC_MAX];    /* what the header says, or why it is none */
    char checks[MODEL_CHECKS_MAX]; /* what was looked at (checks.h) */
    model_ms created_ms;
    int64_t row_version;
};

enum job_type { JOB_VERIFY_FIRMWARE, JOB_UPGRADE_FIRMWARE };
enum job_state { JOB_PLANNED, JOB_IN_PROGRESS, JOB_COMPLETED, JOB_CANCELED };

struct job {
    int64_t id;
    int64_t package_id;
    enum job_type type;
    enum job_state state;
    uint32_t timeout_minutes; /* 0 none; runs from the first progress */
    uint32_t source_count;
    char sources[MODEL_SOURCES_MAX][MODEL_VERSION_MAX];
    model_ms created_ms;
    int64_t row_version;
};

enum task_state {
    TASK_CONFIRM,
    TASK_QUEUED,
    TASK_NOTIFIED,
    TASK_IN_PROGRESS,
    TASK_SUCCEEDED,
    TASK_FAILED,
    TASK_CANCELED,
};

struct task {
    int64_t id;
    int64_t job_id;
    int64_t package_id;
    int64_t device_id;
    enum task_state state;
    int32_t step;      /* last progress: 0..100, or -1..-4 */
    uint32_t pushes;   /* how often the device was told */
    uint32_t attempts; /* how often it began; bounded (task_step.h) */
    char epoch[IDENTITY_EPOCH_MAX]; /* connection it was last told over */
    char reason[MODEL_DESC_MAX];    /* why it waits, or why it ended */
    char source_version[MODEL_VERSION_MAX]; /* when the task was made */
    model_ms created_ms, changed_ms;
    model_ms deadline_ms; /* 0 none */
    int64_t row_version;
};

/* One line of a timeline and of the audit log. */
struct event {
    int64_t id; /* grows by insertion; the cursor of /api/v1/events */
    model_ms at_ms;
    char actor[MODEL_NAME_MAX];  /* "device", "server", or a token's name */
    char kind[MODEL_MODULE_MAX]; /* "task.progress", "device.online", ... */
    char product_key[IDENTITY_PRODUCT_KEY_MAX]; /* "" if not about one */
    char device_name[IDENTITY_DEVICE_NAME_MAX]; /* "" if not about one */
    int64_t package_id, job_id, task_id;        /* 0 if not about one */
    char state[MODEL_MODULE_MAX];    /* that the thing went on to, or "" */
    int32_t step;                    /* of a device's progress, else 0 */
    char version[MODEL_VERSION_MAX]; /* informed, or the package's, or "" */
    char text[MODEL_DESC_MAX];
};

enum role { ROLE_VIEWER, ROLE_OPERATOR, ROLE_ADMIN }; /* each may all before */

struct token {
    int64_t id;
    char name[MODEL_NAME_MAX];
    enum role role;
    char sha256[65]; /* of the token's text; the text itself is never kept */
    model_ms created_ms;
};

/* Somebody who signed in with a token. */
struct session {
    int64_t id;
    int64_t token_id;
    char sha256[65]; /* of the cookie's text */
    model_ms created_ms;
    model_ms expires_ms; /* unless it is used before */
};

/* Wire names, e.g. "IN_PROGRESS"; never NULL. */
const char *package_state_name(enum package_state s);
bool package_state_parse(const char *name, enum package_state *out);
const char *job_type_name(enum job_type t);
const char *job_state_name(enum job_state s);
const char *task_state_name(enum task_state s);
const char *role_name(enum role r);
bool role_parse(const char *name, enum role *out);
bool task_is_over(enum task_state s);

#endif
