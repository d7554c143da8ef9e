/* boot.h - the bootloader's decision: which slot runs now.
 *
 * Start reading at boot_choose() in boot.c; the diagram is the table in
 * boot_step.c; why it is so: spec/boot-record.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_H
#define TERN_BOOT_H

#include "boot/boot_api.h"
#include "image/image_verify.h"
#include "port/port_log.h"

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
 * log    may be NULL; gets the SBL's words ("hello sbl.", ...) and reasons.
 *
 * Cost  one or two image verifications; none or one record write. A flash that
 *       refuses the write costs BOOT_STORE_TRIES writes and one verification
 *       more.
 * Source  spec/boot-record.md section 3. */
void boot_choose(struct boot_choice *out, const struct port_flash *f,
                 const struct image_keys *keys, enum boot_reset_cause cause,
                 const struct port_log *log);

#endif
