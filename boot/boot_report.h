/* boot_report.h - what the bootloader tells while it decides. As numbers, so
 * that a bootloader without a console links no words; boot_words() turns them
 * into lines.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_REPORT_H
#define TERN_BOOT_REPORT_H

#include "port/port_log.h"

enum boot_note_kind {
    NOTE_HELLO,
    NOTE_UNREADABLE, /* no copy of the record could be read; the end */
    NOTE_UNCERTAIN,  /* one copy, or the mailbox: nothing will be written */
    NOTE_WANTED,     /* next: what the record asks for */
    NOTE_REFUSED,    /* judged, verdict */
    NOTE_ACT,        /* next, act, cause: the record is going to change */
    NOTE_NONE_GOOD,  /* no slot may run; the end */
    NOTE_UNSAVED,    /* the flash refuses the record or the mailbox */
    NOTE_EXCHANGE,   /* the slots begin or go on to exchange their images */
    NOTE_START,      /* judged */
};

/* Where the bootloader stands, boot/boot_run.h: what a kind names is in there.
 */
struct boot_run;

struct boot_report {
    void *ctx;
    void (*note)(void *ctx, enum boot_note_kind kind,
                 const struct boot_run *run);
};

/* The SBL's words ("hello sbl.", ...) and reasons, as lines for this log, which
 * the report borrows. */
struct boot_report boot_words(struct port_log *log);

#endif
