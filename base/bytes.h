/* bytes.h - numbers in and out of byte arrays, whatever the alignment and the
 * byte order of the machine.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_BYTES_H
#define TERN_BASE_BYTES_H

#include <stdint.h>

/*@ requires \valid_read(p + (0 .. 1));
    assigns \nothing; */
static inline uint16_t get_u16le(const uint8_t *p)
{
    return (uint16_t)((uint32_t)p[0] | (uint32_t)p[1] << 8);
}

/*@ requires \valid_read(p + (0 .. 3));
    assigns \nothing; */
static inline uint32_t get_u32le(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

/*@ requires \valid(p + (0 .. 1));
    assigns p[0 .. 1]; */
static inline void put_u16le(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

/*@ requires \valid(p + (0 .. 3));
    assigns p[0 .. 3]; */
static inline void put_u32le(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

#endif
