/* nor.h - the flash through FlexSPI's IP commands, by code in ITCM.
 *
 * Offsets are physical: bytes from the start of the chip, whatever the remap
 * window shows. While the chip is busy, nothing in flash may be touched: mask
 * interrupts between nor_begin_...() and nor_wait().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_NOR_H
#define TERN_TEST_EMU_NOR_H

#include <stdbool.h>
#include <stdint.h>

enum { NOR_SECTOR = 0x1000, NOR_PAGE = 0x100 };

void nor_open(void); /* its own commands into the look-up table */
uint32_t nor_id(void);
uint8_t nor_status(void);
bool nor_busy(void);
void nor_wait(void); /* with interrupts masked; uses SysTick */

void nor_write_enable(void);
void nor_write_disable(void);
/* Without write enable; the chip is busy when they return. */
void nor_begin_erase(uint32_t offset);
/* bytes: a multiple of 8, at most a page. */
void nor_begin_program(uint32_t offset, const uint32_t *words, uint32_t bytes);
/* Write enable, begin, wait, drop what the AHB side has buffered. */
void nor_erase(uint32_t offset);
void nor_program(uint32_t offset, const uint32_t *words, uint32_t bytes);
/* bytes: a multiple of 8, at most a page. */
void nor_read(uint32_t offset, uint32_t *words, uint32_t bytes);

/* Begins an erase and at once reads `at` through the AHB window; answers the
 * polls until the erase was over. */
uint32_t nor_erase_while_reading(uint32_t offset, uint32_t at, uint32_t *seen);

#endif
