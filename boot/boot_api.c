/* boot_api.c - the application's side of the boot record. Start at happen():
 * each call is one event of the table in boot_step.c.
 *
 * Tests: test/unit/boot/test_boot_api.c, test/sweep/boot_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/boot_api.h"

#include "boot/boot_place.h"
#include "boot/boot_step.h"

/* A record that may not be the newest is none to decide by, nor is one by which
 * the slots are the bootloader's (a flash that failed while they were being
 * exchanged). */
static ota_err load(const struct port_flash *f, struct boot_record *r)
{
    if (boot_record_load(f, r) != OTA_OK || boot_place_pending(r))
        return OTA_ERR_IO;
    return OTA_OK;
}

ota_err boot_status_load(const struct port_flash *f, struct boot_status *out)
{
    struct boot_record r;
    ota_err e = load(f, &r);

    if (e != OTA_OK)
        return e;
    *out = (struct boot_status){
        .state = r.state,
        .running = boot_running(&r),
        .inactive = slot_other(boot_running(&r)),
        .outcome = r.outcome,
        .outcome_reported = r.outcome_reported,
        .outcome_version = r.outcome_version,
        .outcome_error = r.outcome_error,
        .outcome_cause = r.outcome_cause,
        .security_floor = r.security_floor,
    };
    return OTA_OK;
}

static ota_err store_if_changed(const struct port_flash *f,
                                const struct boot_record *now,
                                const struct boot_record *next)
{
    return boot_record_same(now, next) ? OTA_OK : boot_record_store(f, next);
}

/* Version and security counter of the image that is running. */
static ota_err running_facts(const struct port_flash *f,
                             const struct boot_record *r,
                             struct boot_facts *facts)
{
    struct boot_slot_source slot;
    struct image_source src = boot_slot_source(&slot, f, boot_running(r));
    struct image_info info;
    ota_err e = image_parse(&info, &src, NULL);

    *facts = (struct boot_facts){0};
    if (e != OTA_OK)
        return e;
    facts->version = info.version;
    facts->counter = info.security_counter;
    facts->mark = image_mark(&info);
    return OTA_OK;
}

static ota_err happen(const struct port_flash *f, enum boot_event ev)
{
    struct boot_record now, next;
    struct boot_facts facts = {0};
    struct boot_rule rule;
    ota_err e = load(f, &now);

    if (e != OTA_OK)
        return e;
    rule = boot_rule(&now, ev);
    if (rule.act == ACT_REFUSE)
        return OTA_ERR_STATE;
    if (rule.act == ACT_CONFIRM || rule.act == ACT_ARM) {
        e = running_facts(f, &now, &facts);
        if (e == OTA_ERR_IO)
            return e;
        /* Confirming an image that the bootloader will not find again would
         * be keeping nothing. Arming a replacement for it is the cure. */
        if (e != OTA_OK && rule.act == ACT_CONFIRM)
            return OTA_ERR_CORRUPT;
    }
    next = now;
    boot_apply(&next, &rule, &facts);
    return store_if_changed(f, &now, &next);
}

ota_err boot_slot_release(const struct port_flash *f)
{
    return happen(f, EV_RELEASE);
}

ota_err boot_trial_request(const struct port_flash *f)
{
    return happen(f, EV_ARM);
}

ota_err boot_confirm(const struct port_flash *f)
{
    return happen(f, EV_CONFIRM);
}

ota_err boot_outcome_reported(const struct port_flash *f)
{
    struct boot_record now, next;
    ota_err e = load(f, &now);

    if (e != OTA_OK)
        return e;
    next = now;
    next.outcome_reported = now.outcome != OUTCOME_NONE;
    return store_if_changed(f, &now, &next);
}
