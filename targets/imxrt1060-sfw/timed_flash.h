/* timed_flash.h - a flash that knows how long its longest erase took.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SFW_TIMED_FLASH_H
#define TERN_SFW_TIMED_FLASH_H

#include "port/port_clock.h"
#include "port/port_flash.h"

struct timed_flash {
    struct port_flash port;
    struct port_flash chip;
    const struct port_clock *clock;
    uint32_t longest_erase_ms;
};

/* t must not move from then on. clock: kept. */
void timed_flash_begin(struct timed_flash *t, const struct port_flash *chip,
                       const struct port_clock *clock);

#endif
