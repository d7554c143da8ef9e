/* gpt_clock.h - milliseconds by GPT2 from the 24 MHz crystal, without
 * interrupts: goes on while the flash is busy and while the core sleeps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_GPT_CLOCK_H
#define TERN_PORT_IMXRT1060_GPT_CLOCK_H

#include "port/port_clock.h"

/* Starts from zero. There is one; a second call starts it again. */
struct port_clock gpt_clock_begin(void);
void gpt_clock_end(void); /* as after a reset */

#endif
