/* nor_op.c - erase and program as functions on bytes. Start at nor_op_tear().
 *
 * A torn operation leaves each bit that it drives old or new and touches no
 * other bit. That is an assumption which no silicon has confirmed: a real cell
 * may also read differently from one time to the next.
 * Tests: test/unit/emu/test_nor_cut.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/nor_op.h"

#include "emu/random.h"

uint32_t nor_op_address(const struct nor_op *op, uint32_t i)
{
    if (op->kind == NOR_OP_PROGRAM)
        return op->base + (op->first + i) % NOR_PAGE_BYTES;
    return op->base + i;
}

uint32_t nor_op_span(const struct nor_op *op)
{
    return op->kind == NOR_OP_PROGRAM ? NOR_PAGE_BYTES : op->bytes;
}

static uint8_t result(const struct nor_op *op, uint32_t i, uint8_t old)
{
    return op->kind == NOR_OP_PROGRAM ? (uint8_t)(old & op->data[i]) : 0xFF;
}

void nor_op_apply(const struct nor_op *op, uint8_t *chip, uint32_t from,
                  uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        uint8_t *byte = &chip[nor_op_address(op, i)];
        *byte = result(op, i, *byte);
    }
}

void nor_op_random(const struct nor_op *op, uint8_t *chip, uint64_t seed)
{
    for (uint32_t i = 0; i < op->bytes; i++) {
        uint8_t *byte = &chip[nor_op_address(op, i)];
        unsigned change = *byte ^ result(op, i, *byte);
        *byte ^= (uint8_t)(change & random_next(&seed));
    }
}

void nor_op_tear(const struct nor_op *op, uint8_t *chip,
                 const struct board_cut *cut)
{
    uint32_t bytes = op->bytes;

    switch (cut->tear) {
    case BOARD_TEAR_NOTHING:
        break;
    case BOARD_TEAR_ALL:
        nor_op_apply(op, chip, 0, bytes);
        break;
    case BOARD_TEAR_FIRST_HALF:
        nor_op_apply(op, chip, 0, bytes / 2);
        break;
    case BOARD_TEAR_SECOND_HALF:
        nor_op_apply(op, chip, bytes / 2, bytes);
        break;
    case BOARD_TEAR_BYTES:
        nor_op_apply(op, chip, 0, cut->bytes < bytes ? cut->bytes : bytes);
        break;
    case BOARD_TEAR_RANDOM:
        nor_op_random(op, chip, cut->seed);
        break;
    }
}

const char *nor_op_tear_text(enum board_tear tear)
{
    switch (tear) {
    case BOARD_TEAR_NOTHING:
        return "nothing";
    case BOARD_TEAR_ALL:
        return "all";
    case BOARD_TEAR_FIRST_HALF:
        return "first-half";
    case BOARD_TEAR_SECOND_HALF:
        return "second-half";
    case BOARD_TEAR_BYTES:
        return "bytes";
    case BOARD_TEAR_RANDOM:
        return "random";
    }
    return "?";
}

uint32_t nor_op_cannot(const struct nor_op *op, const uint8_t *chip)
{
    uint32_t bytes = 0;

    for (uint32_t i = 0; i < op->bytes; i++)
        if (op->data[i] & ~chip[nor_op_address(op, i)])
            bytes++;
    return bytes;
}
