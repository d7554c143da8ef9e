/* t_integer.c - integer and DSP instructions that compilers use on this core,
 * with the flags Q and GE.
 *
 * Source: ARMv7-M Architecture Reference Manual, A7.7. Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

INTEGER_CLAIMS(CLAIM_PROTOTYPE)

enum { APSR_Q = 1 << 27, APSR_GE = 0xF << 16 };

#define TWO_OPERANDS(name)                                                     \
    static uint32_t name(uint32_t a, uint32_t b)                               \
    {                                                                          \
        uint32_t result;                                                       \
                                                                               \
        __asm__ volatile(#name " %0, %1, %2"                                   \
                         : "=r"(result)                                        \
                         : "r"(a), "r"(b)                                      \
                         : "cc");                                              \
        return result;                                                         \
    }
TWO_OPERANDS(uadd8)
TWO_OPERANDS(sel)
TWO_OPERANDS(qadd)
TWO_OPERANDS(sdiv)
TWO_OPERANDS(udiv)
TWO_OPERANDS(smuad)
TWO_OPERANDS(usad8)
#undef TWO_OPERANDS

static uint32_t get_apsr(void)
{
    uint32_t value;

    __asm__ volatile("mrs %0, apsr" : "=r"(value) : : "memory");
    return value;
}

static void clear_apsr(void)
{
    __asm__ volatile("msr apsr_nzcvqg, %0" : : "r"(0) : "cc", "memory");
}

static void uadd8_adds_bytes_and_sets_ge(void)
{
    clear_apsr();
    expect(0x00FF8002, uadd8(0xFF7F4001, 0x01804001));
    expect(8u << 16, get_apsr() & APSR_GE);
}

static void sel_chooses_bytes_by_ge(void)
{
    clear_apsr();
    uadd8(0xFF00FF00, 0x01000100); /* GE is 1010 */

    expect(0xAA22CC44, sel(0xAABBCCDD, 0x11223344));
}

static void smlad_multiplies_pairs(void)
{
    uint32_t sum = 100;

    __asm__("smlad %0, %1, %2, %0"
            : "+r"(sum)
            : "r"(0x0003FFFE), "r"(0x00050007)); /* 3 * 5 - 2 * 7 */

    expect(101, sum);
    expect(1, smuad(0x0003FFFE, 0x00050007));
}

static void usad8_adds_differences(void)
{
    expect(1 + 2 + 3 + 4, usad8(0x10203040, 0x11223344));
}

static void saturation_sets_q_until_it_is_cleared(void)
{
    clear_apsr();
    expect(0x7FFFFFFF, qadd(0x7FFFFFF0, 0x20));
    expect(APSR_Q, get_apsr() & APSR_Q);
    qadd(1, 1);
    expect(APSR_Q, get_apsr() & APSR_Q);
    clear_apsr();

    expect(0, get_apsr() & APSR_Q);
}

static void division_rounds_towards_zero(void)
{
    expect((uint32_t)-3, sdiv((uint32_t)-7, 2));
    expect(0x7FFFFFFC, udiv((uint32_t)-7, 2));
    expect(0x80000000, sdiv(0x80000000, (uint32_t)-1));
}

static void long_multiplication_has_64_bits(void)
{
    volatile uint32_t a = 0xFFFFFFFF, b = 0xFFFFFFFE;
    uint64_t product = (uint64_t)a * b;

    expect(0xFFFFFFFD, (uint32_t)(product >> 32));
    expect(2, (uint32_t)product);
}

static void bits_are_counted_and_reversed(void)
{
    volatile uint32_t a = 0x00012345;
    uint32_t word = a, reversed;

    __asm__("rbit %0, %1" : "=r"(reversed) : "r"(word));
    expect(15, (uint32_t)__builtin_clz(word));
    expect(0xA2C48000, reversed);

    expect(0x45230100, __builtin_bswap32(word));
}

/* ten[index] by the table branches that compilers make of a switch. */
NAKED static uint32_t by_table(uint32_t index)
{
    __asm__("tbb [pc, r0]\n"
            "1: .byte (2f - 1b) / 2, (3f - 1b) / 2, (4f - 1b) / 2, 0\n"
            "2: mov r0, #10\n"
            "bx lr\n"
            "3: mov r0, #11\n"
            "bx lr\n"
            "4: mov r0, #12\n"
            "bx lr");
}

static void table_branch_goes_where_the_table_says(void)
{
    for (uint32_t i = 0; i < 3; i++)
        expect(10 + i, by_table(i));
}

static const struct claim CLAIMS[] = {INTEGER_CLAIMS(CLAIM_ROW)};
const struct subject integer_subject = SUBJECT(CLAIMS);
