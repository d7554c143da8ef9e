/* sfw_flags.h - what firmware built with NXP's SFW does to the flag trailer, as
 * a model: it knows nothing of boot/ and is written from the observed behaviour
 * (spec/flash-layout.md section 4), down to the habits that hurt: bytes are
 * programmed over what is there, results are not looked at.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_SFW_FLAGS_H
#define TERN_TEST_SFW_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "port/port_flash.h"

enum sfw_type { SFW_SD = 1, SFW_USB = 2, SFW_AWS = 3, SFW_ALIYUN = 4 };

/* Where it runs, as far as it knows: 1, 2, or anything else. */
uint8_t sfw_position(const struct port_flash *f);

/* 0: confirmed or nothing; 1: on trial; 0xff: neither. */
uint8_t sfw_ota_status(const struct port_flash *f);

/* Does its start-up code confirm? An update that came as `type` did is looked
 * for; AWS also wants to see that it is on trial. */
bool sfw_confirms(const struct port_flash *f, enum sfw_type type);

/* The end of a download: the type, then the magic; the reset is the caller's.
 */
void sfw_arm(const struct port_flash *f, enum sfw_type type);

/* write_image_ok(): read, erase the sector, program. */
void sfw_write_image_ok(const struct port_flash *f);

#endif
