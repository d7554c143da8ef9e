/* nor_bench.h - the flash alone on a soc, and the commands of a driver.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_NOR_BENCH_H
#define TERN_TEST_NOR_BENCH_H

#include "emu/nor.h"
#include "test/unit/emu/soc_fixture.h"

enum {
    NOR_READ = 0x03,
    NOR_PROGRAM = 0x02,
    NOR_WRITE_ENABLE = 0x06,
    NOR_WRITE_DISABLE = 0x04,
    NOR_STATUS = 0x05,
    NOR_ERASE_4K = 0x20,
    SECTOR = 0x12000, /* where the tests write */
};

struct nor_bench {
    struct soc_fixture f;
    struct nor *n;
    uint8_t *chip;
    unsigned cuts; /* how often the power went */
    char log_name[64];
};

/* cmocka's set-up and tear-down: power is on, the chip is blank. */
int nor_bench_open(void **state);
int nor_bench_close(void **state);

void nor_send(struct nor_bench *b, uint8_t opcode);
void nor_read_by(struct nor_bench *b, uint8_t opcode, uint32_t address,
                 void *dst, size_t len);
uint8_t nor_read_one(struct nor_bench *b, uint8_t opcode, uint32_t address);
void nor_program_by(struct nor_bench *b, uint8_t opcode, uint32_t address,
                    const void *src, size_t len);
/* With write enable before; do not wait for the end. */
void nor_program(struct nor_bench *b, uint32_t address, const void *src,
                 size_t len);
void nor_erase_by(struct nor_bench *b, uint8_t opcode, uint32_t address);
void nor_write_status(struct nor_bench *b, uint8_t opcode, uint8_t value);

void nor_log_begin(struct nor_bench *b);
/* Ends it; fails the test when it holds other text. */
void nor_log_assert(struct nor_bench *b, const char *text);

bool all_are(const uint8_t *bytes, size_t len, uint8_t value);

#define NOR_CLAIM(name)                                                        \
    cmocka_unit_test_setup_teardown(name, nor_bench_open, nor_bench_close)

#endif
