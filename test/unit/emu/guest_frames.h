/* guest_frames.h - frames made by hand, as a guest of the board's network
 * sends them, with right checksums.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_GUEST_FRAMES_H
#define TERN_TEST_GUEST_FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum {
    GUEST = 0x0A00020F,
    GATEWAY = 0x0A000202,
    NAMES = 0x0A000203,
    GUEST_PORT = 49152,
    SYN = 2,
    RST = 4,
    PSH = 8,
    ACK = 16,
};

/* Each returns the frame's length; out has room for 1514 bytes. */
size_t frame_arp_who_has(uint8_t *out, uint32_t address);
size_t frame_udp(uint8_t *out, uint32_t from, uint32_t to, uint16_t from_port,
                 uint16_t to_port, const void *data, size_t len);
size_t frame_dhcp_discover(uint8_t *out);
size_t frame_dns_query(uint8_t *out, uint32_t server, const char *name,
                       uint16_t type);
size_t frame_ping(uint8_t *out, uint32_t to);

struct tcp_segment {
    uint32_t to;
    uint16_t from_port, to_port;
    uint32_t seq, ack;
    uint8_t flags;
    const void *data;
    size_t len;
};
size_t frame_tcp(uint8_t *out, const struct tcp_segment *s);

#endif
