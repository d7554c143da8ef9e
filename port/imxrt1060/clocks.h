/* clocks.h - the core at 600 MHz.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_CLOCKS_H
#define TERN_PORT_IMXRT1060_CLOCKS_H

#include "base/err.h"

/* From the clocks that the boot ROM leaves to
 *
 *     VDD_SOC                  1.275 V
 *     core, caches, TCM        600 MHz    ARM PLL, 1,200 MHz by two
 *     bus of the peripherals   150 MHz
 *     GPT, PIT                  24 MHz    crystal
 *     SEMC, not used            75 MHz
 *
 * and leaves FlexSPI, which the program comes from, LPUART and all other PLLs
 * as they are. A second call finds everything done and changes nothing.
 *
 * why      on failure, a sentence for a person: what did not happen, and at
 *          which clock the core goes on; constant.
 *
 * Returns  OTA_ERR_STATE  somebody else has set clocks in a way that this
 *                         could not change safely; nothing was changed
 *          OTA_ERR_IO     voltage, PLL or a switch did not settle
 * Cost     under a millisecond; a second at most, if something does not settle.
 * Context  before gpt_clock_begin(), as GPT and PIT miss ticks meanwhile. For
 *          parts that are rated for 600 MHz (those with a D: MIMXRT106xD). */
TERN_MUST_USE ota_err clocks_begin(const char **why);

#endif
