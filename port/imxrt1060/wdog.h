/* wdog.h - WDOG1, which once started nobody can stop, and the watchdogs that
 * the chip wakes up with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_WDOG_H
#define TERN_PORT_IMXRT1060_WDOG_H

#include <stdint.h>

/* RTWDOG runs after a reset unless the ROM has stopped it, and WDOG1 and WDOG2
 * pull a pin after 16 s: off with them. */
void wdog_quiet(void);

/* A reset comes `seconds` (1..128) after the start or the last service, also
 * while the core sleeps; a debugger that halts the core stops the time. Nothing
 * stops it any more; a later call changes the time from the next service on. */
void wdog_start(uint32_t seconds);
void wdog_service(void);

#endif
