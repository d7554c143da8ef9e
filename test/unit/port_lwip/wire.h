/* wire.h - a cable from lwIP, compiled for the host, to libslirp and so to
 * real sockets on loopback: 10.0.2.2, port WIRE_PORT, is a listener of the
 * test, and so is every name below `example`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_WIRE_H
#define TERN_TEST_WIRE_H

#include <stdint.h>

#include "port/port_frame.h"

enum { WIRE_PORT = 80 };

extern const struct port_frame WIRE;

void wire_begin(uint16_t host_port);
void wire_poll(void); /* frames and time move; then lwip_poll() */
void wire_end(void);

#endif
