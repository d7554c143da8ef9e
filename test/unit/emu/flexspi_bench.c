/* flexspi_bench.c - a driver for the FlexSPI, see flexspi_bench.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/flexspi_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emu/peripherals.h"

#define INSTRUCTIONS(op0, pads0, value0, op1, pads1, value1)                   \
    ((uint32_t)((op0) << 10 | (pads0) << 8 | (value0)) |                       \
     (uint32_t)((op1) << 10 | (pads1) << 8 | (value1)) << 16)

const uint32_t FLEXSPI_LUT[16][4] = {
    [SEQ_QUAD_READ] = {INSTRUCTIONS(1, 0, 0xEB, 2, 2, 24),
                       INSTRUCTIONS(0x0C, 2, 6, 9, 2, 4)},
    [SEQ_STATUS] = {INSTRUCTIONS(1, 0, 0x05, 9, 0, 4)},
    [SEQ_WRITE_ENABLE] = {INSTRUCTIONS(1, 0, 0x06, 0, 0, 0)},
    [SEQ_ERASE] = {INSTRUCTIONS(1, 0, 0x20, 2, 0, 24)},
    [SEQ_PROGRAM] = {INSTRUCTIONS(1, 0, 0x32, 2, 0, 24),
                     INSTRUCTIONS(8, 2, 4, 0, 0, 0)},
    [SEQ_ID] = {INSTRUCTIONS(1, 0, 0x9F, 9, 0, 3)},
    [SEQ_WRITE_STATUS] = {INSTRUCTIONS(1, 0, 0x01, 8, 0, 4)},
    [SEQ_JUMP] = {INSTRUCTIONS(1, 0, 0x06, 0x1F, 0, 0)},
    [SEQ_UNKNOWN] = {INSTRUCTIONS(1, 0, 0x06, 0x15, 0, 0)},
    [SEQ_SDR_DUMMY] = {INSTRUCTIONS(0x21, 3, 0x06, 0x0C, 3, 4)},
    [SEQ_DDR_DUMMY] = {INSTRUCTIONS(1, 0, 0x06, 0x2C, 0, 4)},
    [SEQ_STATUS_BYTE] = {INSTRUCTIONS(1, 0, 0x01, 1, 0, 0x80)},
};

uint32_t flexspi_get(struct flexspi_bench *b, uint32_t off)
{
    return fixture_read(&b->f, BASE + off);
}

void flexspi_put(struct flexspi_bench *b, uint32_t off, uint32_t value)
{
    fixture_write(&b->f, BASE + off, value);
}

void flexspi_or(struct flexspi_bench *b, uint32_t off, uint32_t bits)
{
    flexspi_put(b, off, flexspi_get(b, off) | bits);
}

static void load_lut(struct flexspi_bench *b)
{
    flexspi_put(b, LUTKEY, KEY);
    flexspi_put(b, LUTCR, 2);
    for (uint32_t i = 0; i < 64; i++)
        flexspi_put(b, LUT + 4 * i, FLEXSPI_LUT[i / 4][i % 4]);
    flexspi_put(b, LUTKEY, KEY);
    flexspi_put(b, LUTCR, 1);
}

int flexspi_bench_open(void **state)
{
    static struct flexspi_bench b;

    fixture_open(&b.f, 7);
    b.chip = memory_chip(soc_memory(b.f.s));
    b.n = nor_new(b.f.s, b.chip);
    flexspi_add(b.f.s, b.n);
    fixture_reset(&b.f, SOC_RESET_POWER);
    load_lut(&b);
    *state = &b;
    return 0;
}

int flexspi_bench_close(void **state)
{
    struct flexspi_bench *b = *state;

    fixture_close(&b->f);
    return 0;
}

void flexspi_set_watermark(struct flexspi_bench *b, uint32_t control,
                           uint32_t bytes)
{
    flexspi_put(b, control, (bytes / 8 - 1) << 2);
}

void flexspi_start(struct flexspi_bench *b, enum flexspi_seq seq,
                   uint32_t address, size_t size)
{
    flexspi_or(b, FLSHCR2, 0x80000000); /* CLRINSTRPTR */
    flexspi_put(b, INTR, 0x1F);
    flexspi_put(b, IPCR0, address);
    flexspi_or(b, IPTXFCR, 1);
    flexspi_or(b, IPRXFCR, 1);
    flexspi_put(b, IPCR1, (uint32_t)size | (uint32_t)seq << 16);
    flexspi_or(b, IPCMD, 1);
}

void flexspi_wait_for(struct flexspi_bench *b, uint32_t bit)
{
    for (int i = 0; i < POLLS; i++)
        if (flexspi_get(b, INTR) & bit)
            return;
    fail_msg("INTR bit 0x%X never came", bit);
}

static size_t watermark(struct flexspi_bench *b, uint32_t control)
{
    size_t level = flexspi_get(b, control) >> 2 & 15;

    return (level + 1) * 8;
}

void flexspi_receive(struct flexspi_bench *b, uint8_t *dst, size_t size)
{
    size_t mark = watermark(b, IPRXFCR);

    while (size > 0) {
        size_t part = size < mark ? size : mark;
        if (part == mark)
            flexspi_wait_for(b, RX_WATERMARK);
        else
            assert_in_range(flexspi_get(b, IPRXFSTS) & 0xFF, (part + 7) / 8,
                            16);
        for (size_t i = 0; i < part; i++)
            dst[i] = (uint8_t)(flexspi_get(b, RFDR + (uint32_t)(i & ~3u)) >>
                               (i % 4 * 8));
        flexspi_put(b, INTR, RX_WATERMARK);
        dst += part;
        size -= part;
    }
}

void flexspi_transmit(struct flexspi_bench *b, const uint8_t *src, size_t size)
{
    size_t mark = watermark(b, IPTXFCR);

    while (size > 0) {
        size_t part = size < mark ? size : mark;
        flexspi_wait_for(b, TX_WATERMARK);
        for (size_t i = 0; i < part; i += 4) {
            uint32_t word = 0;
            for (size_t j = 0; j < 4 && i + j < part; j++)
                word |= (uint32_t)src[i + j] << (8 * j);
            flexspi_put(b, TFDR + (uint32_t)i, word);
        }
        flexspi_put(b, INTR, TX_WATERMARK);
        src += part;
        size -= part;
    }
}

void flexspi_command(struct flexspi_bench *b, enum flexspi_seq seq,
                     uint32_t address)
{
    flexspi_start(b, seq, address, 0);
    flexspi_wait_for(b, DONE);
    assert_int_equal(flexspi_get(b, INTR) & ERROR, 0);
}

void flexspi_read_by(struct flexspi_bench *b, enum flexspi_seq seq,
                     uint32_t address, void *dst, size_t size)
{
    flexspi_start(b, seq, address, size);
    flexspi_receive(b, dst, size);
    flexspi_wait_for(b, DONE);
}

void flexspi_write_by(struct flexspi_bench *b, enum flexspi_seq seq,
                      uint32_t address, const void *src, size_t size)
{
    flexspi_start(b, seq, address, size);
    flexspi_transmit(b, src, size);
    flexspi_wait_for(b, DONE);
}

void flexspi_wait_chip(struct flexspi_bench *b)
{
    uint8_t status = NOR_STATUS_WIP;

    for (int i = 0; i < POLLS && (status & NOR_STATUS_WIP); i++) {
        flexspi_read_by(b, SEQ_STATUS, 0, &status, 1);
        fixture_wait_us(&b->f, 10);
    }
    assert_int_equal(status & NOR_STATUS_WIP, 0);
}

void flexspi_erase(struct flexspi_bench *b, uint32_t address)
{
    flexspi_command(b, SEQ_WRITE_ENABLE, address);
    flexspi_command(b, SEQ_ERASE, address);
    flexspi_wait_chip(b);
    flexspi_or(b, MCR0, 1);
    assert_int_equal(flexspi_get(b, MCR0) & 1, 0);
}

void flexspi_program(struct flexspi_bench *b, uint32_t address, const void *src,
                     size_t size)
{
    flexspi_command(b, SEQ_WRITE_ENABLE, address);
    flexspi_write_by(b, SEQ_PROGRAM, address, src, size);
    flexspi_wait_chip(b);
    flexspi_or(b, MCR0, 1);
}

void flexspi_fill(uint8_t *dst, size_t size, unsigned step)
{
    for (size_t i = 0; i < size; i++)
        dst[i] = (uint8_t)(i * step + i / 256);
}
