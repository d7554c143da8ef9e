/* agent_rig.h - a whole device around the real agent and the real boot core,
 * in one process: fake flash, clock, broker and file server, signed images.
 *
 * The server side is a small honest one: it pushes its task after an inform of
 * another version, answers pulls, and believes what it is told.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_AGENT_RIG_H
#define TERN_TEST_AGENT_RIG_H

#include "agent/agent_state.h"
#include "boot/boot.h"
#include "port/fake/fake_clock.h"
#include "port/fake/fake_flash.h"
#include "port/fake/fake_link.h"
#include "port/fake/fake_net.h"

enum {
    RIG_FLASH_BYTES = FLASH_EXCHANGE_MARKS + FLASH_EXCHANGE_MARKS_BYTES,
    RIG_IMAGE_MAX = 160 * 1024,
    RIG_LOG_MAX = 512 * 1024,
    RIG_TRIAL_MS = 60000,
    RIG_STEP_MS = 20, /* the clock goes on so much when the agent waits */
};

#define RIG_PUSH      "/ota/device/upgrade/a1pk/dev-01"
#define RIG_GET_REPLY "/sys/a1pk/dev-01/thing/ota/firmware/get_reply"
#define RIG_PROGRESS  "/ota/device/progress/a1pk/dev-01"
#define RIG_INFORM    "/ota/device/inform/a1pk/dev-01"
#define RIG_PULL      "/sys/a1pk/dev-01/thing/ota/firmware/get"
#define RIG_SECRET    "s3cretS3CRET0123456789"

struct rig_image {
    uint32_t len;
    uint8_t bytes[RIG_IMAGE_MAX];
};

/* What the server wants; data is the JSON object of the task. */
struct rig_server {
    bool open;       /* there is a task */
    bool push;       /* push after an inform (else only the pull brings it) */
    char target[32]; /* version of the task */
    char data[1024];
    bool succeeded;
    uint32_t failures;
    char failure[128]; /* text of the newest failing progress */
    char informed[32]; /* newest version heard */
};

struct rig {
    struct fake_flash *flash;
    struct fake_net net;
    struct fake_link link;
    struct fake_clock clock;
    struct fake_rng rng;
    struct port_log log;
    struct agent_config config;
    struct rig_server server;
    struct agent agent;
    struct boot_choice choice;  /* of the newest boot */
    enum agent_fitness fitness; /* what the self-test says */
    uint32_t self_tests;
    uint32_t log_len;
    char logged[RIG_LOG_MAX];
};

/* The keys: once per program. */
void rig_keys_new(void);
void rig_keys_free(void);

/* A signed image of about body_bytes; foreign: by a key nobody trusts. */
struct rig_image *rig_image_new(const char *version, uint32_t body_bytes,
                                bool foreign);

/* A device with this image in slot 1 and a blank rest; only the slots, the
 * journal and the boot record may be changed from now on, and without remap
 * what an exchange changes. The image is borrowed. Ends with free. */
struct rig *rig_new(const struct rig_image *installed);
void rig_free(struct rig *r);

/* A task for this image; its bytes are what the file server has. */
void rig_task(struct rig *r, const struct rig_image *img, const char *version);
/* The same with any JSON, e.g. to lie about the size. */
void rig_task_json(struct rig *r, const char *target, const char *data);

/* Reset: the boot core chooses, the agent begins. false: nothing boots, or the
 * agent cannot begin (e.g. power is off). */
bool rig_boot(struct rig *r, enum boot_reset_cause cause);

/* Poll until the agent wants a reset (true) or ms of its time are over, or the
 * flash is dead (false). */
bool rig_run(struct rig *r, uint32_t ms);

/* Poll until done(r). false: ms are over. */
bool rig_run_until(struct rig *r, bool (*done)(const struct rig *),
                   uint32_t ms);

/* Reset after reset until the server counts a success, or ms are over. */
bool rig_update(struct rig *r, uint32_t ms);

bool rig_has_logged(const struct rig *r, const char *text);
/* How often progress with this step and desc was published. */
uint32_t rig_count_step(const struct rig *r, const char *step,
                        const char *desc);

#endif
