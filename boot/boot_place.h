/* boot_place.h - the image that is to run, brought to where it can run.
 *
 * All firmware is linked for slot 1. A part that remaps shows slot 2 at slot
 * 1's addresses, so images stay where they are: boot_place_remap.c, which the
 * library holds. On a part that cannot, the two slots exchange their contents:
 * a bootloader and its applications that link boot_place_swap.c get that one
 * instead. Bytes and order: spec/flash-layout.md section 5.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_PLACE_H
#define TERN_BOOT_PLACE_H

#include "boot/boot_record.h"

/* The slots in which an image can run, as slot_bit()s. */
extern const uint8_t BOOT_PLACES;

/* The largest image, in bytes; a larger one is refused as if the slot ended
 * there. */
extern const uint32_t BOOT_IMAGE_MAX;

/* Has power interrupted boot_exchange()? Then neither slot need hold an image,
 * and nothing but the bootloader may touch them. */
bool boot_place_pending(const struct boot_record *r);

struct boot_run; /* boot/boot_run.h */

/* The bootloader's part: bring the image that is to run to where it can, and
 * verify it there. A flash that refuses leaves run->uncertain: the image may
 * then run only if it is where it can already.
 *
 * false: what was good is no more, now that it is there. */
bool boot_place(struct boot_run *run);

/* boot_place_swap.c only: let the slots exchange their contents, or finish what
 * power has interrupted. *r is what was decided; it is stored before the first
 * change, so a further reset needs no decision. The slots change their names
 * with their contents: what *r says of slot 1 it says of slot 2 afterwards. The
 * caller stores that before it does anything else.
 *
 * Call it only if it is needed (BOOT_PLACES, boot_place_pending), with a *r
 * that is certain to be the newest, and verify the image again where it lies
 * then.
 *
 * Returns OTA_OK; or, and a further call with the same *r or the next reset
 * goes on, OTA_ERR_IO the flash failed or keeps other bytes than were written;
 * OTA_ERR_RANGE its erase unit is larger than a sector. Cost    three times the
 * larger image's sectors erased and written, two sectors of marks erased, one
 * record write; 0.6 KB of stack. A watchdog that runs meanwhile is the flash
 * port's to feed. */
TERN_MUST_USE ota_err boot_exchange(const struct port_flash *f,
                                    struct boot_record *r);

#endif
