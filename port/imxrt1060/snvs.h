/* snvs.h - a word that outlives a reset: the bootloader leaves the cause of the
 * reset there, since it clears the register that knows it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_SNVS_H
#define TERN_PORT_IMXRT1060_SNVS_H

#include <stdint.h>

void snvs_note_put(uint32_t note); /* below 65,536 */

/* 0 if nobody has left one. */
uint32_t snvs_note_get(void);

#endif
