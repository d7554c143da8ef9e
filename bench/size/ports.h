/* ports.h - ports that do nothing, so that a linked size counts the core only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BENCH_SIZE_PORTS_H
#define TERN_BENCH_SIZE_PORTS_H

#include "port/port_flash.h"

extern const struct port_flash bench_flash;
extern const uint8_t bench_key[1][65];

#endif
