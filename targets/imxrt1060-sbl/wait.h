/* wait.h - when the bootloader itself cannot go on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_WAIT_H
#define TERN_SBL_WAIT_H

/* Sleep until a person helps or SBL_WAIT_SECONDS have passed; then a reset
 * looks again. So a fault that was a passing one heals, and one that stays
 * does not wear anything out. */
void wait_for_help(void) __attribute__((noreturn));

#endif
