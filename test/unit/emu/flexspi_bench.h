/* flexspi_bench.h - the FlexSPI with the flash behind it on a soc, and a driver
 * that does a flash driver's accesses in their usual order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_FLEXSPI_BENCH_H
#define TERN_TEST_FLEXSPI_BENCH_H

#include "emu/nor.h"
#include "test/unit/emu/soc_fixture.h"

enum {
    BASE = 0x402A8000,
    IRQ = 108,
    MCR0 = 0x00,
    MCR2 = 0x08,
    INTEN = 0x10,
    INTR = 0x14,
    LUTKEY = 0x18,
    LUTCR = 0x1C,
    FLSHCR0 = 0x60,
    FLSHCR2 = 0x80,
    IPCR0 = 0xA0,
    IPCR1 = 0xA4,
    IPCMD = 0xB0,
    IPRXFCR = 0xB8,
    IPTXFCR = 0xBC,
    DLLCR = 0xC0,
    STS0 = 0xE0,
    STS1 = 0xE4,
    STS2 = 0xE8,
    IPRXFSTS = 0xF0,
    IPTXFSTS = 0xF4,
    RFDR = 0x100,
    TFDR = 0x180,
    LUT = 0x200,

    DONE = 0x01,
    ERROR = 0x08,
    RX_WATERMARK = 0x20,
    TX_WATERMARK = 0x40,

    KEY = 0x5AF05AF0,
    SECTOR = 0x12000,
    POLLS = 100000,
};

/* Sequences of the driver's table; 0 is the ROM's. */
enum flexspi_seq {
    SEQ_QUAD_READ,
    SEQ_STATUS,
    SEQ_WRITE_ENABLE,
    SEQ_ERASE,
    SEQ_PROGRAM,
    SEQ_ID,
    SEQ_WRITE_STATUS,
    SEQ_JUMP,
    SEQ_UNKNOWN,
    SEQ_SDR_DUMMY,
    SEQ_DDR_DUMMY,
    SEQ_STATUS_BYTE,
    SEQ_EMPTY,
};

extern const uint32_t FLEXSPI_LUT[16][4];

struct flexspi_bench {
    struct soc_fixture f;
    struct nor *n;
    uint8_t *chip;
};

/* cmocka's set-up and tear-down: power is on, the LUT loaded and locked. Each
 * function below fails the test when what it waits for does not come. */
uint32_t flexspi_get(struct flexspi_bench *b, uint32_t off);
void flexspi_put(struct flexspi_bench *b, uint32_t off, uint32_t value);
void flexspi_or(struct flexspi_bench *b, uint32_t off, uint32_t bits);
int flexspi_bench_open(void **state);
int flexspi_bench_close(void **state);
void flexspi_set_watermark(struct flexspi_bench *b, uint32_t control,
                           uint32_t bytes);
void flexspi_start(struct flexspi_bench *b, enum flexspi_seq seq,
                   uint32_t address, size_t size);
void flexspi_wait_for(struct flexspi_bench *b, uint32_t bit);
void flexspi_receive(struct flexspi_bench *b, uint8_t *dst, size_t size);
void flexspi_transmit(struct flexspi_bench *b, const uint8_t *src, size_t size);
void flexspi_command(struct flexspi_bench *b, enum flexspi_seq seq,
                     uint32_t address);
void flexspi_read_by(struct flexspi_bench *b, enum flexspi_seq seq,
                     uint32_t address, void *dst, size_t size);
void flexspi_write_by(struct flexspi_bench *b, enum flexspi_seq seq,
                      uint32_t address, const void *src, size_t size);
void flexspi_wait_chip(struct flexspi_bench *b);
void flexspi_erase(struct flexspi_bench *b, uint32_t address);
void flexspi_program(struct flexspi_bench *b, uint32_t address, const void *src,
                     size_t size);
void flexspi_fill(uint8_t *dst, size_t size, unsigned step);

#define FLEXSPI_CLAIM(name)                                                    \
    cmocka_unit_test_setup_teardown(name, flexspi_bench_open,                  \
                                    flexspi_bench_close)

#endif
