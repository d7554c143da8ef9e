/* net_time.c - answer the guest's SNTP queries.
 *
 * Source: RFC 4330 section 4. The fraction of the second is always zero: the
 * guest's clock is a second off at most.
 * Tests: test/unit/emu/test_net_filter.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/net_time.h"

#include <string.h>

#include "emu/be.h"

enum {
    MODE = 0x07,
    MODE_CLIENT = 3,
    MODE_SERVER = 4,
    VERSION = 0x38,
    STRATUM_AT = 1,
    STRATUM_FIRST = 1,
    POLL_AT = 2,
    SOURCE_AT = 12,
    REFERENCE_AT = 16,
    ORIGINATE_AT = 24,
    RECEIVE_AT = 32,
    TRANSMIT_AT = 40,
    TIME_STAMP_BYTES = 8,
};
#define FROM_1900_TO_1970 2208988800u /* seconds */

size_t net_time_answer(uint64_t seconds, const uint8_t *query, size_t len,
                       uint8_t reply[NET_TIME_BYTES])
{
    uint32_t stamp = (uint32_t)(seconds + FROM_1900_TO_1970);

    if (len < NET_TIME_BYTES || (query[0] & MODE) != MODE_CLIENT)
        return 0;
    memset(reply, 0, NET_TIME_BYTES);
    reply[0] = (uint8_t)((query[0] & VERSION) | MODE_SERVER);
    reply[STRATUM_AT] = STRATUM_FIRST;
    reply[POLL_AT] = query[POLL_AT];
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): four letters */
    memcpy(reply + SOURCE_AT, "LOCL", 4);
    put_u32be(reply + REFERENCE_AT, stamp);
    memcpy(reply + ORIGINATE_AT, query + TRANSMIT_AT, TIME_STAMP_BYTES);
    put_u32be(reply + RECEIVE_AT, stamp);
    put_u32be(reply + TRANSMIT_AT, stamp);
    return NET_TIME_BYTES;
}
