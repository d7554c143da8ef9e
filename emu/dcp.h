/* dcp.h - the Data Co-Processor: hashing and copying by work packets.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_DCP_H
#define TERN_EMU_DCP_H

#include "emu/soc.h"

void dcp_add(struct soc *s);

#endif
