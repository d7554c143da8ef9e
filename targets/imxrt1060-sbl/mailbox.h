/* mailbox.h - the mailbox of this bootloader: NXP's where chips remap
 * (mailbox_nxp.c), none where they do not (mailbox_none.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_MAILBOX_H
#define TERN_SBL_MAILBOX_H

#include "boot/boot.h"

extern const struct boot_mailbox *const SBL_MAILBOX;

#endif
