/* nxp_mailbox.h - NXP's flag trailer as a mailbox: firmware built with NXP's
 * SFW arms and confirms updates through it as under NXP's own SBL, over any
 * number of updates in a row.
 *
 * The boot record is the truth. What the firmware leaves here is a message,
 * taken at the next reset; what the bootloader leaves here is derived from the
 * record. Bytes and states: spec/flash-layout.md section 4.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_NXP_MAILBOX_H
#define TERN_NXP_MAILBOX_H

#include "boot/boot.h"
#include "boot/boot_step.h"

enum { NXP_TRAILER_BYTES = 32 };

/* For struct boot_setup. */
extern const struct boot_mailbox NXP_MAILBOX;

/* The message in these bytes, given what the record says; none in anything
 * else than exactly a message. */
/*@ requires \valid_read(trailer + (0 .. NXP_TRAILER_BYTES - 1));
    requires record_ok(r);
    assigns \nothing;
    ensures \result.confirm ==> r->state == BOOT_TRIAL && trailer[4] == 0;
    ensures \result.arm ==> r->state != BOOT_TRIAL || \result.confirm; */
struct boot_mail nxp_trailer_read(const uint8_t trailer[NXP_TRAILER_BYTES],
                                  const struct boot_record *r);

/* The same; and if r is the record of a device that has none yet, *r is first
 * made to say what the trailer knows, and to be stored: a device that comes
 * from NXP's SBL goes on where it was. A trial that runs there is requested
 * again here. */
/*@ requires \valid_read(trailer + (0 .. NXP_TRAILER_BYTES - 1));
    requires \valid(r) && record_ok(r);
    requires \separated(trailer + (0 .. NXP_TRAILER_BYTES - 1), r);
    assigns r->active, r->sequence;
    ensures record_ok(r) && r->sequence != 0;
    ensures \old(r->sequence) != 0 ==>
        r->sequence == \old(r->sequence) && r->active == \old(r->active);
    ensures \result.confirm ==> r->state == BOOT_TRIAL && trailer[4] == 0;
    ensures \result.arm ==> r->state != BOOT_TRIAL || \result.confirm ||
        \old(r->sequence) == 0; */
struct boot_mail nxp_trailer_adopt(const uint8_t trailer[NXP_TRAILER_BYTES],
                                   struct boot_record *r);

/* What the firmware that this record starts must find. Never a message. */
/*@ requires \valid(trailer + (0 .. NXP_TRAILER_BYTES - 1));
    requires record_ok(r);
    requires \separated(trailer + (0 .. NXP_TRAILER_BYTES - 1), r);
    assigns trailer[0 .. NXP_TRAILER_BYTES - 1]; */
void nxp_trailer_make(uint8_t trailer[NXP_TRAILER_BYTES],
                      const struct boot_record *r);

#endif
