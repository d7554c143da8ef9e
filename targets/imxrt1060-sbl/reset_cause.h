/* reset_cause.h - why the chip was reset.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_RESET_CAUSE_H
#define TERN_SBL_RESET_CAUSE_H

#include "boot/boot_api.h"

/* Reads SRC_SRSR, in which causes gather, and clears it: call it once. */
enum boot_reset_cause reset_cause_take(void);

#endif
