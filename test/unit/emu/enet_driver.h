/* enet_driver.h - as much of an Ethernet driver as a test needs: one ring each
 * way, frames whole. Written against the manual, not against the model.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_ENET_DRIVER_H
#define TERN_TEST_ENET_DRIVER_H

#include "emu/enet.h"
#include "test/unit/emu/soc_fixture.h"

enum {
    DRV_ENET = 0x402D8000,
    DRV_EIR = DRV_ENET + 0x004,
    DRV_EIMR = DRV_ENET + 0x008,
    DRV_RDAR = DRV_ENET + 0x010,
    DRV_TDAR = DRV_ENET + 0x014,
    DRV_ECR = DRV_ENET + 0x024,
    DRV_RCR = DRV_ENET + 0x084,
    DRV_TCR = DRV_ENET + 0x0C4,

    DRV_RX_RING = 0x20200000, /* in OCRAM */
    DRV_TX_RING = 0x20201000,
    DRV_RX_BUFFERS = 0x20210000,
    DRV_TX_BUFFERS = 0x20220000,
    DRV_BUFFER_BYTES = 0x800,
    DRV_RING = 4, /* descriptors each way */

    DRV_TX_LAST = 0x0C00, /* L and TC */
};

extern const uint8_t DRV_STATION[6]; /* 02:12:13:10:15:11 */

struct enet_driver {
    struct soc_fixture *f;
    uint32_t bd_bytes;
    uint32_t rx, tx; /* next descriptor, by number */
    uint16_t rx_buffer_bytes;
};

/* After a reset of the MAC: enabled, ready to receive. buffer_bytes: MRBR. */
void driver_start(struct enet_driver *d, struct soc_fixture *f, bool enhanced,
                  uint16_t buffer_bytes);

struct driver_bd {
    uint16_t length, control;
    uint32_t buffer;
    uint16_t extend0, extend1, extend2;
};
void driver_bd_get(struct enet_driver *d, uint32_t ring, uint32_t n,
                   struct driver_bd *out);
void driver_bd_put(struct enet_driver *d, uint32_t ring, uint32_t n,
                   const struct driver_bd *bd);

/* Queue a frame in one descriptor and let it leave. extend1: INT, PINS, IINS
 * of an enhanced descriptor. */
void driver_send(struct enet_driver *d, const void *frame, size_t len,
                 uint16_t extend1);
/* The next frame, as its descriptor says, or 0. Gives the buffer back. */
size_t driver_receive(struct enet_driver *d, uint8_t *frame, size_t room,
                      struct driver_bd *bd);

#endif
