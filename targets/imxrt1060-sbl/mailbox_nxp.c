/* mailbox_nxp.c - firmware built with NXP's SFW is heard.
 *
 * SPDX-License-Identifier: MIT
 */
#include "boot/nxp_mailbox.h"
#include "targets/imxrt1060-sbl/mailbox.h"

const struct boot_mailbox *const SBL_MAILBOX = &NXP_MAILBOX;
