/* boot_record.h - the small record that must survive any power cut.
 * Layout: spec/boot-record.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_RECORD_H
#define TERN_BOOT_RECORD_H

#include "boot/boot_api.h"

struct boot_record {
    uint32_t sequence;
    enum boot_state state;
    enum slot active;        /* last confirmed; the trial slot is the other */
    uint8_t tries_left;      /* ARMED, TRIAL: starts still allowed */
    uint8_t confirmed_slots; /* slot_bit(): holds an image that was confirmed
                                and has not been released since */
    enum boot_outcome outcome;
    bool outcome_reported;
    struct version outcome_version;
    ota_err outcome_error;
    enum boot_reset_cause outcome_cause;
    uint32_t
        security_floor; /* lowest counter that an unproven image may have */
};

/* The bit of a slot in confirmed_slots. */
static inline uint8_t slot_bit(enum slot s)
{
    return s == SLOT_1 ? 1 : 2;
}

/* Copy the newest valid record into *out; first boot gives the default record
 * (STEADY, slot 1, nothing confirmed, sequence 0).
 *
 * Returns OTA_OK  found, or both copies blank or damaged (default);
 *         OTA_ERR_IO neither copy could be read at all.
 * Source  spec/boot-record.md section 2. */
TERN_MUST_USE ota_err boot_record_load(const struct port_flash *f,
                                       struct boot_record *out);

/* Write r with the next sequence number over the copy that is NOT the newest
 * valid one, and read it back. A cut anywhere leaves the old or the new record.
 *
 * Returns OTA_OK; OTA_ERR_IO the flash failed or read back differently: the
 *         newest record is the old one (or r, if the device wrote it and
 *         failed afterwards); OTA_ERR_RANGE the flash's erase unit is
 *         larger than a copy's sector, so an erase would hit the other copy.
 * Cost    one erase and one page. */
TERN_MUST_USE ota_err boot_record_store(const struct port_flash *f,
                                        const struct boot_record *r);

/* Would both be the same bytes in flash? */
bool boot_record_same(const struct boot_record *a, const struct boot_record *b);

#endif
