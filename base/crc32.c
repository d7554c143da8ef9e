/* crc32.c - CRC-32, bit by bit.
 *
 * Tests: test/unit/base/test_crc32.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/crc32.h"

#define POLYNOMIAL 0xedb88320u /* 0x04c11db7 with its bits reversed */

uint32_t crc32(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    uint32_t crc = ~UINT32_C(0);

    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1u) ? POLYNOMIAL : 0u);
    }
    return ~crc;
}
