/* t_flash.c - the flash through FlexSPI: what a driver does all day. The fine
 * points of the chip have unit tests, test/unit/emu/test_nor.c.
 *
 * Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "nor.h"
#include "scenario.h"
#include "subjects.h"

FLASH_CLAIMS(CLAIM_PROTOTYPE)

enum {
    SCRATCH = SCRATCH_OFFSET,
    OTHER_SECTOR = SCRATCH_OFFSET + NOR_SECTOR,
    STATUS_WEL = 2,
};
#define AHB(offset) REG32(FLASH_BASE + (offset))

static const uint32_t pattern[8] = {0x03020100, 0x07060504, 0x0B0A0908,
                                    0x0F0E0D0C, 0x13121110, 0x17161514,
                                    0x1B1A1918, 0x1F1E1D1C};

static void erase_scratch(void)
{
    nor_open();
    nor_erase(SCRATCH);
}

static void chip_tells_its_capacity(void)
{
    nor_open();

    expect(23, nor_id() >> 16); /* 2^23 bytes */
}

static void erase_sets_a_whole_sector_to_ones(void)
{
    erase_scratch();

    for (uint32_t at = 0; at < NOR_SECTOR; at += 4)
        expect(UINT32_MAX, AHB(SCRATCH + at));
}

static void program_is_seen_by_both_sides(void)
{
    uint32_t read[8] = {0};

    erase_scratch();
    nor_program(SCRATCH + 32, pattern, sizeof pattern);
    nor_read(SCRATCH + 32, read, sizeof read);

    for (unsigned i = 0; i < 8; i++) {
        expect(pattern[i], AHB(SCRATCH + 32 + 4 * i));
        expect(pattern[i], read[i]);
    }
    expect(UINT32_MAX, AHB(SCRATCH + 28));
    expect(UINT32_MAX, AHB(SCRATCH + 64));
}

static void program_only_clears_bits(void)
{
    const uint32_t first[2] = {0xFFFF00FF, 0xF0F0F0F0};
    const uint32_t second[2] = {0xFF00FFFF, 0xFF00FF00};

    erase_scratch();
    nor_program(SCRATCH, first, sizeof first);
    nor_program(SCRATCH, second, sizeof second);

    expect(0xFF0000FF, AHB(SCRATCH));
    expect(0xF000F000, AHB(SCRATCH + 4));
}

static void program_wraps_inside_its_page(void)
{
    erase_scratch();
    nor_program(SCRATCH + NOR_PAGE - 16, pattern, sizeof pattern);

    expect(pattern[0], AHB(SCRATCH + NOR_PAGE - 16));
    expect(pattern[3], AHB(SCRATCH + NOR_PAGE - 4));
    expect(pattern[4], AHB(SCRATCH));
    expect(pattern[7], AHB(SCRATCH + 12));
    expect(UINT32_MAX, AHB(SCRATCH + NOR_PAGE));
}

static void erase_needs_write_enable(void)
{
    erase_scratch();
    nor_program(SCRATCH, pattern, sizeof pattern);
    nor_begin_erase(SCRATCH);
    expect(false, nor_busy());

    expect(pattern[0], AHB(SCRATCH));
}

static void write_enable_is_used_up(void)
{
    nor_open();
    nor_write_enable();
    expect(STATUS_WEL, nor_status() & STATUS_WEL);
    nor_write_disable();
    expect(0, nor_status() & STATUS_WEL);
    erase_scratch();

    expect(0, nor_status() & STATUS_WEL);
}

static void erase_takes_its_time(void)
{
    uint32_t seen;

    erase_scratch();
    DEMCR |= DEMCR_TRCENA;
    DWT_LAR = DWT_LAR_UNLOCK;
    DWT_CTRL |= DWT_CYCCNTENA;
    uint32_t from = DWT_CYCCNT;
    uint32_t polls = nor_erase_while_reading(SCRATCH, 0x20000000, &seen);
    uint32_t cycles = DWT_CYCCNT - from;

    expect_true(polls > 10);
    expect_range(528000, 528000 * 400, cycles); /* 1 ms to 400 ms */
}

static void read_while_busy_is_wrong_and_right_afterwards(void)
{
    uint32_t seen;

    erase_scratch();
    nor_erase(OTHER_SECTOR);
    nor_program(OTHER_SECTOR, pattern, sizeof pattern);
    expect(pattern[0], AHB(OTHER_SECTOR));
    nor_erase_while_reading(SCRATCH, FLASH_BASE + OTHER_SECTOR, &seen);

    expect_true(seen != pattern[0]);
    expect(pattern[0], AHB(OTHER_SECTOR));
}

static void code_in_rewritten_flash_runs_as_rewritten(void)
{
    const uint32_t seven[2] = {0x47702007, UINT32_MAX}; /* return 7 */
    const uint32_t three[2] = {0x47702003, UINT32_MAX};
    uint32_t (*code)(void) = (uint32_t(*)(void))(FLASH_BASE + SCRATCH + 1);

    erase_scratch();
    nor_program(SCRATCH, seven, sizeof seven);
    barrier();
    expect(7, code());
    nor_program(SCRATCH, three, sizeof three); /* bits only clear */
    barrier();

    expect(3, code());
}

static const struct claim CLAIMS[] = {FLASH_CLAIMS(CLAIM_ROW)};
const struct subject flash_subject = SUBJECT(CLAIMS);
