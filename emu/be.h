/* be.h - numbers in network byte order: base/bytes.h has the other one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_BE_H
#define TERN_EMU_BE_H

#include <stdint.h>

static inline uint16_t get_u16be(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_u32be(const uint8_t *p)
{
    return (uint32_t)get_u16be(p) << 16 | get_u16be(p + 2);
}

static inline void put_u16be(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void put_u32be(uint8_t *p, uint32_t v)
{
    put_u16be(p, (uint16_t)(v >> 16));
    put_u16be(p + 2, (uint16_t)v);
}

#endif
