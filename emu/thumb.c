/* thumb.c - decodes what thumb.h promises and nothing more.
 *
 * Source: ARMv7-M Architecture Reference Manual, A5.2 and A5.3 (encodings),
 * A7.3 (ITSTATE).
 * Tests: test/unit/emu/test_thumb.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/thumb.h"

enum { PC = 15, SP = 13 };

static unsigned bits(uint32_t value, unsigned low, unsigned count)
{
    return value >> low & ((1u << count) - 1);
}

static uint16_t halfword(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static bool is_wide(uint16_t first)
{
    return first >= 0xE800;
}

struct thumb_insn thumb_read(const uint8_t *code, size_t len, uint32_t address)
{
    struct thumb_insn i = {.address = address, .bytes = 2};

    i.first = len >= 2 ? halfword(code) : 0;
    if (is_wide(i.first)) {
        i.bytes = 4;
        i.second = len >= 4 ? halfword(code + 2) : 0;
    }
    return i;
}

unsigned thumb_count(const uint8_t *code, size_t len)
{
    unsigned n = 0;

    /* The high byte alone tells the width: 11101, 11110 and 11111 are wide. */
    for (size_t at = 0; at + 1 < len; n++)
        at += code[at + 1] >= 0xE8 ? 4 : 2;
    return n;
}

uint8_t thumb_next_it(const struct thumb_insn *i, uint8_t it)
{
    if ((i->first & 0xFF00) == 0xBF00 && (i->first & 0x000F) != 0)
        return (uint8_t)i->first;
    if ((it & 0x07) == 0)
        return 0;
    return (uint8_t)((it & 0xE0) | (it << 1 & 0x1F));
}

static uint32_t count_ones(uint32_t value)
{
    return (uint32_t)__builtin_popcount(value);
}

static bool span(struct thumb_span *out, uint32_t address, uint32_t bytes)
{
    *out = (struct thumb_span){address, bytes};
    return true;
}

/* Rn as a base: the PC reads as the next word boundary but one. */
static uint32_t base_of(const struct thumb_insn *i, const uint32_t r[16],
                        unsigned n)
{
    return n == PC ? (i->address + 4) & ~3u : r[n];
}

static bool loads_narrow(const struct thumb_insn *i, const uint32_t r[16],
                         struct thumb_span *out)
{
    uint16_t op = i->first;
    uint32_t low = r[bits(op, 3, 3)];
    uint32_t imm5 = bits(op, 6, 5), imm8 = bits(op, 0, 8);

    switch (op >> 11) {
    case 0x09: /* LDR literal */
        return span(out, base_of(i, r, PC) + 4 * imm8, 4);
    case 0x0A: /* LDRSB among stores */
        return (op & 0x0600) == 0x0600 && span(out, low + r[bits(op, 6, 3)], 1);
    case 0x0B: /* LDR, LDRH, LDRB, LDRSH by register */
        return span(out, low + r[bits(op, 6, 3)],
                    (op & 0x0600) == 0        ? 4
                    : (op & 0x0600) == 0x0400 ? 1
                                              : 2);
    case 0x0D:
        return span(out, low + 4 * imm5, 4);
    case 0x0F:
        return span(out, low + imm5, 1);
    case 0x11:
        return span(out, low + 2 * imm5, 2);
    case 0x13:
        return span(out, r[SP] + 4 * imm8, 4);
    case 0x17: /* POP */
        return (op & 0x0600) == 0x0400 &&
               span(out, r[SP], 4 * count_ones(op & 0x01FF));
    case 0x19: /* LDM */
        return span(out, r[bits(op, 8, 3)], 4 * count_ones(imm8));
    default:
        return false;
    }
}

/* LDRD, LDREX, LDREXB, LDREXH, TBB, TBH: 1110 100P U1W1 nnnn */
static bool loads_dual(const struct thumb_insn *i, const uint32_t r[16],
                       struct thumb_span *out)
{
    uint32_t base = base_of(i, r, bits(i->first, 0, 4));
    uint32_t offset = 4 * bits(i->second, 0, 8);
    bool index = bits(i->first, 8, 1), up = bits(i->first, 7, 1);
    bool write_back = bits(i->first, 5, 1);

    if (!index && !up && !write_back)
        return span(out, base + offset, 4); /* LDREX */
    if (!index && up && !write_back) {
        uint32_t rm = r[bits(i->second, 0, 4)];
        uint32_t table = bits(i->first, 0, 4) == PC ? i->address + 4 : base;
        switch (bits(i->second, 4, 4)) {
        case 0: /* TBB */
            return span(out, table + rm, 1);
        case 1: /* TBH */
            return span(out, table + 2 * rm, 2);
        case 4: /* LDREXB */
            return span(out, base, 1);
        case 5: /* LDREXH */
            return span(out, base, 2);
        default:
            return false;
        }
    }
    return span(out, !index ? base : up ? base + offset : base - offset, 8);
}

/* LDR, LDRB, LDRH and their signed forms: 1111 100S Uzz1 nnnn */
static bool loads_single(const struct thumb_insn *i, const uint32_t r[16],
                         struct thumb_span *out)
{
    unsigned n = bits(i->first, 0, 4), size = bits(i->first, 5, 2);
    uint32_t base = base_of(i, r, n), bytes = 1u << size;
    uint32_t imm8 = bits(i->second, 0, 8), imm12 = bits(i->second, 0, 12);
    bool preload = bits(i->second, 12, 4) == PC && size != 2;

    if (size == 3 || preload)
        return false;
    if (n == PC)
        return span(out, i->first & 0x80 ? base + imm12 : base - imm12, bytes);
    if (i->first & 0x80)
        return span(out, base + imm12, bytes);
    if (i->second & 0x0800) {
        bool index = bits(i->second, 10, 1), up = bits(i->second, 9, 1);
        return span(out, !index ? base : up ? base + imm8 : base - imm8, bytes);
    }
    return span(out, base + (r[bits(i->second, 0, 4)] << bits(i->second, 4, 2)),
                bytes);
}

/* VLDR, VLDM, VPOP: 1110 110P UDW1 nnnn, coprocessor 10 or 11 */
static bool loads_fp(const struct thumb_insn *i, const uint32_t r[16],
                     struct thumb_span *out)
{
    uint32_t base = base_of(i, r, bits(i->first, 0, 4));
    uint32_t offset = 4 * bits(i->second, 0, 8);
    bool down = bits(i->first, 7, 1) == 0;

    if ((i->first & 0xFF30) == 0xED10) /* VLDR */
        return span(out, down ? base - offset : base + offset,
                    bits(i->second, 8, 1) ? 8 : 4);
    if ((i->first & 0xFE10) == 0xEC10 && (i->first & 0x01A0) != 0)
        return span(out, down ? base - offset : base, offset);
    return false;
}

bool thumb_loads(const struct thumb_insn *i, const uint32_t r[16],
                 struct thumb_span *out)
{
    if (i->bytes == 2)
        return loads_narrow(i, r, out);
    uint32_t n = bits(i->first, 0, 4);
    uint32_t list = 4 * count_ones(i->second);

    if ((i->first & 0xFFD0) == 0xE890) /* LDM */
        return span(out, r[n], list);
    if ((i->first & 0xFFD0) == 0xE910) /* LDMDB */
        return span(out, r[n] - list, list);
    if ((i->first & 0xFE50) == 0xE850)
        return loads_dual(i, r, out);
    if ((i->first & 0xFE10) == 0xF810)
        return loads_single(i, r, out);
    return thumb_is_fp(i) && loads_fp(i, r, out);
}

/* NOP-compatible hints: BFn0, or F3AF 80nn. */
static bool is_hint(const struct thumb_insn *i, unsigned n)
{
    if (i->bytes == 2)
        return i->first == (0xBF00 | n << 4);
    return i->first == 0xF3AF && i->second == (0x8000 | n);
}

bool thumb_is_sev(const struct thumb_insn *i)
{
    return is_hint(i, 4);
}

bool thumb_is_wfe(const struct thumb_insn *i)
{
    return is_hint(i, 2);
}

bool thumb_is_yield(const struct thumb_insn *i)
{
    return is_hint(i, 1);
}

bool thumb_may_trap(uint8_t high_byte)
{
    return high_byte >= 0xFB || (high_byte & 0xFC) == 0xEC;
}

bool thumb_is_fp(const struct thumb_insn *i)
{
    bool coprocessor = (i->first & 0xEC00) == 0xEC00;

    return i->bytes == 4 && coprocessor && (i->second & 0x0E00) == 0x0A00;
}

bool thumb_is_divide(const struct thumb_insn *i, unsigned *divisor)
{
    *divisor = bits(i->second, 0, 4);
    return ((i->first & 0xFFF0) == 0xFB90 || (i->first & 0xFFF0) == 0xFBB0) &&
           (i->second & 0xF0F0) == 0xF0F0;
}
