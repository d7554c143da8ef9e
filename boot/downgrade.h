/* downgrade.h - may an update bring a lower version than the confirmed one?
 * A choice of the product, made by linking a file:
 *
 *   downgrade_allowed.c  yes, in the library; the security counter is the floor
 *   downgrade_refused.c  no; a program lists it among its own sources, and the
 *                        linker then leaves the other one in the library
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_DOWNGRADE_H
#define TERN_BOOT_DOWNGRADE_H

#include <stdbool.h>

#include "base/version.h"
#include "boot/flash_layout.h"
#include "port/port_flash.h"

/* candidate  version of an image that is on trial or about to be.
 * active     the slot to which its trial would go back. Its header is read and
 *            not verified: the caller asks again if that image cannot run.
 * Source  spec/boot-record.md section 4.9. */
bool downgrade_may_run(const struct version *candidate,
                       const struct port_flash *f, enum slot active);

#endif
