/* app_hello.c - the program in a slot: two Hello tasks and the update agent in
 * one loop. Start at main(); the loop is run().
 *
 * Tests: test/system/test_device.py
 *
 * SPDX-License-Identifier: MIT
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/agent_state.h"
#include "port/posix/posix_clock.h"
#include "port/posix/posix_flash.h"
#include "port/posix/posix_link.h"
#include "port/posix/posix_log.h"
#include "port/posix/posix_net.h"
#include "port/posix/posix_rng.h"
#include "targets/hello/hello_release.h"
#include "targets/hello/hello_tasks.h"
#include "targets/posix-device/device_files.h"
#include "targets/posix-device/device_options.h"

enum {
    EXIT_RESET = 64, /* what the board takes for a software reset */
    TRIAL_MS = 20000,
    IDLE_NS = 1000000,
};
_Static_assert(IDLE_NS <= AGENT_IDLE_MS * 1000000, "polled too seldom");

/* All of the program's memory, as on a device. */
static struct {
    struct device_options options;
    struct device_identity identity;
    uint8_t points[1][P256_POINT_BYTES];
    struct posix_clock clock;
    struct posix_flash flash;
    struct posix_link link;
    struct posix_log log;
    struct posix_net net;
    struct port_rng rng;
    struct hello_tasks tasks;
    struct agent agent;
} app;

static void say(const char *line)
{
    app.log.port.line(app.log.port.ctx, line);
}

static uint32_t now_ms(void)
{
    return app.clock.port.now_ms(app.clock.port.ctx);
}

static _Noreturn void give_up(const char *why)
{
    say(why);
    exit(DEVICE_EXIT_FAILED);
}

static void ports_begin(void)
{
    char why[DEVICE_WHY_MAX];

    posix_clock_init(&app.clock);
    posix_log_init(&app.log, &app.clock.port, STDOUT_FILENO);
    posix_net_init(&app.net);
    app.rng = posix_rng();
    if (device_identity_read(&app.identity, app.options.identity, why) !=
            OTA_OK ||
        device_key_read(app.points[0], app.options.key, why) != OTA_OK ||
        posix_flash_open(&app.flash, app.options.flash, why) != OTA_OK)
        give_up(why);
    if (posix_link_init(&app.link) != OTA_OK)
        give_up("the MQTT library cannot be used");
}

static enum agent_fitness self_test(void *ctx)
{
    return HELLO_RELEASE.self_test(ctx);
}

static void agent_begin(void)
{
    const struct provision *identity = &app.identity.identity;
    const struct agent_config config = {
        .product_key = identity->product_key,
        .device_name = identity->device_name,
        .device_secret = identity->device_secret,
        .mqtt_host = identity->mqtt_host,
        .mqtt_port = identity->mqtt_port,
        .http_port = identity->http_port,
        .trial_ms = TRIAL_MS,
        .keys = {.points = (const uint8_t(*)[P256_POINT_BYTES])app.points,
                 .count = 1},
        .flash = &app.flash.port,
        .net = &app.net.port,
        .link = &app.link.port,
        .clock = &app.clock.port,
        .rng = &app.rng,
        .log = &app.log.port,
        .self_test = self_test,
        .self_test_ctx = &app.tasks,
    };
    char line[160];

    ota_err e = agent_init(&app.agent, &config);
    if (e != OTA_OK) {
        (void)snprintf(line, sizeof line, "the agent cannot start: %s",
                       ota_err_text(e));
        give_up(line);
    }
    (void)snprintf(line, sizeof line, "version %s", agent_version(&app.agent));
    say(line);
    say(HELLO_RELEASE.note);
}

/* Until the agent wants a reset. Neither the tasks nor the agent ever wait, so
 * one loop serves both. */
static void run(void)
{
    const struct timespec idle = {.tv_nsec = IDLE_NS};

    hello_tasks_init(&app.tasks, &app.log.port, now_ms());
    for (;;) {
        hello_tasks_run(&app.tasks, now_ms());
        if (agent_poll(&app.agent) == AGENT_RESET)
            return;
        if (!agent_busy(&app.agent))
            (void)nanosleep(&idle, NULL); /* waking early does no harm */
    }
}

int main(int argc, char **argv)
{
    char line[96];

    (void)signal(SIGPIPE, SIG_IGN); /* a board survives a closed console */
    device_options_parse(&app.options, argc, argv,
                         "The program in a slot. tern-device starts it; it "
                         "is not meant to be started by hand.\n");
    ports_begin();
    agent_begin();
    run();
    (void)snprintf(line, sizeof line,
                   "the Hello tasks never waited longer than %u ms",
                   app.tasks.longest_gap_ms);
    say(line);
    posix_link_end(&app.link);
    return EXIT_RESET;
}
