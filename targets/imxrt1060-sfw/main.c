/* main.c - the demonstration firmware: two Hello tasks and the update agent
 * beside each other, on bare metal. Start at main(); the tasks are TASKS.
 *
 * What a release does of its own is in targets/hello/release_*.c, its version
 * in the image header, who the device is in the provisioning sector.
 * Tests: test/system/test_sfw.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent.h"
#include "agent/agent_state.h"
#include "base/provision.h"
#include "base/text.h"
#include "boot/boot_api.h"
#include "port/imxrt1060/clocks.h"
#include "port/imxrt1060/core.h"
#include "port/imxrt1060/enet.h"
#include "port/imxrt1060/flexspi_flash.h"
#include "port/imxrt1060/gpt_clock.h"
#include "port/imxrt1060/imxrt1060_regs.h"
#include "port/imxrt1060/lpuart.h"
#include "port/imxrt1060/lpuart_log.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/ocotp.h"
#include "port/imxrt1060/snvs.h"
#include "port/imxrt1060/start.h"
#include "port/imxrt1060/trng.h"
#include "port/imxrt1060/wdog.h"
#include "port/lwip/lwip_link.h"
#include "port/lwip/lwip_net.h"
#include "port/lwip/lwip_stack.h"
#include "targets/hello/hello_release.h"
#include "targets/hello/hello_tasks.h"
#include "targets/imxrt1060-sbl/keys.h"
#include "targets/imxrt1060-sfw/scheduler.h"
#include "targets/imxrt1060-sfw/sfw_limits.h"
#include "targets/imxrt1060-sfw/sfw_memory.h"
#include "targets/imxrt1060-sfw/timed_flash.h"

/* All of the program's memory but the network's. */
static struct {
    struct port_clock clock;
    struct port_log log;
    struct timed_flash flash;
    struct trng trng;
    struct port_frame frame;
    struct lwip_net net;
    struct lwip_link link;
    struct provision identity;
    struct hello_tasks hello;
    struct agent agent;
    bool online;  /* there is an identity, and the agent runs */
    bool trial;   /* as this boot found it */
    bool network; /* the agent may begin */
    uint8_t sector[FLASH_SECTOR_BYTES];
} app;

static void say(const char *line)
{
    app.log.line(app.log.ctx, line);
}

static uint32_t now_ms(void)
{
    return app.clock.now_ms(app.clock.ctx);
}

__attribute__((noreturn)) static void reset(void)
{
    enet_end();
    lpuart_flush();
    m7_reset();
}

/* --- the tasks ------------------------------------------------------------ */

static bool run_network(void *ctx)
{
    (void)ctx;
    return lwip_poll();
}

/* How long the application stood still for this update, beside what no update
 * can do without. */
static void say_gap(void)
{
    char line[SFW_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    text_format(&t,
                "the Hello tasks never waited longer than %u ms; erasing one "
                "sector took %u ms",
                (unsigned)app.hello.longest_gap_ms,
                (unsigned)app.flash.longest_erase_ms);
    say(line);
}

/* Worth trying? Yes as well when the network takes too long: the agent says so,
 * and ends a trial that gets nowhere. */
static bool network_is_there(void)
{
    if (lwip_is_up() || now_ms() >= SFW_NETWORK_MS)
        app.network = true;
    return app.network;
}

static bool run_agent(void *ctx)
{
    (void)ctx;
    if (!network_is_there())
        return false;
    if (!app.online) {
        if (app.trial && now_ms() >= SFW_TRIAL_MS) {
            say("nobody can confirm this trial: the bootloader goes back");
            reset();
        }
        return false;
    }
    if (agent_poll(&app.agent) == AGENT_RESET) {
        say_gap();
        reset();
    }
    return agent_busy(&app.agent);
}

static bool run_hello(void *ctx)
{
    (void)ctx;
    hello_tasks_run(&app.hello, now_ms());
    return false;
}

static bool run_watchdog(void *ctx)
{
    (void)ctx;
    wdog_service(); /* this far means: every task has returned */
    return false;
}

static const struct task TASKS[] = {
    {"network", run_network, NULL},
    {"agent", run_agent, NULL},
    {"hello", run_hello, NULL},
    {"watchdog", run_watchdog, NULL},
};

/* --- the start ------------------------------------------------------------ */

static const char *cause_text(uint32_t cause)
{
    switch ((enum boot_reset_cause)cause) {
    case RESET_POWER_ON:
        return "power-on";
    case RESET_SOFTWARE:
        return "software";
    case RESET_WATCHDOG:
        return "watchdog";
    case RESET_PIN:
        return "reset pin";
    case RESET_UNKNOWN:
        break;
    }
    return "unknown";
}

/* "chip 0123456789ABCDEF, last reset by power-on". */
static void say_chip(void)
{
    uint64_t id = ocotp_unique_id();
    uint8_t bytes[8];
    char line[SFW_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(id >> (56 - 8 * i));
    text_add(&t, "chip ");
    text_add_hex(&t, bytes, sizeof bytes, true);
    text_add(&t, ", last reset by ");
    text_add(&t, cause_text(snvs_note_get()));
    say(line);
}

static void ports_begin(void)
{
    struct port_flash chip;

    app.clock = gpt_clock_begin();
    lpuart_begin();
    m7_interrupt_on(LPUART1_IRQ);
    m7_tick_on();
    app.log = lpuart_log(&app.clock);
    chip = flexspi_flash_begin();
    timed_flash_begin(&app.flash, &chip, &app.clock);
    trng_begin(&app.trng);
}

static ota_err network_begin(void)
{
    struct lwip_setup setup = {
        .frame = &app.frame,
        .clock = &app.clock,
        .rng = &app.trng.port,
        .log = &app.log,
        .hostname = "tern-board",
    };

    enet_address(setup.address);
    app.frame = enet_begin(&app.clock, setup.address);
    enet_wake_on();
    lwip_net_init(&app.net);
    lwip_link_init(&app.link, &app.clock);
    return lwip_begin(&setup);
}

/* False, after one sentence with what to do, if this board has no identity. */
static bool identity_read(void)
{
    const struct port_flash *f = &app.flash.port;
    struct provision_why why;
    char line[SFW_LINE_MAX];
    struct text t = text_in(line, sizeof line);
    ota_err e = f->read(f->ctx, FLASH_PROVISION, app.sector, sizeof app.sector);

    if (e != OTA_OK) {
        say("the provisioning sector cannot be read: no updates");
        return false;
    }
    e = provision_parse(&app.identity, app.sector, sizeof app.sector, &why);
    if (e == OTA_OK)
        return true;
    if (e == OTA_ERR_NOT_FOUND)
        text_add(&t, "this board has no identity");
    else
        text_format(&t, "this board's identity is wrong: %s must be %s",
                    why.field ? why.field : "it", why.rule);
    text_add(&t, ". No updates until `tern board provision` has written it");
    say(line);
    return false;
}

static enum agent_fitness self_test(void *ctx)
{
    return HELLO_RELEASE.self_test(ctx);
}

static bool agent_begin(void)
{
    const struct agent_config config = {
        .product_key = app.identity.product_key,
        .device_name = app.identity.device_name,
        .device_secret = app.identity.device_secret,
        .mqtt_host = app.identity.mqtt_host,
        .mqtt_port = app.identity.mqtt_port,
        .http_port = app.identity.http_port,
        .trial_ms = SFW_TRIAL_MS,
        .keys = SBL_KEYS,
        .flash = &app.flash.port,
        .net = &app.net.port,
        .link = &app.link.port,
        .clock = &app.clock,
        .rng = &app.trng.port,
        .log = &app.log,
        .self_test = self_test,
        .self_test_ctx = &app.hello,
    };
    char line[SFW_LINE_MAX];
    struct text t = text_in(line, sizeof line);

    ota_err e = agent_init(&app.agent, &config);
    if (e != OTA_OK)
        text_format(&t, "the agent cannot start: %s", ota_err_text(e));
    else
        text_format(&t, "%s of product %s", app.identity.device_name,
                    app.identity.product_key);
    say(line);
    return e == OTA_OK;
}

/* From the header of the image that runs, so that it cannot differ from what
 * the bootloader checks. */
static void say_version(void)
{
    struct boot_slot_source slot;
    struct boot_status status;
    struct image_source src;
    struct image_info info;
    char line[SFW_LINE_MAX], version[VERSION_TEXT_MAX];
    struct text t = text_in(line, sizeof line);

    if (boot_status_load(&app.flash.port, &status) != OTA_OK) {
        say("the boot record cannot be read");
        return;
    }
    app.trial = status.state == BOOT_TRIAL;
    src = boot_slot_source(&slot, &app.flash.port, status.running);
    if (image_parse(&info, &src, NULL) != OTA_OK) {
        say("the header of this image cannot be read back from flash");
        return;
    }
    version_format(&info.version, version);
    text_format(&t, "version %s in slot %u%s", version,
                (unsigned)status.running, app.trial ? ", on trial" : "");
    say(line);
    say(HELLO_RELEASE.note);
}

int main(void)
{
    const char *clocks_why;

    wdog_start(SFW_WATCHDOG_SECONDS);
    sfw_memory_begin();
    ota_err clocks = clocks_begin(&clocks_why);
    ports_begin();
    core_irq_restore(0);
    if (clocks != OTA_OK)
        say(clocks_why);
    say_version();
    say_chip();
    if (network_begin() != OTA_OK)
        say("the network cannot start: no updates");
    else if (identity_read())
        app.online = agent_begin();
    hello_tasks_init(&app.hello, &app.log, now_ms());
    scheduler_run(TASKS, sizeof TASKS / sizeof TASKS[0]);
}
