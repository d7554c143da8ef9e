/* enet.h - the 10/100 Ethernet controller of the i.MX RT1060 and the KSZ8081
 * PHY of its evaluation kit, over RMII.
 *
 * Descriptors and buffers lie in DTCM, which the core never caches and the
 * controller's DMA reaches: no cache is ever to be cleaned. RAM: 6 buffers for
 * receiving and 3 for sending, 1,536 bytes each.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_ENET_H
#define TERN_PORT_IMXRT1060_ENET_H

#include "port/port_clock.h"
#include "port/port_frame.h"

enum { ENET_IRQ = 114 };

/* Clocks, pins, PHY, rings; negotiation goes on in the background. There is
 * one controller; a second call starts it again. Waits 6 ms for the PHY's
 * reset. clock: kept. address: the station's (enet_address()), borrowed for the
 * call. */
struct port_frame enet_begin(const struct port_clock *clock,
                             const uint8_t address[FRAME_ADDRESS_BYTES]);
void enet_end(void); /* quiet, as after a reset: for whoever starts next */

/* The chip's MAC address fuses; if they are blank, a locally administered
 * address from its unique id: the same at each start, never a shared one. */
void enet_address(uint8_t address[FRAME_ADDRESS_BYTES]);

/* From now on a frame that comes ends core_sleep(). With interrupts masked, as
 * start.c leaves them, that needs no vector; a program that unmasks them puts
 * enet_interrupt(), which runs from RAM, into its table. */
void enet_wake_on(void);
void enet_interrupt(void);

#endif
