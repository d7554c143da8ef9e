/* enet_offload.h - the Ethernet MAC's accelerator: checksums inserted into
 * frames that leave and checked in frames that come.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_ENET_OFFLOAD_H
#define TERN_EMU_ENET_OFFLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each does nothing to a frame that is not IPv4 (or, for the second, not TCP,
 * UDP or ICMP). False: the checksum's field was not zero as the manual asks;
 * its content went into the sum, so what was inserted is wrong. */
bool enet_insert_ip(uint8_t *frame, size_t len);
bool enet_insert_protocol(uint8_t *frame, size_t len);

/* True too for a frame that has no such checksum. */
bool enet_ip_is_right(const uint8_t *frame, size_t len);
bool enet_protocol_is_right(const uint8_t *frame, size_t len);

/* Without the padding behind an IPv4 packet. */
size_t enet_unpadded(const uint8_t *frame, size_t len);

#endif
