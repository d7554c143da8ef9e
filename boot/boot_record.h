/* boot_record.h - the small record that must survive any power cut.
 * Layout: spec/boot-record.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_RECORD_H
#define TERN_BOOT_RECORD_H

#include "base/bytes.h"
#include "boot/boot_api.h"
#include "boot/boot_limits.h"

struct boot_record {
    uint32_t sequence;
    enum boot_state state;
    enum slot active;         /* last confirmed; the trial slot is the other */
    uint8_t tries_left;       /* ARMED, TRIAL: starts still allowed */
    uint8_t power_tries_left; /* and those that a loss of power gives back */
    uint8_t confirmed_slots;  /* slot_bit(): holds an image that was confirmed
                                 and has not been released since */
    enum boot_outcome outcome;
    bool outcome_reported;
    struct version outcome_version;
    ota_err outcome_error;
    enum boot_reset_cause outcome_cause;
    uint32_t
        security_floor; /* lowest counter that an unproven image may have */
    uint8_t nxp_type;   /* update type that NXP's SFW named last; 0: none yet */
    uint8_t exchange_sectors; /* boot_place_swap.c: so many of each slot are
                                 being exchanged; 0: the slots are whole */
    uint32_t marks[2]; /* image_mark() of the image that was confirmed in slot
                          1 and 2, or MARK_UNKNOWN, MARK_NONE */
};

/* Each field in its range, as spec/boot-record.md section 2 has it: what a
 * valid copy decodes to, and what every step keeps. Any outcome error is. */
/*@ predicate record_ok(struct boot_record *r) = \valid_read(r) &&
      BOOT_STEADY <= r->state <= BOOT_TRIAL &&
      SLOT_1 <= r->active <= SLOT_2 &&
      r->tries_left <= BOOT_TRIES_MAX &&
      r->power_tries_left <= BOOT_TRIES_MAX &&
      r->confirmed_slots <= 3 &&
      r->outcome <= OUTCOME_ACTIVE_CORRUPT &&
      r->outcome_cause <= RESET_PIN &&
      (r->state == BOOT_ARMED ==> r->tries_left > 0); */

/* In place of a mark: the image is taken at its word, or never. */
enum { MARK_UNKNOWN = 0, MARK_NONE = 2 };

/* Tells images apart: is it still the one that was confirmed here? Never
 * MARK_UNKNOWN nor MARK_NONE. */
static inline uint32_t image_mark(const struct image_info *i)
{
    return get_u32le(i->hash) | 1;
}

/* The bit of a slot in confirmed_slots. */
/*@ assigns \nothing;
    ensures \result == (s == SLOT_1 ? 1 : 2); */
static inline uint8_t slot_bit(enum slot s)
{
    return s == SLOT_1 ? 1 : 2;
}

/* Copy the newest valid record into *out; first boot gives the default record
 * (STEADY, slot 1, nothing confirmed, sequence 0).
 *
 * Returns OTA_OK  found, or both copies blank or damaged (default);
 *         OTA_ERR_AGAIN one copy could not be read: *out is what the other
 *         one says. The one that is missing may be newer, so an image may be
 *         started by *out, but nothing may be decided or written by it;
 *         OTA_ERR_IO neither copy could be read.
 * Source  spec/boot-record.md section 2. */
TERN_MUST_USE ota_err boot_record_load(const struct port_flash *f,
                                       struct boot_record *out);

/* Write r with the next sequence number over the copy that is NOT the newest
 * valid one, and read it back. A cut anywhere leaves the old or the new record.
 *
 * Returns OTA_OK; OTA_ERR_IO a copy could not be read, and nothing was
 *         touched, because it may be the live one; or the flash failed or
 *         read back differently: the newest record is the old one (or r, if
 *         the device wrote it and failed afterwards); OTA_ERR_RANGE the
 *         flash's erase unit is larger than a copy's sector, so an erase
 *         would hit the other copy.
 * Cost    one erase and one page. */
TERN_MUST_USE ota_err boot_record_store(const struct port_flash *f,
                                        const struct boot_record *r);

/* Would both be the same bytes in flash? */
/*@ requires record_ok(a) && record_ok(b);
    assigns \nothing; */
bool boot_record_same(const struct boot_record *a, const struct boot_record *b);

#endif
