/* boot_run.h - one run of the bootloader, for the files of which one consists:
 * boot.c, boot_mail.c, boot_place_remap.c or boot_place_swap.c. For others it
 * is opaque.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_RUN_H
#define TERN_BOOT_RUN_H

#include "boot/boot.h"
#include "boot/boot_step.h"

struct boot_run {
    struct boot_record next;   /* as it will be before anything is started */
    struct boot_record stored; /* as it is in flash */
    const struct boot_setup *setup;
    enum boot_reset_cause cause;
    enum boot_act act; /* the last one that happened */
    bool uncertain;    /* a part could not be read: write nothing */
    bool alone;        /* there is nothing to go back to */
    enum slot judged;  /* the slot that `verdict` is about */
    struct image_verdict verdict;
};

/* Report it, with what the kind names. */
void boot_tell(const struct boot_run *run, enum boot_note_kind kind);

/* May this slot run? BOOT_YES or BOOT_NO; fills run->verdict and says why not.
 * Cost  an image verification. */
uint32_t boot_judge(struct boot_run *run, enum slot s);

/* Change `next` by what the table has for this event. facts may be NULL if its
 * act names none. */
void boot_happen(struct boot_run *run, enum boot_event ev,
                 const struct boot_facts *facts);

/* `next` into the flash, if it differs from what is there; false: the flash
 * refuses, or nothing may be written. */
bool boot_save(struct boot_run *run);

#endif
