/* port_frame.h - an Ethernet controller: whole frames, one at a time, in
 * buffers of the driver.
 *
 * Nothing blocks. A frame runs from the destination address to the last byte
 * of its payload; the controller adds and checks the FCS, and pads.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_FRAME_H
#define TERN_PORT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_BYTES_MAX = 1514, /* 14 of header, 1500 of payload; no VLAN tag */
    FRAME_ADDRESS_BYTES = 6,
};

struct port_frame {
    void *ctx; /* the driver's own */

    /* Is there a cable with somebody at its other end? Asks the hardware now
     * and then, so call it often; a change may be seen a little late. */
    bool (*link_is_up)(void *ctx);

    /* FRAME_BYTES_MAX bytes to put a frame into, the driver's until send();
     * NULL no room now: every buffer still waits for the wire. */
    uint8_t *(*send_begin)(void *ctx);
    /* Send the first len (14..FRAME_BYTES_MAX) bytes of that. */
    void (*send)(void *ctx, size_t len);

    /* The oldest frame received, *len bytes, borrowed until receive_end(), the
     * same one until then; NULL none. */
    const uint8_t *(*receive)(void *ctx, size_t *len);
    void (*receive_end)(void *ctx);
};

#endif
