/* mailbox_none.c - without remap SFW leaves its messages elsewhere
 * (spec/flash-layout.md section 4), and nobody looks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/mailbox.h"

const struct boot_mailbox *const SBL_MAILBOX = NULL;
