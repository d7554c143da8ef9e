/* flexspi_lut.c - what a look-up table sequence puts on the wires.
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "FlexSPI Controller",
 * sections on the look up table and the programmable sequence engine.
 * The number of pads and of dummy cycles is taken to be what the chip's command
 * wants: a wrong one goes unseen.
 * Tests: test/unit/emu/test_flexspi_lut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/flexspi_lut.h"

#include <string.h>

/* Instruction opcodes; the DDR forms have DDR added, except the jump. */
enum {
    STOP = 0x00,
    CMD = 0x01,
    RADDR = 0x02,
    CADDR = 0x03,
    MODE1 = 0x04,
    MODE2 = 0x05,
    MODE4 = 0x06,
    MODE8 = 0x07,
    WRITE = 0x08,
    READ = 0x09,
    LEARN = 0x0A,
    DATSZ = 0x0B,
    DUMMY = 0x0C,
    DUMMY_RWDS = 0x0D,
    DDR = 0x20,
    JMP_ON_CS = 0x1F,
};

enum { CHIP_ADDRESS_BITS = 24 };

static void see_data(struct flexspi_sequence *q, enum flexspi_data kind,
                     uint8_t bytes)
{
    if (q->data != FLEXSPI_DATA_NONE)
        q->odd = "two data phases";
    q->data = kind;
    q->data_bytes = bytes;
}

static void see(struct flexspi_sequence *q, unsigned opcode, uint8_t operand)
{
    switch (opcode) {
    case CMD:
        if (q->has_address)
            q->odd = "CMD after an address";
        q->sent[q->sent_len++] = operand;
        return;
    case RADDR:
        q->has_address = true;
        if (operand != CHIP_ADDRESS_BITS)
            q->odd = "an address that is not of 24 bits";
        return;
    case MODE8: /* bits 5 and 4 as 1 and 0 ask for it in both makes */
        if ((operand & 0x30) == 0x20)
            q->odd = "continuous read (MODE8)";
        return;
    case MODE1:
    case MODE2:
    case MODE4:
    case DUMMY:
    case DUMMY_RWDS:
        return;
    case WRITE:
        see_data(q, FLEXSPI_DATA_WRITE, operand);
        return;
    case READ:
        see_data(q, FLEXSPI_DATA_READ, operand);
        return;
    case CADDR:
    case LEARN:
    case DATSZ:
        q->odd = "CADDR, LEARN or DATSZ";
        return;
    default:
        q->error = FLEXSPI_ERROR_UNKNOWN;
        return;
    }
}

static unsigned instruction(const uint32_t *words, unsigned i)
{
    return words[i / 2] >> (i % 2 * 16) & 0xFFFF;
}

static unsigned opcode_of(unsigned instruction)
{
    return instruction >> 10;
}

static bool is_dummy(unsigned opcode)
{
    opcode &= ~(unsigned)DDR;
    return opcode == DUMMY || opcode == DUMMY_RWDS;
}

static bool has_ddr(const uint32_t *words)
{
    for (unsigned i = 0; i < FLEXSPI_INSTRUCTIONS; i++) {
        unsigned opcode = opcode_of(instruction(words, i));
        if (opcode == STOP)
            return false;
        if ((opcode & DDR) && !is_dummy(opcode))
            return true;
    }
    return false;
}

void flexspi_decode(struct flexspi_sequence *out,
                    const uint32_t words[FLEXSPI_SEQUENCE_WORDS])
{
    bool ddr = has_ddr(words);

    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < FLEXSPI_INSTRUCTIONS && !out->error; i++) {
        unsigned word = instruction(words, i);
        unsigned opcode = opcode_of(word);
        if (opcode == STOP)
            break;
        if (opcode == JMP_ON_CS)
            out->error = FLEXSPI_ERROR_JMP_ON_CS;
        else
            see(out, opcode & ~(unsigned)DDR, (uint8_t)word);
        if (is_dummy(opcode) && ddr != ((opcode & DDR) != 0))
            out->error =
                ddr ? FLEXSPI_ERROR_SDR_DUMMY : FLEXSPI_ERROR_DDR_DUMMY;
    }
    if (ddr && out->error == FLEXSPI_ERROR_NONE)
        out->odd = "double data rate";
}
