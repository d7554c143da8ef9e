/* boot.h - the bootloader's decision: which slot runs now.
 *
 * Start reading at boot_choose() in boot.c; the diagram is the table in
 * boot_step.c; why it is so: spec/boot-record.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_H
#define TERN_BOOT_H

#include "boot/boot_record.h"
#include "boot/boot_report.h"
#include "image/image_verify.h"

/* What firmware has left for the bootloader in a place of its own. */
struct boot_mail {
    bool confirm; /* the image on trial wants to stay */
    bool arm;     /* and after that, if both: try the other slot */
    uint8_t type; /* with arm: SFW's update type, 0 if it named none */
};

struct boot_run; /* of the bootloader: boot_run.h */

/* A mailbox for firmware that does not know the boot record. */
struct boot_mailbox {
    /* boot_mail_take(), named here so that a bootloader without a mailbox does
     * not link it. */
    void (*take)(struct boot_run *run);
    /* Read what is in it, given what the record says. If there is no record yet
     * (sequence 0), it says in *r what it knows of the slots, and in sequence
     * that this is to be kept. OTA_ERR_IO it cannot be read. */
    ota_err (*collect)(const struct port_flash *f, struct boot_record *r,
                       struct boot_mail *out);
    /* Make it say what r says; writes only what differs. OTA_ERR_IO the flash
     * refuses. */
    ota_err (*settle)(const struct port_flash *f, const struct boot_record *r);
};

/* What one bootloader consists of; all borrowed for the call. */
struct boot_setup {
    const struct port_flash *flash;
    const struct image_keys *keys;
    const struct boot_report *report;   /* NULL: says nothing */
    const struct boot_mailbox *mailbox; /* NULL: none; &NXP_MAILBOX */
};

/* Carry out what collect() finds, for struct boot_mailbox. */
void boot_mail_take(struct boot_run *run);

struct boot_choice {
    uint32_t boot; /* BOOT_YES: run `slot`; BOOT_NO: nothing can run */
    enum slot slot;
    bool trial;             /* the image has yet to confirm */
    struct image_info info; /* of the chosen image */
};

/* Load the record, verify what it wants to run, decide, record the decision,
 * and only then say which slot to start. The slot that is chosen has been
 * verified in this very call.
 *
 * out    boot is BOOT_NO if neither slot may run: the target prints it, lets
 *        a person load an image, and resets after a while.
 * cause  of this reset, as the target's reset controller tells.
 *
 * Cost  one or two image verifications; none or one record write. With a
 *       message in the mailbox one verification and one record write more, and
 *       one write of the mailbox. A flash that refuses a write costs
 *       BOOT_FLASH_TRIES writes and one verification more.
 * Source  spec/boot-record.md section 3. */
void boot_choose(struct boot_choice *out, const struct boot_setup *setup,
                 enum boot_reset_cause cause);

#endif
