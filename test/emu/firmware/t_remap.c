/* t_remap.c - the window of IOMUXC_GPR30..32: reads and fetches go elsewhere,
 * commands to the chip do not.
 *
 * Source: i.MX RT1060 Processor Reference Manual, chapter "IOMUX Controller
 * (IOMUXC)", GPR30, GPR31, GPR32. Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "nor.h"
#include "scenario.h"
#include "subjects.h"

REMAP_CLAIMS(CLAIM_PROTOTYPE)

enum {
    SLOT_BYTES = 0x100000,
    SLOT_A = SLOT_A_OFFSET,
    SLOT_B = SLOT_B_OFFSET,
    DISTANCE = SLOT_B - SLOT_A,
};
#define AHB(offset)     REG32(FLASH_BASE + (offset))
#define RETURN_N(n)     (0x47702000u | (n)) /* movs r0, #n; bx lr */
#define MARK(slot, off) (0xA5000000u | (slot) << 4 | (off))

static uint32_t call_slot_a(void)
{
    barrier();
    return ((uint32_t(*)(void))(FLASH_BASE + SLOT_A + 1))();
}

/* Each of the first two sectors of a slot: code that returns n, and a mark. */
static void fill(uint32_t slot, uint32_t n)
{
    for (uint32_t sector = 0; sector < 2; sector++) {
        const uint32_t words[2] = {RETURN_N(n + sector),
                                   MARK(slot, n + sector)};

        nor_erase(slot + sector * NOR_SECTOR);
        nor_program(slot + sector * NOR_SECTOR, words, sizeof words);
    }
}

static void remap(uint32_t start, uint32_t bytes, uint32_t distance)
{
    GPR32_REMAP_OFFSET = 0;
    barrier();
    GPR30_REMAP_START = start;
    GPR31_REMAP_END = start + bytes;
    GPR32_REMAP_OFFSET = distance;
    barrier();
}

static void remap_off(void)
{
    remap(0, 0, 0);
}

static void set_up(void)
{
    remap_off();
    nor_open();
    fill(SLOT_A, 10);
    fill(SLOT_B, 20);
}

static void remapped_reads_show_the_other_slot(void)
{
    set_up();
    expect(MARK(SLOT_A, 10), AHB(SLOT_A + 4));
    remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
    uint32_t remapped = AHB(SLOT_A + 4), plain = AHB(SLOT_B + 4);
    remap_off();

    expect(MARK(SLOT_B, 20), remapped);
    expect(MARK(SLOT_B, 20), plain);
    expect(MARK(SLOT_A, 10), AHB(SLOT_A + 4));
}

static void remapped_fetches_run_the_other_slot(void)
{
    set_up();
    expect(10, call_slot_a());
    remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
    uint32_t remapped = call_slot_a();
    remap_off();

    expect(20, remapped);
    expect(10, call_slot_a());
}

static void remap_on_and_off_never_runs_stale_code(void)
{
    set_up();
    for (unsigned i = 0; i < 50; i++) {
        remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
        expect(20, call_slot_a());
        remap_off();
        expect(10, call_slot_a());
    }
}

static void remap_is_made_of_4_kib_pages(void)
{
    set_up();
    remap(FLASH_BASE + SLOT_A, NOR_SECTOR, DISTANCE);
    uint32_t last_in = AHB(SLOT_A + NOR_SECTOR - 4);
    uint32_t first_in = AHB(SLOT_A + 4), next = AHB(SLOT_A + NOR_SECTOR + 4);
    remap_off();

    expect(MARK(SLOT_B, 20), first_in);
    expect(UINT32_MAX, last_in);
    expect(MARK(SLOT_A, 11), next);
}

static void remap_begins_at_its_start(void)
{
    set_up();
    remap(FLASH_BASE + SLOT_A + NOR_SECTOR, NOR_SECTOR, DISTANCE);
    uint32_t before = AHB(SLOT_A + 4), inside = AHB(SLOT_A + NOR_SECTOR + 4);
    remap_off();

    expect(MARK(SLOT_A, 10), before);
    expect(MARK(SLOT_B, 21), inside);
}

static void remap_registers_read_back_whole_pages(void)
{
    remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
    uint32_t start = GPR30_REMAP_START, end = GPR31_REMAP_END;
    uint32_t distance = GPR32_REMAP_OFFSET;
    remap_off();

    expect(FLASH_BASE + SLOT_A, start & 0xFFFFF000);
    expect(FLASH_BASE + SLOT_A + SLOT_BYTES, end & 0xFFFFF000);
    expect(DISTANCE, distance & 0xFFFFF000);
}

static void commands_reach_the_physical_flash(void)
{
    uint32_t read[2];

    set_up();
    remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
    nor_read(SLOT_A, read, sizeof read);
    remap_off();

    expect(MARK(SLOT_A, 10), read[1]);
}

static void erase_under_the_window_spares_what_is_seen(void)
{
    set_up();
    remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
    nor_erase(SLOT_A);
    uint32_t seen = AHB(SLOT_A + 4);
    remap_off();

    expect(MARK(SLOT_B, 20), seen);
    expect(UINT32_MAX, AHB(SLOT_A + 4));
}

static void rewritten_flash_is_seen_through_the_window(void)
{
    set_up();
    remap(FLASH_BASE + SLOT_A, SLOT_BYTES, DISTANCE);
    uint32_t before = call_slot_a();
    fill(SLOT_B, 30);
    uint32_t after = call_slot_a(), mark = AHB(SLOT_A + 4);
    remap_off();

    expect(20, before);
    expect(30, after);
    expect(MARK(SLOT_B, 30), mark);
}

static const struct claim CLAIMS[] = {REMAP_CLAIMS(CLAIM_ROW)};
const struct subject remap_subject = SUBJECT(CLAIMS);
