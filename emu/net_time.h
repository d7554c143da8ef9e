/* net_time.h - the time server of the guest's network, if the rules have one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NET_TIME_H
#define TERN_EMU_NET_TIME_H

#include <stddef.h>
#include <stdint.h>

enum { NET_TIME_BYTES = 48 };

/* The reply to one query, in its UDP payload; seconds since 1970. 0: none, it
 * is no query of a client. */
size_t net_time_answer(uint64_t seconds, const uint8_t *query, size_t len,
                       uint8_t reply[NET_TIME_BYTES]);

#endif
