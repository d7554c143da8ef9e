/* nor_sfdp.c - Serial Flash Discoverable Parameters: one header and the Basic
 * Flash Parameter Table, 16 words.
 *
 * Source: JESD216B, sections 6.2 to 6.4. The times are those of nor.c, rounded
 * up to the table's steps.
 * Tests: test/unit/emu/test_nor.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/nor_sfdp.h"

enum { TABLE_AT = 0x30, WORDS = 16 };

/* Signature; revision 1.6, one table; table 0xFF00, revision 1.6. */
static const uint32_t HEADER[] = {
    0x50444653,
    0xFF000106,
    (uint32_t)WORDS << 24 | 0x010600,
    0xFF000000 | TABLE_AT,
};

static const uint32_t TABLE[WORDS] = {
    /* 1: 4 KiB erase by 0x20, page buffer, 3-byte addresses, 1-1-2, 1-2-2,
     * 1-4-4 and 1-1-4 reads */
    0xFFF120E5, 0x03FFFFFF, /* 2: 64 Mbit, less one */
    0x6B08EB44, /* 3: 1-4-4 0xEB: 2 mode, 4 dummy; 1-1-4 0x6B: 8 dummy */
    0xBB803B08, /* 4: 1-1-2 0x3B: 8 dummy; 1-2-2 0xBB: 4 mode */
    0xFFFFFFEE, /* 5: neither 2-2-2 nor 4-4-4 */
    0xFF00FFFF, /* 6 */
    0xFF00FFFF, /* 7 */
    0x520F200C, /* 8: 2^12 by 0x20, 2^15 by 0x52 */
    0xFF00D810, /* 9: 2^16 by 0xD8, no fourth kind */
    /* 10: typical 48, 128, 160 ms (16 ms steps); at most 14 times that */
    2u << 4 | 1u << 9 | 7u << 11 | 1u << 16 | 9u << 18 | 1u << 23 | 6u,
    /* 11: page of 2^8 in 448 us, byte 32 us, next byte 3 us, chip 20 s; at
     * most 8 times that */
    1u << 31 | 2u << 29 | 4u << 24 | 2u << 19 | 1u << 18 | 3u << 14 | 1u << 13 |
        6u << 8 | 8u << 4 | 3u,
    0xFFFFFFFF, /* 12: no suspend */
    0xFFFFFFFF, /* 13 */
    /* 14: power-down 0xB9, out by 0xAB in 3 us; busy is bit 0 of 0x05 */
    0xB9u << 23 | 0xABu << 15 | 1u << 13 | 2u << 8 | 1u << 2 | 3u,
    0xFF200000, /* 15: QE is bit 6 of status 1, written by 0x01; no 0-4-4 */
    0x00001088, /* 16: reset 0x66 0x99; status 1 kept by 0x06, lost by 0x50 */
};

uint8_t nor_sfdp_byte(uint32_t address)
{
    uint32_t word = 0xFFFFFFFF;

    if (address < sizeof HEADER)
        word = HEADER[address / 4];
    else if (address >= TABLE_AT && address - TABLE_AT < sizeof TABLE)
        word = TABLE[(address - TABLE_AT) / 4];
    return (uint8_t)(word >> address % 4 * 8);
}
