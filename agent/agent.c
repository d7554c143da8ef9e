/* agent.c - where the agent begins: init, and one poll. Read on in talk.c (the
 * conversation with the server) and update.c (from a push to an armed trial);
 * the order of things is in agent_step.c.
 *
 * Tests: test/unit/agent/test_agent_*.c, test/sweep/update_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "agent/agent.h"

#include <string.h>

#include "agent/agent_state.h"

enum { WRITE_BYTES_MAX = 8 }; /* a journal mark is the smallest write */

uint32_t agent_back_off_ms(struct agent *a, uint8_t tries)
{
    const struct port_rng *rng = a->config.rng;
    uint32_t ms = AGENT_RETRY_MS_MIN;

    while (--tries > 0 && ms < AGENT_RETRY_MS_MAX)
        ms *= 2;
    if (ms > AGENT_RETRY_MS_MAX)
        ms = AGENT_RETRY_MS_MAX;
    return ms + rng->u32(rng->ctx) % (ms / 2 + 1);
}

static ota_err running_version(struct agent *a)
{
    struct boot_slot_source slot;
    struct image_source src =
        boot_slot_source(&slot, a->config.flash, a->boot.running);
    struct image_info info;

    ota_err e = image_parse(&info, &src, NULL);
    if (e == OTA_ERR_NOT_FOUND || e == OTA_ERR_FULL)
        e = OTA_ERR_CORRUPT;
    if (e == OTA_OK)
        version_format(&info.version, a->version);
    return e;
}

ota_err agent_init(struct agent *a, const struct agent_config *c)
{
    memset(a, 0, sizeof *a);
    a->config = *c;
    a->now = c->clock->now_ms(c->clock->ctx);
    a->update.http.net = c->net;

    if (c->trial_ms == 0 || c->flash->erase_bytes != FLASH_SECTOR_BYTES ||
        c->flash->write_bytes > WRITE_BYTES_MAX)
        return OTA_ERR_RANGE;
    ota_err e = login_make(&a->login, c);
    if (e == OTA_OK)
        e = boot_status_load(c->flash, &a->boot);
    if (e == OTA_OK)
        e = running_version(a);
    if (e == OTA_OK)
        talk_begin(a);
    return e;
}

enum agent_want agent_poll(struct agent *a)
{
    a->now = a->config.clock->now_ms(a->config.clock->ctx);
    a->busy = false;
    talk_poll(a);
    if (a->want != AGENT_RESET)
        update_poll(a);
    return a->want;
}

bool agent_busy(const struct agent *a)
{
    return a->busy;
}

const char *agent_version(const struct agent *a)
{
    return a->version;
}
