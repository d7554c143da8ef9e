/* nor_bench.c - the flash alone on a soc, see nor_bench.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/emu/nor_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void count_cut(void *ctx)
{
    ((struct nor_bench *)ctx)->cuts++;
}

int nor_bench_open(void **state)
{
    static struct nor_bench b;

    fixture_open(&b.f, 7);
    b.chip = memory_chip(soc_memory(b.f.s));
    b.n = nor_new(b.f.s, b.chip);
    fixture_reset(&b.f, SOC_RESET_POWER);
    nor_reset(b.n);
    nor_on_cut(b.n, count_cut, &b);
    b.cuts = 0;
    *state = &b;
    return 0;
}

int nor_bench_close(void **state)
{
    struct nor_bench *b = *state;

    fixture_close(&b->f);
    return 0;
}

void nor_send(struct nor_bench *b, uint8_t opcode)
{
    nor_command(b->n, &(struct nor_command){.opcode = opcode});
}

void nor_read_by(struct nor_bench *b, uint8_t opcode, uint32_t address,
                 void *dst, size_t len)
{
    nor_command(b->n, &(struct nor_command){.opcode = opcode,
                                            .address = address,
                                            .out = dst,
                                            .out_len = len});
}

uint8_t nor_read_one(struct nor_bench *b, uint8_t opcode, uint32_t address)
{
    uint8_t value;

    nor_read_by(b, opcode, address, &value, 1);
    return value;
}

void nor_program_by(struct nor_bench *b, uint8_t opcode, uint32_t address,
                    const void *src, size_t len)
{
    nor_command(b->n, &(struct nor_command){.opcode = opcode,
                                            .address = address,
                                            .in = src,
                                            .in_len = len});
}

void nor_program(struct nor_bench *b, uint32_t address, const void *src,
                 size_t len)
{
    nor_send(b, NOR_WRITE_ENABLE);
    nor_program_by(b, NOR_PROGRAM, address, src, len);
}

void nor_erase_by(struct nor_bench *b, uint8_t opcode, uint32_t address)
{
    nor_send(b, NOR_WRITE_ENABLE);
    nor_command(b->n,
                &(struct nor_command){.opcode = opcode, .address = address});
}

void nor_write_status(struct nor_bench *b, uint8_t opcode, uint8_t value)
{
    nor_program_by(b, opcode, 0, &value, 1);
}

void nor_log_begin(struct nor_bench *b)
{
    strcpy(b->log_name, "/tmp/tern-nor-log-XXXXXX");
    close(mkstemp(b->log_name));
    assert_true(nor_log(b->n, b->log_name));
}

void nor_log_assert(struct nor_bench *b, const char *text)
{
    char got[512] = "";

    assert_true(nor_log(b->n, NULL));
    FILE *log = fopen(b->log_name, "r");
    assert_non_null(log);
    assert_true(fread(got, 1, sizeof got - 1, log) > 0);
    fclose(log);
    unlink(b->log_name);
    assert_string_equal(got, text);
}

bool all_are(const uint8_t *bytes, size_t len, uint8_t value)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != value)
            return false;
    return true;
}
