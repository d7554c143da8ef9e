/* agent.h - the device's update agent.
 *
 * One struct of the caller, one call in a loop: agent_poll() does a bounded
 * amount of work (at most one flash sector erased, one piece of at most 2,048
 * bytes written, or read back and hashed) and returns, so the application keeps
 * running, whatever the image's size. The longest of them beside an erase
 * checks the signature (image_verify.h: 11.4 M instructions on a Cortex-M7, 19
 * ms at 600 MHz, interrupts enabled). Its stack is about 3 KiB, the most of all
 * calls.
 *
 * Start reading at agent.c; the diagram is the table in agent_step.c; what is
 * said on the wire is spec/device-protocol.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_H
#define TERN_AGENT_H

#include "agent/agent_limits.h"
#include "boot/boot_api.h"
#include "image/image_verify.h"
#include "port/port_clock.h"
#include "port/port_link.h"
#include "port/port_log.h"
#include "port/port_net.h"
#include "port/port_rng.h"

/* May this firmware be kept? */
enum agent_fitness {
    AGENT_FIT,     /* yes: it is confirmed */
    AGENT_NOT_YET, /* the self-test goes on */
    AGENT_UNFIT,   /* no: reset, and the bootloader goes back */
};

/* All pointers are borrowed for the life of the agent; strings end in NUL. */
struct agent_config {
    const char *product_key;
    const char *device_name;
    const char *device_secret;
    const char *mqtt_host;
    uint16_t mqtt_port;
    uint16_t http_port; /* for download URLs that name no port */
    uint32_t trial_ms;  /* an unconfirmed trial resets after this */
    struct image_keys keys;

    const struct port_flash *flash;
    const struct port_net *net;
    const struct port_link *link;
    const struct port_clock *clock;
    const struct port_rng *rng;
    const struct port_log *log;

    /* The application's self-test, asked at each poll once the link is up and
     * the trial boot is reported, until it has an answer or trial_ms are over.
     * May be NULL (always AGENT_FIT). */
    enum agent_fitness (*self_test)(void *ctx);
    void *self_test_ctx;
};

/* What the caller must do after a poll. */
enum agent_want {
    AGENT_CONTINUE, /* poll again: at once if agent_busy(), else within
                       AGENT_IDLE_MS */
    AGENT_RESET,    /* reset the system now; everything is saved, and reported
                       if the server could be reached within AGENT_LEAVE_MS */
};

struct agent; /* complete in agent/agent_state.h, so that it can be static */

/* Prepare the agent; touches nothing but reads the boot status and the running
 * image's version.
 *
 * Returns OTA_OK; OTA_ERR_RANGE a name is empty or too long
 *         (agent_limits.h), or trial_ms is 0; OTA_ERR_IO, OTA_ERR_CORRUPT the
 * flash or the running image's header cannot be read. */
TERN_MUST_USE ota_err agent_init(struct agent *a, const struct agent_config *c);

enum agent_want agent_poll(struct agent *a);

/* Did the last poll find work, so that the next one should not wait? false: the
 * agent waits for the network or a timer, AGENT_IDLE_MS do no harm. */
bool agent_busy(const struct agent *a);

/* The running firmware's version as the image header has it. */
const char *agent_version(const struct agent *a);

#endif
