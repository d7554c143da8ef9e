/* ip4.h - find the IPv4 packet in an Ethernet frame, and the checksums of the
 * Internet protocols.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_IP4_H
#define TERN_EMU_IP4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/be.h"

enum {
    ETHER_HEADER_BYTES = 14,
    ETHER_IPV4 = 0x0800,
    ETHER_ARP = 0x0806,
    ETHER_PAUSE = 0x8808,
    IP4_ICMP = 1,
    IP4_TCP = 6,
    IP4_UDP = 17,
};

/* Where things lie in a frame: offsets from its first byte. */
struct ip4 {
    size_t header, header_len;
    size_t payload, payload_len; /* without what follows the packet */
    uint8_t protocol;
    bool fragment; /* of something larger */
    uint32_t source, destination;
};

/* False: no IPv4 packet that fits its frame. One VLAN tag is skipped.
 * Checksums are not looked at. */
bool ip4_find(struct ip4 *out, const uint8_t *frame, size_t len);

/* Ones' complement sum of 16-bit words, folded, on top of `start`. */
uint16_t ip4_sum(const uint8_t *bytes, size_t len, uint32_t start);
/* Of payload and pseudo header; FFFF when a checksum inside is right. */
uint16_t ip4_payload_sum(const struct ip4 *ip, const uint8_t *frame);

/* Where the payload's checksum lies in the frame; 0: it has none. */
size_t ip4_payload_checksum_at(const struct ip4 *ip);

/* Change four bytes that a checksum covers: the checksum stays as right or as
 * wrong as it was (RFC 1624, equation 3). */
void ip4_checksum_adjust(uint8_t *checksum, uint32_t before, uint32_t after);

#endif
