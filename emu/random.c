/* random.c - splitmix64: each bit of the seed reaches each bit of the first
 * number. Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", 2014.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/random.h"

uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
