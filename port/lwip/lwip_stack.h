/* lwip_stack.h - TCP/IP by lwIP over one Ethernet controller: an address by
 * DHCP, names by DNS, the time by SNTP. No operating system, no threads.
 *
 * There is one stack per program. lwip_net.h and lwip_link.h are what a
 * program uses it through; RAM and limits stand in lwipopts.h.
 * Tests: test/unit/port_lwip/test_lwip_net.c, test/system/test_board_net.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_STACK_H
#define TERN_LWIP_STACK_H

#include "base/err.h"
#include "port/port_clock.h"
#include "port/port_frame.h"
#include "port/port_log.h"
#include "port/port_rng.h"

enum { LWIP_FRAMES_PER_POLL = 8, LWIP_ADDRESS_TEXT_MAX = 16 };

/* All borrowed for the life of the program. */
struct lwip_setup {
    const struct port_frame *frame;
    const struct port_clock *clock;
    const struct port_rng *rng; /* ports, sequence numbers, DNS and DHCP ids */
    const struct port_log *log; /* link and address changes; may be NULL */
    const char *hostname;       /* told to the DHCP server */
    const char *time_server;    /* used unless DHCP names one; NULL: none */
    uint8_t address[FRAME_ADDRESS_BYTES]; /* the station's */
};

/* Once, before anything else of lwIP. s: copied.
 *
 * Returns OTA_OK; OTA_ERR_STATE called twice; OTA_ERR_RANGE a member that must
 *         be there is NULL. */
TERN_MUST_USE ota_err lwip_begin(const struct lwip_setup *s);

/* Move up to LWIP_FRAMES_PER_POLL frames and run the timers that are due. The
 * whole stack lives in here: call it at least every 100 ms, better each time
 * the program comes round. false: nothing moved. */
bool lwip_poll(void);

/* The link is up and DHCP has given an address. */
bool lwip_is_up(void);

/* "10.0.2.15"; "0.0.0.0" before there is one. */
void lwip_address(char text[LWIP_ADDRESS_TEXT_MAX]);

/* Seconds since 1970 by SNTP; false: no server has answered yet. */
bool lwip_unix_time(uint64_t *seconds);

#endif
