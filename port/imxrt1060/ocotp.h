/* ocotp.h - what is burnt into the chip.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_OCOTP_H
#define TERN_PORT_IMXRT1060_OCOTP_H

#include <stdint.h>

/* No other chip has this number. */
uint64_t ocotp_unique_id(void);

#endif
