/* crc32.h - CRC-32/ISO-HDLC (poly 0xEDB88320 reflected, init and xorout ~0),
 * the one of zlib and Ethernet. crc32("123456789") is 0xCBF43926.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_CRC32_H
#define TERN_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC of len bytes in one call. Cost: bitwise, 8 steps per byte, no table
 * (records are tens of bytes; a table would cost 1 KiB of flash).
 *
 * Hidden, because zlib has a function of this name: a host program must not
 * lend ours to a shared library that means zlib's. */
/*@ requires \valid_read((uint8_t *)bytes + (0 .. len - 1));
    assigns \nothing; */
__attribute__((visibility("hidden"))) uint32_t crc32(const void *bytes,
                                                     size_t len);

#endif
