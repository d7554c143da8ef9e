/* lwip_net.h - port_net over lwIP's TCP.
 *
 * What has arrived and was not read stays in lwIP's buffers and closes the
 * receive window: a reader that is busy with the flash slows the server down
 * and loses nothing. lwip_poll() must go on being called.
 * Tests: test/unit/port_lwip/test_lwip_net.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_NET_H
#define TERN_LWIP_NET_H

#include "port/lwip/lwip_name.h"
#include "port/port_net.h"

enum lwip_net_state {
    LWIP_NET_CLOSED,
    LWIP_NET_RESOLVING,
    LWIP_NET_CONNECTING,
    LWIP_NET_OPEN,
    LWIP_NET_FAILED, /* `error` says why; bytes may still wait to be read */
};

struct tcp_pcb;
struct pbuf;

struct lwip_net {
    struct port_net port;
    enum lwip_net_state state;
    ota_err error;
    uint16_t tcp_port;
    struct lwip_name name;
    struct tcp_pcb *pcb; /* NULL: none */
    struct pbuf *unread; /* NULL: none */
};

/* n must not move from then on, and live as long as the program. */
void lwip_net_init(struct lwip_net *n);

#endif
