/* boot_api.h - what an application may ask of the bootloader: which slot am I,
 * how did I get here, try the other slot, keep this one.
 *
 * All calls read and write the boot record in flash; the bootloader acts on it
 * at the next reset. One caller at a time (the agent's task).
 * Layout and state table: spec/boot-record.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_API_H
#define TERN_BOOT_API_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/version.h"
#include "boot/flash_layout.h"
#include "image/image.h"
#include "port/port_flash.h"

enum boot_state {
    BOOT_STEADY = 1, /* the active slot is confirmed and runs */
    BOOT_ARMED = 2,  /* the other slot is to be tried at the next reset */
    BOOT_TRIAL = 3,  /* the other slot was started and has not confirmed yet */
};

/* How the last attempt to change firmware ended. */
enum boot_outcome {
    OUTCOME_NONE = 0,
    OUTCOME_CONFIRMED = 1,      /* the trial image confirmed */
    OUTCOME_REJECTED = 2,       /* the bootloader refused to start it */
    OUTCOME_ROLLED_BACK = 3,    /* it started and did not confirm in time */
    OUTCOME_ACTIVE_CORRUPT = 4, /* the active slot went bad; the other runs:
                                   STEADY if it was confirmed, else TRIAL */
};

enum boot_reset_cause {
    RESET_UNKNOWN = 0, /* the target cannot tell, or there is no outcome */
    RESET_POWER_ON = 1,
    RESET_SOFTWARE = 2,
    RESET_WATCHDOG = 3,
    RESET_PIN = 4,
};

struct boot_status {
    enum boot_state state;
    enum slot running;  /* where the caller's own image lies */
    enum slot inactive; /* the only slot an update may write */
    enum boot_outcome outcome;
    bool outcome_reported; /* boot_outcome_reported() was called for it */
    struct version outcome_version; /* of the image the outcome is about */
    ota_err outcome_error;          /* REJECTED: why (image_verdict.error) */
    /* Of the reset at which the bootloader saw the outcome: for ROLLED_BACK
     * the one that ended the trial. RESET_UNKNOWN for NONE and CONFIRMED. */
    enum boot_reset_cause outcome_cause;
    uint32_t security_floor;
};

/* Read the record. A blank flash reads as STEADY in slot 1; the factory image
 * counts as confirmed.
 *
 * Returns OTA_OK; OTA_ERR_IO the flash failed. */
TERN_MUST_USE ota_err boot_status_load(const struct port_flash *f,
                                       struct boot_status *out);

/* The inactive slot is about to be erased or written: it can no longer be
 * fallen back to. Call before the first erase of an update. A request to try
 * that slot is withdrawn with it: half an image must never be tried.
 *
 * Returns OTA_OK; OTA_ERR_STATE a trial has not been confirmed, so the inactive
 *         slot is the only good image (NXP defect W5); OTA_ERR_IO.
 * Cost    one record write, none if the slot was released before. */
TERN_MUST_USE ota_err boot_slot_release(const struct port_flash *f);

/* Try the inactive slot at the next reset. The caller has verified it. The
 * outcome of an earlier attempt is forgotten, and the security floor is at
 * least the running image's counter from now on.
 *
 * Returns OTA_OK; OTA_ERR_STATE a trial is running; OTA_ERR_IO.
 * Cost    one record write, none if it is already armed. */
TERN_MUST_USE ota_err boot_trial_request(const struct port_flash *f);

/* Keep the running image for good, and raise the security floor to its
 * counter. Harmless when it is already confirmed.
 *
 * Returns OTA_OK; OTA_ERR_CORRUPT the running image's header cannot be read
 *         back from flash, so the bootloader would refuse it: the trial goes
 *         on and the next reset ends it; OTA_ERR_IO.
 * Cost    one record write in a trial, else none. */
TERN_MUST_USE ota_err boot_confirm(const struct port_flash *f);

/* The server knows the outcome: do not report it again.
 *
 * Returns OTA_OK, also when there is nothing to report; OTA_ERR_IO.
 * Cost    one record write for each outcome. */
TERN_MUST_USE ota_err boot_outcome_reported(const struct port_flash *f);

/* An image_source over one slot. The flash is borrowed. */
struct boot_slot_source {
    const struct port_flash *flash;
    uint32_t offset;
};
struct image_source boot_slot_source(struct boot_slot_source *s,
                                     const struct port_flash *f,
                                     enum slot slot);

#endif
