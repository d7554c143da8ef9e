/* nor_op.h - what one flash operation does to the chip's bytes, whole or torn.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NOR_OP_H
#define TERN_EMU_NOR_OP_H

#include "emu/board.h"
#include "emu/nor.h"

enum nor_op_kind { NOR_OP_NONE, NOR_OP_ERASE, NOR_OP_PROGRAM, NOR_OP_STATUS };

/* What makes the chip busy. */
struct nor_op {
    enum nor_op_kind kind;
    uint32_t base;  /* of the sector, block, chip or page */
    uint32_t bytes; /* that it drives; a program at most a page */
    uint32_t first; /* program: where in the page the data begins */
    uint8_t data[NOR_PAGE_BYTES];
};

/* Where the i-th byte goes, in the order in which it arrived. */
uint32_t nor_op_address(const struct nor_op *op, uint32_t i);
/* The bytes from op->base on that it may have changed. */
uint32_t nor_op_span(const struct nor_op *op);

/* chip: BOARD_FLASH_BYTES. Byte `from` to before byte `to` are done. */
void nor_op_apply(const struct nor_op *op, uint8_t *chip, uint32_t from,
                  uint32_t to);
/* Of the bits that would change, each does or does not. */
void nor_op_random(const struct nor_op *op, uint8_t *chip, uint64_t seed);
void nor_op_tear(const struct nor_op *op, uint8_t *chip,
                 const struct board_cut *cut);
const char *nor_op_tear_text(enum board_tear tear);

/* How many bytes of a program want bits set, which it cannot. */
uint32_t nor_op_cannot(const struct nor_op *op, const uint8_t *chip);

#endif
