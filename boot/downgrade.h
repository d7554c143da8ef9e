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

#include "boot/boot_record.h"

/* r  what the record says
 * s  the slot of a whole and signed image that is about to run: only one that
 *    is on trial, or about to be, can be refused
 * v  its version. It is compared with the image to which the trial would go
 *    back; that one's header is read and not verified: the caller does not ask
 *    if it cannot run.
 * Source  spec/boot-record.md section 4.9. */
bool downgrade_is_refused(const struct boot_record *r, enum slot s,
                          const struct version *v, const struct port_flash *f);

#endif
