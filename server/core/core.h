/* core.h - the one thread that changes state: commands in, events out.
 *
 * Every command is: load, pure step (task_step.h, package_step.h), save with a
 * version check, inside the transaction of its batch. Only after the commit are
 * effects given out and `done` called, so nobody ever hears of what a crash
 * could take back. Adapters (http, mqtt) submit; they never write.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_CORE_H
#define TERN_SERVER_CORE_H

#include "server/core/model.h"

struct store;
struct core;
struct push; /* push.h */

enum { DIAG_MAX = 256 };
struct diag {
    char text[DIAG_MAX]; /* a sentence: what was wrong, where, what to do */
};

/* Write the sentence; too long is cut. why may be NULL. */
void diag_set(struct diag *why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum core_command_type {
    /* from people; actor is the token's name */
    CMD_PRODUCT_CREATE, /* product.key may be "": one is made up */
    CMD_PRODUCT_SLOT,   /* product.key, .slot_bytes */
    CMD_PRODUCT_KEYS,   /* product.key, .release_keys */
    CMD_DEVICE_CREATE,  /* device.secret may be "": one is made up */
    CMD_DEVICE_ENABLE,  /* device.product_key, .name, .enabled */
    CMD_PACKAGE_CREATE, /* package; its blob is already durable */
    CMD_PACKAGE_VERIFY, /* verify */
    CMD_TASK_CANCEL,    /* id */
    CMD_TOKEN_CREATE,   /* token */
    CMD_TOKEN_REVOKE,   /* id; its sessions end too */
    CMD_SESSION_BEGIN,  /* session.token_id, .sha256 */
    CMD_SESSION_EXTEND, /* id: it was used */
    CMD_SESSION_END,    /* id */
    /* from devices, through the broker */
    CMD_DEVICE_ONLINE,   /* seen */
    CMD_DEVICE_OFFLINE,  /* seen */
    CMD_DEVICE_INFORM,   /* seen */
    CMD_DEVICE_PROGRESS, /* seen */
    CMD_DEVICE_GET,      /* seen: asks for its task */
    /* from the house */
    CMD_BROKER_LOST, /* everybody is offline until heard of again */
    CMD_TICK,        /* time passed: deadlines, sessions */
};

struct cmd_verify {
    int64_t package_id;
    uint32_t timeout_minutes;
    uint32_t source_count;
    char sources[MODEL_SOURCES_MAX][MODEL_VERSION_MAX];
    uint32_t device_count;
    char devices[MODEL_TARGETS_MAX][IDENTITY_DEVICE_NAME_MAX];
};

struct cmd_seen {
    char product_key[IDENTITY_PRODUCT_KEY_MAX];
    char device_name[IDENTITY_DEVICE_NAME_MAX];
    char epoch[IDENTITY_EPOCH_MAX];  /* ONLINE, OFFLINE */
    char agent[MODEL_NAME_MAX];      /* ONLINE */
    char module[MODEL_MODULE_MAX];   /* "default" if the message had none */
    char version[MODEL_VERSION_MAX]; /* INFORM */
    int32_t step;                    /* PROGRESS */
    uint32_t task;             /* PROGRESS: which it is about; 0: not said */
    char desc[MODEL_DESC_MAX]; /* PROGRESS */
    char request_id[24];       /* GET: the id to echo */
};

struct core_result {
    ota_err error;
    struct diag why;                    /* "" when OTA_OK */
    int64_t id;                         /* of the row made, or 0 */
    char key[IDENTITY_PRODUCT_KEY_MAX]; /* PRODUCT_CREATE */
};

struct core_command {
    enum core_command_type type;
    char actor[MODEL_NAME_MAX];
    union {
        struct product product;
        struct device device;
        struct package package;
        const struct cmd_verify *verify; /* borrowed until done() */
        struct token token;
        struct session session;
        struct cmd_seen seen;
        int64_t id;
    } u;

    /* Called once, on the core's thread, after the commit (or the refusal).
     * May be NULL. Must not block. */
    void (*done)(void *ctx, const struct core_result *r);
    void *ctx;
};

/* What leaves the core after a commit; called on the core's thread. */
struct core_effects {
    void *ctx;
    /* Deliver it over the device's connection `epoch`. */
    void (*push)(void *ctx, const char *epoch, const struct push *p);
    /* A device's key is new, or it was disabled (enabled false). */
    void (*device_key)(void *ctx, const struct device *d);
    /* There may be new events. May be NULL. */
    void (*committed)(void *ctx);
};

struct core_config {
    struct store *store; /* borrowed; the core is its only writer */
    struct core_effects effects;
    model_ms (*now_ms)(void *ctx); /* wall clock; tests give their own */
    void *now_ctx;
    /* Download links (link.h). */
    char url_host[128]; /* no port */
    uint16_t url_port;  /* added for agents that can take it */
    uint8_t link_key[32];
    uint32_t link_seconds;
    model_ms session_ms; /* a session ends so long after its last use */
};

/* Start the thread. NULL: out of memory or threads; why says so. */
struct core *core_start(const struct core_config *c, struct diag *why);

/* Copy the command into the queue. Blocks while the queue is full (16,384). */
void core_submit(struct core *c, const struct core_command *cmd);

/* Submit and wait for the result. Never from the core's own thread. */
struct core_result core_call(struct core *c, const struct core_command *cmd);

/* Finish what is queued, then stop and free. */
void core_stop(struct core *c);

#endif
