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
 * one controller; a second call starts it again. Waits about 1 ms for the PHY.
 * clock: kept. address: the station's (enet_address()), borrowed for the
 * call. */
struct port_frame enet_begin(const struct port_clock *clock,
                             const uint8_t address[FRAME_ADDRESS_BYTES]);
void enet_end(void); /* quiet, as after a reset: for whoever starts next */

/* The chip's MAC address fuses; if they are blank, a locally administered
 * address from its unique id: the same at each start, never a shared one. */
void enet_address(uint8_t address[FRAME_ADDRESS_BYTES]);

/* The program's vector for ENET_IRQ: a frame came or went. It only makes
 * core_sleep() return; a program without vectors for interrupts leaves it
 * out and calls nothing else. */
void enet_interrupt(void);
void enet_interrupt_on(void);

#endif
