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

    /*@ loop invariant 0 <= i <= len;
        loop assigns i, crc;
        loop variant len - i; */
    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        /*@ loop invariant 0 <= bit <= 8;
            loop assigns bit, crc;
            loop variant 8 - bit; */
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1u) ? POLYNOMIAL : 0u);
    }
    return ~crc;
}
